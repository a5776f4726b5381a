/**
 * A small but real application: transactions `key=value` in a map whose hash is the app hash,
 * kept in one file that is replaced atomically at commit. `val:<hex key>=<power>` changes the
 * validator set, `gas=<n>` the gas of a block, `keep=<n>` how many blocks consensus keeps.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { sha256 } from "@tacit/crypto";
import type {
  Application,
  ConsensusParams,
  ExecTxResult,
  FinalizeBlockRequest,
  FinalizeBlockResponse,
  InfoResponse,
  InitChainRequest,
  QueryRequest,
  QueryResponse,
  ValidatorUpdate,
} from "@tacit/sdk";
import { DEFAULT_CONSENSUS_PARAMS } from "../src/embedded/params.ts";

interface Saved {
  readonly height: string;
  readonly entries: readonly (readonly [string, string])[];
}

const EMPTY = new Uint8Array(0);

export class CounterApp implements Application {
  readonly requests: FinalizeBlockRequest[] = [];
  readonly #file: string;
  #height = 0n;
  #committed = new Map<string, string>();
  #working = new Map<string, string>();
  #workingHeight = 0n;
  /** Sequence numbers seen by CheckTx since the last commit. */
  #checked = new Set<string>();

  constructor(file: string) {
    this.#file = file;
    if (!existsSync(file)) return;
    const saved = JSON.parse(readFileSync(file, "utf8")) as Saved;
    this.#height = BigInt(saved.height);
    this.#committed = new Map(saved.entries);
  }

  get entries(): ReadonlyMap<string, string> {
    return this.#committed;
  }

  async info(): Promise<InfoResponse> {
    return {
      data: "counter",
      version: "1",
      appVersion: 0n,
      lastBlockHeight: this.#height,
      lastBlockAppHash: this.#height === 0n ? EMPTY : hashOf(this.#committed),
    };
  }

  async initChain(request: InitChainRequest) {
    const state = JSON.parse(new TextDecoder().decode(request.appStateBytes));
    this.#committed = new Map(Object.entries(state as Record<string, string>));
    return { consensusParams: undefined, validators: [], appHash: hashOf(this.#committed) };
  }

  async query({ path, data }: QueryRequest): Promise<QueryResponse> {
    const value = this.#committed.get(new TextDecoder().decode(data));
    return {
      code: path === "/key" ? 0 : 6,
      log: path === "/key" ? "" : "unknown path",
      info: "",
      index: 0n,
      key: data,
      value: value === undefined ? EMPTY : new TextEncoder().encode(value),
      proofOps: undefined,
      height: this.#height,
      codespace: path === "/key" ? "" : "counter",
    };
  }

  async checkTx({ tx, recheck }: { tx: Uint8Array; recheck: boolean }): Promise<ExecTxResult> {
    const text = new TextDecoder().decode(tx);
    const [key] = text.split("=");
    const result: ExecTxResult = { ...execute(text), data: EMPTY, events: [] };
    const isTaken = key?.startsWith("once") && this.#committed.has(key);
    if (isTaken) return { ...result, code: 7, log: "taken", codespace: "counter" };
    if (!recheck && this.#checked.has(text)) return { ...result, code: 8, codespace: "counter" };
    this.#checked.add(text);
    return result;
  }

  async prepareProposal({ txs, maxTxBytes }: { txs: readonly Uint8Array[]; maxTxBytes: bigint }) {
    if (maxTxBytes <= 0n) throw new RangeError("no room");
    return { txs };
  }

  async processProposal() {
    return { accept: true };
  }

  async finalizeBlock(request: FinalizeBlockRequest): Promise<FinalizeBlockResponse> {
    this.requests.push(request);
    this.#working = new Map(this.#committed);
    this.#workingHeight = request.height;
    const validatorUpdates: ValidatorUpdate[] = [];
    let consensusParamUpdates: ConsensusParams | undefined;
    const txResults = request.txs.map((tx) => {
      const text = new TextDecoder().decode(tx);
      const result = execute(text);
      const [key = "", value = ""] = text.split("=");
      if (result.code !== 0) return result;
      this.#working.set(key, value);
      if (key.startsWith("val:")) {
        const publicKey = Uint8Array.from(Buffer.from(key.slice(4), "hex"));
        validatorUpdates.push({ keyType: "ed25519", publicKey, power: BigInt(value) });
      }
      if (key === "gas") {
        const block = { maxBytes: DEFAULT_CONSENSUS_PARAMS.block.maxBytes, maxGas: BigInt(value) };
        consensusParamUpdates = { ...DEFAULT_CONSENSUS_PARAMS, block, version: { app: 2n } };
      }
      return result;
    });
    const absent = request.decidedLastCommit.votes.filter((vote) => vote.blockIdFlag === 1);
    const events = absent.map(({ address }) => ({
      type: "liveness",
      attributes: [{ key: "address", value: Buffer.from(address).toString("hex"), index: true }],
    }));
    const appHash = hashOf(this.#working);
    return { events, txResults, validatorUpdates, consensusParamUpdates, appHash };
  }

  async commit() {
    this.#committed = this.#working;
    this.#height = this.#workingHeight;
    this.#checked.clear();
    const saved: Saved = { height: `${this.#height}`, entries: [...this.#committed] };
    writeFileSync(`${this.#file}.new`, JSON.stringify(saved));
    renameSync(`${this.#file}.new`, this.#file);
    const keep = this.#committed.get("keep");
    return { retainHeight: keep === undefined ? 0n : this.#height - BigInt(keep) + 1n };
  }
}

function execute(text: string): ExecTxResult {
  const [key, value, more] = text.split("=");
  const isValid = key !== undefined && key !== "" && value !== undefined && more === undefined;
  const base = { info: "", gasWanted: 10n, gasUsed: BigInt(text.length) };
  if (!isValid) {
    return {
      ...base,
      code: 5,
      data: EMPTY,
      log: "not key=value",
      events: [],
      codespace: "counter",
    };
  }
  const attributes = [
    { key: "key", value: key, index: true },
    { key: "value", value, index: true },
    { key: "private", value: "not indexed", index: false },
  ];
  const events = [
    { type: "set", attributes },
    { type: "size", attributes: [{ key: "bytes", value: `${text.length}bytes`, index: true }] },
  ];
  const data = new TextEncoder().encode(value);
  return { ...base, code: 0, data, log: "", events, codespace: "" };
}

function hashOf(entries: ReadonlyMap<string, string>): Uint8Array {
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(new TextEncoder().encode(JSON.stringify(sorted)));
}
