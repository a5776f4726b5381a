export type {
  BroadcastError,
  ChainData,
  ChainEvent,
  IndexedTx,
  NodeStatus,
  Page,
  StoredBlock,
} from "./chain-data.ts";
export { FaucetError, type FaucetFailure } from "./faucet/errors.ts";
export { type FaucetOptions, startFaucet } from "./faucet/server.ts";
export { type GrpcOptions, grpcWebHandler, startGrpc, startGrpcWeb } from "./grpc/server.ts";
export type { Listener, ListenOptions } from "./listen.ts";
export { type RestOptions, restHandler, startRest } from "./rest/server.ts";
export { type RpcServer, type RpcServerOptions, startRpcServer } from "./rpc/server.ts";
export type { VersionInfo } from "./services/cometbft-service.ts";
export { createNetworkTypes, networkQueryServices } from "./services/network.ts";
export type { NodeConfig } from "./services/node-service.ts";
export {
  createServiceRegistry,
  type ServiceRegistry,
  type ServiceRegistryOptions,
} from "./services/registry.ts";
export { StatusError } from "./services/status.ts";
