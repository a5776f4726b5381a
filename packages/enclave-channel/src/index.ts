export { AnswerLog, type LoggedAnswer, readAnswerLog } from "./answer-log.ts";
export { type EnclaveService, HostFailure, type HostPort } from "./conversation.ts";
export type { ChannelDescriptor } from "./descriptor.ts";
export { decodeEngineCommand, type EngineCommand } from "./engine-commands.ts";
export { ChannelError, type ChannelFailure } from "./errors.ts";
export { connectEnclave } from "./fifo-client.ts";
export { wakeEngine } from "./fifo-connect.ts";
export { serveFifo } from "./fifo-server.ts";
export {
  acknowledgementJson,
  channelJson,
  type IbcChannel,
  type IbcChannelStep,
  type IbcEndpoint,
  type IbcPacket,
  packetJson,
  receivedPacketJson,
  transferAcknowledgedJson,
  transferTimedOutJson,
} from "./ibc-messages.ts";
export { connectInProcess, type FrameRecorder } from "./in-process.ts";
export {
  type Authorization,
  type CallFailure,
  type CallGas,
  type CallOutput,
  type CodeReport,
  type Coin,
  type ContractRequest,
  type EnclaveAnswer,
  type EnclaveClient,
  type EnclaveInfo,
  type EnclaveNotice,
  type EnclaveRequest,
  type HostAnswer,
  type HostHandler,
  type HostRequest,
  type Meanwhile,
  type NetworkParams,
  type OutputAttribute,
  type OutputEvent,
  type OutputSubMessage,
  type PrivateWrite,
  type ReplyEvent,
  type ReplyInput,
  type ReplyProof,
  type SeedPublicKeys,
  type SignerAccount,
  SYSTEM_ENTRY_POINTS,
  type SystemEntryPoint,
  type TxNotice,
} from "./protocol.ts";
export {
  ENCLAVE_NODE_FLAGS,
  type EnclaveProcessOptions,
  EnclaveSupervisor,
} from "./supervisor.ts";
export { readTrace, type TracedFrame } from "./trace.ts";
