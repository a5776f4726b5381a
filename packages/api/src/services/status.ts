/** Failures as gRPC statuses, and what HTTP makes of them. */
import { ProtocolError } from "@tacit/encoding/errors";

/** Status codes of gRPC. */
export const codes = {
  ok: 0,
  canceled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  aborted: 10,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  dataLoss: 15,
  unauthenticated: 16,
} as const;

export type StatusCode = (typeof codes)[keyof typeof codes];

/** A call that failed, with the text that clients see. `code` is `grpc/<status>`. */
export class StatusError extends ProtocolError<{
  readonly code: `grpc/${number}`;
  readonly status: number;
}> {
  constructor(status: number, text: string, options?: ErrorOptions) {
    super({ code: `grpc/${status}`, status }, text, options);
  }

  get status(): number {
    return this.failure.status;
  }
}

/** HTTP status by gRPC status, as the SDK's gateway answers. */
const HTTP_STATUS: Readonly<Record<number, number>> = {
  0: 200,
  1: 408,
  2: 500,
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  9: 400,
  10: 409,
  11: 400,
  12: 501,
  13: 500,
  14: 503,
  15: 500,
  16: 401,
};

export function httpStatus(code: number): number {
  return HTTP_STATUS[code] ?? 500;
}

/** Any thrown value as a status; only typed failures show their text. */
export function toStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  if (error instanceof ProtocolError) {
    return new StatusError(statusOfCode(String(error.code)), error.message, { cause: error });
  }
  return new StatusError(codes.internal, "internal error", { cause: error });
}

function statusOfCode(code: string): number {
  if (code.startsWith("encoding/")) return codes.invalidArgument;
  if (code === "app/query_timeout") return codes.deadlineExceeded;
  const isBusy = code === "app/queue_full" || code === "app/client_busy";
  return isBusy ? codes.resourceExhausted : codes.unknown;
}
