/** The calls of the RPC server by name: what each takes, and what answers it. */
import type { RpcContext } from "./context.ts";
import type { Json } from "./json-chain.ts";
import type { ParamKind, ParamSpec, Params } from "./params.ts";
import { abciInfo, abciQuery } from "./routes-abci.ts";
import {
  block,
  blockByHash,
  blockchain,
  blockResults,
  blockSearch,
  commit,
  header,
  headerByHash,
} from "./routes-block.ts";
import {
  consensusParams,
  consensusState,
  dumpConsensusState,
  validators,
} from "./routes-consensus.ts";
import { broadcastEvidence } from "./routes-evidence.ts";
import { genesis, genesisChunked, netInfo, status } from "./routes-info.ts";
import {
  broadcastTxAsync,
  broadcastTxCommit,
  broadcastTxSync,
  checkTx,
  numUnconfirmedTxs,
  tx,
  txSearch,
  unconfirmedTxs,
} from "./routes-tx.ts";

export interface Route {
  readonly params: readonly ParamSpec[];
  readonly answer: (context: RpcContext, params: Params) => Json | Promise<Json>;
}

export const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ["health", route("", () => ({}))],
  ["status", route("", status)],
  ["net_info", route("", netInfo)],
  ["blockchain", route("minHeight:integer maxHeight:integer", blockchain)],
  ["genesis", route("", genesis)],
  ["genesis_chunked", route("chunk:integer", genesisChunked)],
  ["block", route("height:integer", block)],
  ["block_by_hash", route("hash:bytes", blockByHash)],
  ["block_results", route("height:integer", blockResults)],
  ["commit", route("height:integer", commit)],
  ["header", route("height:integer", header)],
  ["header_by_hash", route("hash:hex", headerByHash)],
  ["check_tx", route("tx:bytes", checkTx)],
  ["tx", route("hash:bytes prove:boolean", tx)],
  [
    "tx_search",
    route("query:text prove:boolean page:integer per_page:integer order_by:text", txSearch),
  ],
  ["block_search", route("query:text page:integer per_page:integer order_by:text", blockSearch)],
  ["validators", route("height:integer page:integer per_page:integer", validators)],
  ["dump_consensus_state", route("", dumpConsensusState)],
  ["consensus_state", route("", consensusState)],
  ["consensus_params", route("height:integer", consensusParams)],
  ["unconfirmed_txs", route("limit:integer", unconfirmedTxs)],
  ["num_unconfirmed_txs", route("", numUnconfirmedTxs)],
  ["broadcast_tx_commit", route("tx:bytes", broadcastTxCommit)],
  ["broadcast_tx_sync", route("tx:bytes", broadcastTxSync)],
  ["broadcast_tx_async", route("tx:bytes", broadcastTxAsync)],
  ["abci_query", route("path:text data:hex height:integer prove:boolean", abciQuery)],
  ["abci_info", route("", abciInfo)],
  ["broadcast_evidence", route("evidence:json", broadcastEvidence)],
]);

function route(params: string, answer: Route["answer"]): Route {
  const specs = params.split(" ").filter((param) => param !== "");
  return {
    params: specs.map((spec) => {
      const [name, kind] = spec.split(":") as [string, ParamKind];
      return { name, kind };
    }),
    answer,
  };
}
