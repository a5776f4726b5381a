export { concatBytes } from "@tacit/encoding";
export type {
  AbciEvent,
  Application,
  CheckTxResponse,
  CommitInfo,
  ConsensusParams,
  EventAttribute,
  ExecTxResult,
  FinalizeBlockRequest,
  FinalizeBlockResponse,
  InfoResponse,
  InitChainRequest,
  InitChainResponse,
  Misbehavior,
  PrepareProposalRequest,
  ProcessProposalRequest,
  ProofOp,
  QueryRequest,
  QueryResponse,
  Snapshot,
  ValidatorUpdate,
  VoteInfo,
} from "./abci.ts";
export { type AddressCodec, createAddressCodec } from "./address-codec.ts";
export { type AnteDecorator, type AnteNext, chainAnteDecorators } from "./ante.ts";
export {
  type BlockInfo,
  type BranchObserver,
  type CacheContext,
  Context,
  type ContextFields,
  createContext,
  type ExecMode,
  emptyBlockInfo,
  type Logger,
  type MinGasPrice,
  silentLogger,
  type TxScope,
  type TxSigner,
} from "./context.ts";
export {
  type AbciErrorInfo,
  type ErrorKind,
  errorToAbci,
  type GrpcCode,
  GrpcError,
  grpcCodes,
  grpcError,
  isFatal,
  PanicError,
  PlainError,
  registerError,
  SdkError,
  type SdkFailure,
  sdkErrors,
  wrapError,
} from "./errors.ts";
export { createEvent, EventManager, withAttribute } from "./events.ts";
export {
  consumedToLimit,
  createGasMeter,
  createInfiniteGasMeter,
  type GasMeter,
  gasLocations,
  gasRemaining,
  isOutOfGas,
  isPastLimit,
  type KvGasTable,
  OutOfGasError,
  secretKvGas,
  upstreamKvGas,
} from "./gas.ts";
export { createGasStore } from "./gas-store.ts";
export {
  lengthPrefixed,
  prefixEnd,
  readUint32BigEndian,
  readUint64BigEndian,
  uint64BigEndian,
  utf8Bytes,
  utf8Text,
} from "./keys.ts";
export { assertNumbers } from "./message-numbers.ts";
export {
  type JsonValue,
  type Module,
  ModuleManager,
  type ModuleOrders,
  type ModuleServices,
} from "./module.ts";
export {
  type Page,
  type PageRequest,
  type PageResponse,
  pageLimitDefault,
  paginate,
} from "./pagination.ts";
export { createPrefixStore } from "./prefix-store.ts";
export { type QueryHandler, type QueryImplementation, QueryRouter } from "./query-router.ts";
export {
  type MessageGuard,
  type MessageResult,
  type MessageRoute,
  type MessageRouteOptions,
  MessageRouter,
  messageRoute,
  moduleOfTypeUrl,
} from "./router.ts";
export { sortableTime, sortableTimeBytes } from "./sortable-time.ts";
export {
  type ConsensusParamsStore,
  emptyAppHash,
  StateMachine,
  type StateMachineOptions,
} from "./state-machine.ts";
export {
  type AnyValue,
  type DecodedMessage,
  type DecodedTx,
  type ModeInfo,
  type SignerInfo,
  signModes,
  type TxCoin,
  type TxFee,
} from "./tx.ts";
export { createTxDecoder, type TxDecoder, type TxDecoderOptions } from "./tx-decoder.ts";
export {
  encodeTxMsgData,
  outcomeToResult,
  type TxMode,
  type TxObserver,
  type TxOutcome,
  type TxPlace,
  TxRunner,
  type TxRunnerOptions,
} from "./tx-runner.ts";
export { typedEvent } from "./typed-event.ts";
export { TypeRegistry, type TypeResolver } from "./types.ts";
export type { TxPreview } from "./upcoming-tx.ts";
