export type {
  BroadcastError,
  ChainData,
  ChainEvent,
  IndexedTx,
  NodeStatus,
  Page,
  StoredBlock,
} from "./chain-data.ts";
export { type RpcServer, type RpcServerOptions, startRpcServer } from "./rpc/server.ts";
