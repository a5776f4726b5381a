export { type EnclaveService, HostFailure, type HostPort } from "./conversation.ts";
export type { ChannelDescriptor } from "./descriptor.ts";
export { ChannelError, type ChannelFailure } from "./errors.ts";
export { connectEnclave } from "./fifo-client.ts";
export { serveFifo } from "./fifo-server.ts";
export { connectInProcess, type FrameRecorder } from "./in-process.ts";
export type {
  Authorization,
  CallFailure,
  CallGas,
  CallOutput,
  CodeReport,
  Coin,
  ContractRequest,
  EnclaveAnswer,
  EnclaveClient,
  EnclaveInfo,
  EnclaveNotice,
  EnclaveRequest,
  HostAnswer,
  HostHandler,
  HostRequest,
  NetworkParams,
  OutputAttribute,
  OutputEvent,
  OutputSubMessage,
  PrivateWrite,
  ReplyEvent,
  ReplyInput,
  ReplyProof,
  SignerAccount,
} from "./protocol.ts";
export {
  ENCLAVE_NODE_FLAGS,
  type EnclaveProcessOptions,
  EnclaveSupervisor,
} from "./supervisor.ts";
export { readTrace, type TracedFrame } from "./trace.ts";
