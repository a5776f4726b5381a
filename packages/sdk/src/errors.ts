/**
 * Errors that the chain records: a codespace, a code within it and a text, wrapped the way the
 * Cosmos SDK's error module prints them (`outer: inner: root`). Code and codespace are part of
 * consensus (the code enters `last_results_hash`); the text is not.
 */
import { InvariantError, ProtocolError } from "@tacit/encoding/errors";

/** `code` is `<codespace>/<abci code>`, for example `sdk/5`. */
export type SdkFailure = {
  readonly code: `${string}/${number}`;
  readonly codespace: string;
  readonly abciCode: number;
};

/** A failure with a registered code. Made by {@link ErrorKind}, never directly. */
export class SdkError extends ProtocolError<SdkFailure> {
  /** What was wrapped around the kind's own text, innermost first. */
  readonly #descriptions: readonly string[];
  readonly #kindText: string;

  constructor(
    failure: SdkFailure,
    kindText: string,
    descriptions: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(failure, [...descriptions].reverse().concat(kindText).join(": "), options);
    this.#kindText = kindText;
    this.#descriptions = descriptions;
  }

  /** @returns the same failure with `description: ` in front of its text. */
  wrap(description: string): SdkError {
    return new SdkError(this.failure, this.#kindText, [...this.#descriptions, description], {
      cause: this,
    });
  }

  /** As a native gRPC server shows it: the code, then the texts from the inside out. */
  get grpcText(): string {
    const { codespace, abciCode } = this.failure;
    return [
      `codespace ${codespace} code ${abciCode}: ${this.#kindText}`,
      ...this.#descriptions,
    ].join(": ");
  }
}

/**
 * A failure without a registered code: code 1 in codespace `undefined`. Its text must not depend
 * on the host, because clients see it.
 */
export class PlainError extends ProtocolError<{ readonly code: "undefined/1" }> {
  constructor(text: string, options?: ErrorOptions) {
    super({ code: "undefined/1" }, text, options);
  }

  wrap(description: string): PlainError {
    return new PlainError(`${description}: ${this.message}`, { cause: this });
  }
}

/** What a Go chain would call a panic: the transaction fails with code 111222, the node goes on. */
export class PanicError extends ProtocolError<{ readonly code: "sdk/111222" }> {
  constructor(text: string, options?: ErrorOptions) {
    super({ code: "sdk/111222" }, text, options);
  }
}

/** A registered kind of failure: the root of a chain of wraps. */
export interface ErrorKind {
  readonly codespace: string;
  readonly code: number;
  readonly text: string;
  /** The failure with its bare text. */
  make(): SdkError;
  /** The failure with `description: text`. */
  wrap(description: string): SdkError;
  is(error: unknown): boolean;
}

/** Registers a kind of failure. `code` is unique in `codespace` and above 1. */
export function registerError(codespace: string, code: number, text: string): ErrorKind {
  const failure: SdkFailure = { code: `${codespace}/${code}`, codespace, abciCode: code };
  return {
    codespace,
    code,
    text,
    make: () => new SdkError(failure, text),
    wrap: (description) => new SdkError(failure, text, [description]),
    is: (error) => error instanceof ProtocolError && error.code === failure.code,
  };
}

/** Codespace `sdk`: the failures every module may use. */
export const sdkErrors = {
  txDecode: registerError("sdk", 2, "tx parse error"),
  invalidSequence: registerError("sdk", 3, "invalid sequence"),
  unauthorized: registerError("sdk", 4, "unauthorized"),
  insufficientFunds: registerError("sdk", 5, "insufficient funds"),
  unknownRequest: registerError("sdk", 6, "unknown request"),
  invalidAddress: registerError("sdk", 7, "invalid address"),
  invalidPubKey: registerError("sdk", 8, "invalid pubkey"),
  unknownAddress: registerError("sdk", 9, "unknown address"),
  invalidCoins: registerError("sdk", 10, "invalid coins"),
  outOfGas: registerError("sdk", 11, "out of gas"),
  memoTooLarge: registerError("sdk", 12, "memo too large"),
  insufficientFee: registerError("sdk", 13, "insufficient fee"),
  tooManySignatures: registerError("sdk", 14, "maximum number of signatures exceeded"),
  noSignatures: registerError("sdk", 15, "no signatures supplied"),
  jsonMarshal: registerError("sdk", 16, "failed to marshal JSON bytes"),
  jsonUnmarshal: registerError("sdk", 17, "failed to unmarshal JSON bytes"),
  invalidRequest: registerError("sdk", 18, "invalid request"),
  txInMempool: registerError("sdk", 19, "tx already in mempool"),
  mempoolFull: registerError("sdk", 20, "mempool is full"),
  txTooLarge: registerError("sdk", 21, "tx too large"),
  keyNotFound: registerError("sdk", 22, "key not found"),
  wrongPassword: registerError("sdk", 23, "invalid account password"),
  invalidSigner: registerError("sdk", 24, "tx intended signer does not match the given signer"),
  invalidGasAdjustment: registerError("sdk", 25, "invalid gas adjustment"),
  invalidHeight: registerError("sdk", 26, "invalid height"),
  invalidVersion: registerError("sdk", 27, "invalid version"),
  invalidChainId: registerError("sdk", 28, "invalid chain-id"),
  invalidType: registerError("sdk", 29, "invalid type"),
  txTimeoutHeight: registerError("sdk", 30, "tx timeout height"),
  unknownExtensionOptions: registerError("sdk", 31, "unknown extension options"),
  wrongSequence: registerError("sdk", 32, "incorrect account sequence"),
  packAny: registerError("sdk", 33, "failed packing protobuf message to Any"),
  unpackAny: registerError("sdk", 34, "failed unpacking protobuf message from Any"),
  logic: registerError("sdk", 35, "internal logic error"),
  conflict: registerError("sdk", 36, "conflict"),
  notSupported: registerError("sdk", 37, "feature not supported"),
  notFound: registerError("sdk", 38, "not found"),
  io: registerError("sdk", 39, "Internal IO error"),
  appConfig: registerError("sdk", 40, "error in app.toml"),
  invalidGasLimit: registerError("sdk", 41, "invalid gas limit"),
  /** Secret's fork: a message or sub-message after one that said it is the transaction's last. */
  lastTxMarker: registerError("sdk", 40404, "Cannot send messages after last tx marker was set"),
  panic: registerError("undefined", 111222, "panic"),
} as const;

/** What a response records of an error. */
export interface AbciErrorInfo {
  readonly codespace: string;
  readonly code: number;
  readonly log: string;
}

/**
 * The recorded form of any error. Failures with a registered code keep it; other typed failures
 * are code 1 of `undefined` with their text; whatever else was thrown counts as a panic and shows
 * no text of ours, because it may hold what the host must not see.
 */
export function errorToAbci(error: unknown): AbciErrorInfo {
  if (error instanceof SdkError) {
    const { codespace, abciCode } = error.failure;
    return { codespace, code: abciCode, log: error.message };
  }
  if (error instanceof PanicError || !(error instanceof ProtocolError)) {
    const text = error instanceof PanicError ? error.message : "internal error";
    return { codespace: "undefined", code: 111222, log: `recovered: ${text}: panic` };
  }
  return { codespace: "undefined", code: 1, log: textOf(error) };
}

/**
 * Puts `description: ` in front of any failure's text, keeping its code. What a Go chain would
 * panic with (running out of gas too) is no failure to describe and stays as it is.
 */
export function wrapError(error: unknown, description: string): unknown {
  if (error instanceof SdkError || error instanceof PlainError) return error.wrap(description);
  if (!(error instanceof ProtocolError) || isPanic(error) || isFatal(error)) return error;
  return new PlainError(`${description}: ${textOf(error)}`, { cause: error });
}

/** A query's failure inside a transaction is printed with its status, as in Go. */
function textOf(error: Error): string {
  return error instanceof GrpcError ? error.goText : error.message;
}

function isPanic(error: ProtocolError<{ readonly code: string }>): boolean {
  return error instanceof PanicError || error.code === "sdk/out_of_gas";
}

/**
 * Whether an error must stop the block instead of becoming a transaction's result: our own bugs,
 * and hosts that fail (disk, enclave), which other validators do not share.
 */
export function isFatal(error: unknown): boolean {
  if (error instanceof InvariantError) return true;
  if (!(error instanceof ProtocolError)) return false;
  const code: string = error.code;
  return code.startsWith("channel/") || code.startsWith("store/");
}

/** Status codes of gRPC that query handlers use. */
export const grpcCodes = {
  unknown: 2,
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export type GrpcCode = (typeof grpcCodes)[keyof typeof grpcCodes];

const grpcNames: Readonly<Record<number, string>> = {
  2: "Unknown",
  3: "InvalidArgument",
  5: "NotFound",
  6: "AlreadyExists",
  7: "PermissionDenied",
  8: "ResourceExhausted",
  9: "FailedPrecondition",
  11: "OutOfRange",
  12: "Unimplemented",
  13: "Internal",
  14: "Unavailable",
  16: "Unauthenticated",
};

/** A query's failure with a gRPC status; `message` is the status text alone. */
export class GrpcError extends ProtocolError<{
  readonly code: `grpc/${number}`;
  readonly status: GrpcCode;
}> {
  constructor(status: GrpcCode, text: string, options?: ErrorOptions) {
    super({ code: `grpc/${status}`, status }, text, options);
  }

  /** As Go prints a status error. */
  get goText(): string {
    return `rpc error: code = ${grpcNames[this.failure.status]} desc = ${this.message}`;
  }
}

export const grpcError = {
  notFound: (text: string) => new GrpcError(grpcCodes.notFound, text),
  invalidArgument: (text: string) => new GrpcError(grpcCodes.invalidArgument, text),
  failedPrecondition: (text: string) => new GrpcError(grpcCodes.failedPrecondition, text),
  internal: (text: string) => new GrpcError(grpcCodes.internal, text),
  unimplemented: (text: string) => new GrpcError(grpcCodes.unimplemented, text),
  unknown: (text: string) => new GrpcError(grpcCodes.unknown, text),
} as const;
