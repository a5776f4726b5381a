/** Failures as contracts see them: of the query itself, or of what it asked. */
import { ProtocolError, toBase64 } from "@tacit/encoding";
import {
  type AddressCodec,
  GrpcError,
  isFatal,
  OutOfGasError,
  PanicError,
  sdkErrors,
  utf8Bytes,
} from "@tacit/sdk";

/** JSON of CosmWasm's SystemError: the query could not be asked. */
export type SystemFailure =
  | { readonly invalid_request: { readonly error: string; readonly request: string } }
  | { readonly unsupported_request: { readonly kind: string } }
  | { readonly unknown: Record<string, never> }
  | { readonly exceeded_recursion_limit: Record<string, never> };

/** Thrown by queriers and turned into an answer; never leaves this folder. */
export class SystemQueryError extends ProtocolError<{ readonly code: "compute/system_query" }> {
  readonly system: SystemFailure;

  constructor(system: SystemFailure) {
    super({ code: "compute/system_query" }, "the chain does not answer this query");
    this.system = system;
  }
}

export function unsupported(kind: string): SystemQueryError {
  return new SystemQueryError({ unsupported_request: { kind } });
}

/** What a contract is told of a failure; undefined for what must not become an answer. */
export function queryFailure(error: unknown): string | undefined {
  if (!(error instanceof ProtocolError) || error instanceof SystemQueryError) return undefined;
  if (error instanceof OutOfGasError || error instanceof PanicError || isFatal(error)) {
    return undefined;
  }
  return error instanceof GrpcError ? error.goText : error.message;
}

/** @throws {SdkError} `sdk/7` with the text alone, as the network says it. */
export function accountOf(addresses: AddressCodec, text: string): Uint8Array {
  try {
    return addresses.toBytes(text);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw sdkErrors.invalidAddress.wrap(text);
  }
}

export function systemFailureJson(failure: SystemFailure): Uint8Array {
  return utf8Bytes(JSON.stringify({ Err: failure }));
}

/** A failure of what was asked; an object even for contracts of the v1 interface (section 3.1). */
export function contractFailureJson(text: string): Uint8Array {
  return utf8Bytes(JSON.stringify({ Ok: { Err: { generic_err: { msg: text } } } }));
}

/** The answer's bytes in base64, as all answers travel. */
export function answerJson(answer: Uint8Array): Uint8Array {
  return utf8Bytes(`{"Ok":{"Ok":"${toBase64(answer)}"}}`);
}
