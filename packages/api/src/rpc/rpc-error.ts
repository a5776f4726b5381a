/** Errors of JSON-RPC 2.0 with CometBFT's texts. */
import { ProtocolError } from "@tacit/encoding/errors";

const MESSAGES = {
  [-32700]: "Parse error. Invalid JSON",
  [-32600]: "Invalid Request",
  [-32601]: "Method not found",
  [-32602]: "Invalid params",
  [-32603]: "Internal error",
  [-32000]: "Server error",
} as const;

export type RpcErrorCode = keyof typeof MESSAGES;

export interface RpcErrorJson {
  readonly code: RpcErrorCode;
  readonly message: string;
  readonly data?: string;
}

export type RpcFailure =
  | { readonly code: "rpc/parse"; readonly detail: string }
  | { readonly code: "rpc/invalid_request"; readonly detail: string }
  | { readonly code: "rpc/method_not_found" }
  | { readonly code: "rpc/invalid_params"; readonly detail: string }
  /** The request was understood and cannot be answered, such as a height that does not exist. */
  | { readonly code: "rpc/refused"; readonly detail: string }
  | { readonly code: "rpc/server"; readonly detail: string };

const CODES: Readonly<Record<RpcFailure["code"], RpcErrorCode>> = {
  "rpc/parse": -32700,
  "rpc/invalid_request": -32600,
  "rpc/method_not_found": -32601,
  "rpc/invalid_params": -32602,
  "rpc/refused": -32603,
  "rpc/server": -32000,
};

export class RpcError extends ProtocolError<RpcFailure> {
  constructor(failure: RpcFailure, options?: ErrorOptions) {
    super(failure, "detail" in failure ? failure.detail : MESSAGES[CODES[failure.code]], options);
  }
}

/** @throws {RpcError} `rpc/refused`: "Internal error" with `detail` as its data. */
export function refuse(detail: string): never {
  throw new RpcError({ code: "rpc/refused", detail });
}

/** @throws {RpcError} `rpc/invalid_params`. */
export function invalidParams(detail: string): never {
  throw new RpcError({ code: "rpc/invalid_params", detail });
}

/**
 * The error object for anything thrown. Text of errors that are not ours stays inside: it may
 * quote what nobody meant to serve.
 */
export function errorToJson(error: unknown): RpcErrorJson {
  if (error instanceof RpcError) {
    const code = CODES[error.failure.code];
    const message = MESSAGES[code];
    return "detail" in error.failure ? { code, message, data: error.message } : { code, message };
  }
  const data = error instanceof ProtocolError ? error.message : "unexpected failure";
  return { code: -32603, message: MESSAGES[-32603], data };
}
