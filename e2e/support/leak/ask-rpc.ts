/** Everything that CometBFT's RPC says: every call, all of every store, all events of a WebSocket. */
import { WebSocket } from "ws";
import { storeNames } from "../../../packages/app/src/store-names.ts";
import { inParallel } from "./ask-services.ts";
import { type Evidence, evidence } from "./evidence.ts";
import type { KnownOfChain } from "./samples.ts";

interface Call {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const BATCH = 50;
const PAGE = 100;

export async function askRpc(url: string, known: KnownOfChain): Promise<Evidence[]> {
  const calls = [...plainCalls(), ...blockCalls(known), ...txCalls(known), ...storeCalls()];
  const batches = Array.from({ length: Math.ceil(calls.length / BATCH) }, (_, index) =>
    calls.slice(index * BATCH, (index + 1) * BATCH),
  );
  const pieces = await inParallel(batches, async (batch) => {
    const answers = await post(url, batch);
    return answers.flatMap((answer, index) => piecesOf(batch[index], answer));
  });
  return [...pieces.flat(), ...(await askKeys(url, pieces.flat()))];
}

function plainCalls(): Call[] {
  const names =
    "health status net_info blockchain genesis genesis_chunked validators dump_consensus_state consensus_state consensus_params unconfirmed_txs num_unconfirmed_txs abci_info no_such_call broadcast_evidence";
  return names.split(" ").map((method) => ({ method, params: {} }));
}

function blockCalls({ latestHeight }: KnownOfChain): Call[] {
  const methods = ["block", "block_results", "commit", "header", "validators", "consensus_params"];
  return Array.from({ length: latestHeight }, (_, index) =>
    methods.map((method) => ({ method, params: { height: `${index + 1}` } })),
  ).flat();
}

function txCalls({ txHashes, tx }: KnownOfChain): Call[] {
  const found = txHashes.map((hash) => ({
    method: "tx",
    params: { hash: Buffer.from(hash, "hex").toString("base64"), prove: true },
  }));
  const pages = [1, 2, 3].flatMap((page) => [
    { method: "tx_search", params: { query: "tx.height>0", page: `${page}`, per_page: `${PAGE}` } },
    {
      method: "block_search",
      params: { query: "block.height>0", page: `${page}`, per_page: `${PAGE}` },
    },
  ]);
  const again = ["check_tx", "broadcast_tx_sync", "broadcast_tx_async"].map((method) => ({
    method,
    params: { tx },
  }));
  return [...found, ...pages, ...again];
}

/** All pairs of all stores: by each first byte that a key can have. */
function storeCalls(): Call[] {
  return storeNames.flatMap((name) =>
    Array.from({ length: 256 }, (_, byte) => ({
      method: "abci_query",
      params: {
        path: `/store/${name}/subspace`,
        data: byte.toString(16).padStart(2, "0"),
      },
    })),
  );
}

/** Each record of the stores of contracts by its key, with proofs. */
async function askKeys(url: string, pieces: readonly Evidence[]): Promise<Evidence[]> {
  const calls = pieces
    .filter(({ place }) => /^pairs \/store\/(private|compute)\//.test(place))
    .flatMap(({ place, bytes }) =>
      keysOf(bytes).map((key) => ({
        method: "abci_query",
        params: {
          path: place.replace(/^pairs (.*)\/subspace.*$/, "$1/key"),
          data: Buffer.from(key).toString("hex"),
          prove: true,
        },
      })),
    );
  const answered = await inParallel(calls, async (call) =>
    piecesOf(call, (await post(url, [call]))[0]),
  );
  return answered.flat();
}

/** The answer as it came and, where it holds bytes of a store, these as they are. */
function piecesOf(call: Call | undefined, answer: unknown): Evidence[] {
  const place = `${call?.method} ${JSON.stringify(call?.params)}`;
  const value = (answer as { result?: { response?: { value?: string } } }).result?.response?.value;
  const path = call?.params.path;
  if (typeof path !== "string") return [evidence(`rpc ${place}`, JSON.stringify(answer))];
  if (!value) return [];
  const bytes = Buffer.from(value, "base64");
  return [
    evidence(`rpc ${place}`, JSON.stringify(answer)),
    evidence(`pairs ${path} ${call?.params.data}`, bytes),
  ];
}

/** `Pairs{1 repeated Pair{1 key, 2 value}}`. */
function keysOf(pairs: Uint8Array): Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (let at = 0; at < pairs.length; ) {
    const pair = lengthAt(pairs, at + 1);
    const key = lengthAt(pairs, pair.next + 1);
    keys.push(pairs.slice(key.next, key.next + key.length));
    at = pair.next + pair.length;
  }
  return keys;
}

function lengthAt(
  bytes: Uint8Array,
  at: number,
): { readonly length: number; readonly next: number } {
  let length = 0;
  for (let next = at, shift = 0; ; next++, shift += 7) {
    const byte = bytes[next] ?? 0;
    length += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { length, next: next + 1 };
  }
}

async function post(url: string, calls: readonly Call[]): Promise<unknown[]> {
  const body = calls.map((call, id) => ({ jsonrpc: "2.0", id, ...call }));
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const answers = (await response.json()) as { readonly id: number }[];
  return answers.sort((a, b) => a.id - b.id);
}

/** Listens to everything from now on. */
export class EventListener {
  readonly #socket: WebSocket;
  readonly #pieces: Evidence[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => this.#pieces.push(evidence("websocket", `${data}`)));
  }

  static async open(rpc: string): Promise<EventListener> {
    const socket = new WebSocket(`${rpc.replace("http", "ws")}/websocket`);
    await new Promise((resolve) => socket.once("open", resolve));
    const listener = new EventListener(socket);
    const events = "NewBlock NewBlockHeader NewBlockEvents Tx ValidatorSetUpdates NewEvidence";
    events.split(" ").forEach((event, id) => {
      const params = { query: `tm.event='${event}'` };
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: "subscribe", params }));
    });
    return listener;
  }

  close(): readonly Evidence[] {
    this.#socket.close();
    return this.#pieces;
  }
}
