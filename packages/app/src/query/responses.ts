/** Answers of the query interface, failures included, as ABCI and as native gRPC have them. */
import { ProtocolError } from "@tacit/encoding/errors";
import {
  errorToAbci,
  GrpcError,
  grpcCodes,
  PanicError,
  type QueryRequest,
  type QueryResponse,
  SdkError,
  sdkErrors,
} from "@tacit/sdk";

const empty = new Uint8Array();

export function success(
  height: bigint,
  value: Uint8Array,
  more: Partial<QueryResponse> = {},
): QueryResponse {
  return {
    code: 0,
    log: "",
    info: "",
    index: 0n,
    key: empty,
    value,
    proofOps: undefined,
    height,
    codespace: "",
    ...more,
  };
}

/** A failure of a path that is no gRPC method. */
export function failure(error: unknown, height = 0n): QueryResponse {
  return success(height, empty, errorToAbci(error));
}

/**
 * A failure of a gRPC method: the SDK's translation for ABCI, and the status that a native
 * server gives.
 */
export function grpcFailure(error: unknown, request: QueryRequest): QueryResponse {
  const grpcStatus = grpcStatusOf(error);
  return { ...failure(abciErrorOf(error), request.height), grpcStatus };
}

/** A gRPC method that has no state to run on: ABCI shows the SDK's own code here. */
export function heightFailure(error: unknown, request: QueryRequest): QueryResponse {
  return { ...failure(error, request.height), grpcStatus: grpcStatusOf(error) };
}

function grpcStatusOf(error: unknown): { readonly code: number; readonly message: string } {
  if (error instanceof GrpcError) return { code: error.failure.status, message: error.message };
  if (error instanceof SdkError) return { code: grpcCodes.unknown, message: error.grpcText };
  if (isHostFailure(error)) {
    return { code: grpcCodes.unavailable, message: "the node cannot answer right now" };
  }
  if (error instanceof ProtocolError && !(error instanceof PanicError)) {
    return { code: grpcCodes.unknown, message: error.message };
  }
  return { code: grpcCodes.internal, message: "internal error" };
}

/** @see sdk-fork section 5 */
function abciErrorOf(error: unknown): unknown {
  if (error instanceof GrpcError) return kindOfStatus(error.failure.status).wrap(error.goText);
  if (error instanceof SdkError) return sdkErrors.unknownRequest.wrap(error.message);
  if (isHostFailure(error)) return sdkErrors.io.wrap("the node cannot answer right now");
  if (error instanceof ProtocolError && !(error instanceof PanicError)) {
    return sdkErrors.invalidRequest.wrap(error.message);
  }
  return error;
}

function kindOfStatus(status: number) {
  switch (status) {
    case grpcCodes.notFound:
      return sdkErrors.keyNotFound;
    case grpcCodes.invalidArgument:
    case grpcCodes.failedPrecondition:
      return sdkErrors.invalidRequest;
    case grpcCodes.unauthenticated:
      return sdkErrors.unauthorized;
    default:
      return sdkErrors.unknownRequest;
  }
}

/** Disk and enclave: nothing that the client could change. */
function isHostFailure(error: unknown): boolean {
  if (!(error instanceof ProtocolError)) return false;
  const code: string = error.code;
  return code.startsWith("channel/") || code.startsWith("store/");
}
