import { toBase64 } from "@tacit/encoding";
import type { Header } from "@tacit/light";
import type { ChainData, NodeStatus } from "../chain-data.ts";
import type { RpcContext } from "./context.ts";
import { hexToJson, type Json, publicKeyToJson, timeToJson } from "./json-chain.ts";
import { GENESIS_CHUNK_BYTES } from "./limits.ts";
import type { Params } from "./params.ts";
import { refuse } from "./rpc-error.ts";

/** The CometBFT whose RPC this is; clients choose their dialect by the first two numbers. */
const COMETBFT_VERSION = "0.38.23";
/** version.P2PProtocol and BlockProtocol of that CometBFT. */
const PROTOCOLS = { p2p: "8", block: "11" } as const;
/** The channels a CometBFT node announces: this one announces the same, and has no peers. */
const CHANNELS = "40202122233038606100";

export function status({ chain, address }: RpcContext): Json {
  const status = chain.status();
  const { validator } = status;
  return {
    node_info: nodeInfo(status, address()),
    sync_info: {
      latest_block_hash: hexToJson(status.latestBlockHash),
      // As CometBFT: the root that the latest header carries, which is that before its block.
      latest_app_hash: hexToJson(status.latestBlock?.appHash ?? new Uint8Array(0)),
      latest_block_height: `${status.latestHeight}`,
      latest_block_time: timeOf(status.latestBlock),
      earliest_block_hash: hexToJson(status.earliestBlockHash),
      earliest_app_hash: hexToJson(status.earliestBlock?.appHash ?? new Uint8Array(0)),
      earliest_block_height: `${status.earliestHeight}`,
      earliest_block_time: timeOf(status.earliestBlock),
      catching_up: status.catchingUp,
    },
    validator_info: {
      address: hexToJson(validator.address),
      pub_key: publicKeyToJson(validator.publicKey),
      voting_power: `${validator.power}`,
    },
  };
}

export function netInfo({ chain }: RpcContext): Json {
  const { listenAddress } = chain.status();
  return { listening: true, listeners: [`Listener(@${listenAddress})`], n_peers: "0", peers: [] };
}

export function genesis({ chain }: RpcContext): Json {
  if (genesisChunks(chain).length > 1) {
    refuse("genesis response is large, please use the genesis_chunked API instead");
  }
  return { genesis: chain.genesis() as Json };
}

export function genesisChunked({ chain }: RpcContext, params: Params): Json {
  const chunks = genesisChunks(chain);
  const chunk = params.integer("chunk") ?? 0n;
  const data = chunk < 0n ? undefined : chunks[Number(chunk)];
  if (data === undefined) refuse(`there are ${chunks.length} chunks, ${chunk} is invalid`);
  return { chunk: `${chunk}`, total: `${chunks.length}`, data };
}

const chunksOf = new WeakMap<ChainData, readonly string[]>();

/** Base64 of the document's JSON in pieces; made once, the document never changes. */
function genesisChunks(chain: ChainData): readonly string[] {
  const known = chunksOf.get(chain);
  if (known !== undefined) return known;
  const bytes = new TextEncoder().encode(JSON.stringify(chain.genesis()));
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; start += GENESIS_CHUNK_BYTES) {
    chunks.push(toBase64(bytes.subarray(start, start + GENESIS_CHUNK_BYTES)));
  }
  chunksOf.set(chain, chunks);
  return chunks;
}

function nodeInfo(status: NodeStatus, rpcAddress: string): Json {
  const app = `${status.latestBlock?.version.app ?? 0n}`;
  return {
    protocol_version: { ...PROTOCOLS, app },
    id: status.nodeId,
    listen_addr: status.listenAddress,
    network: status.chainId,
    version: COMETBFT_VERSION,
    channels: CHANNELS,
    moniker: status.moniker,
    other: { tx_index: "on", rpc_address: rpcAddress },
  };
}

/** Go's zero of Unix time where there is no block yet. */
function timeOf(header: Header | undefined): string {
  return timeToJson(header?.time ?? { seconds: 0n, nanos: 0 });
}
