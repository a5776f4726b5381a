/** Wrong input from outside, with a stable code that callers switch on and tests assert. */
export class ProtocolError<Failure extends { readonly code: string }> extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
    this.name = new.target.name;
  }

  get code(): Failure["code"] {
    return this.failure.code;
  }
}

/** A bug of ours. It stops the node: a wrong state is worse than none. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** @throws {InvariantError} if `condition` does not hold; `mustHold` says what should have. */
export function invariant(condition: unknown, mustHold: string): asserts condition {
  if (!condition) throw new InvariantError(`invariant broken: ${mustHold}`);
}

/** What was wrong with bytes or text from outside. */
export type EncodingFailure =
  /** Bytes end inside a field, or a length points past the end. */
  | { readonly code: "encoding/truncated" }
  /** A varint of more than 64 bits. */
  | { readonly code: "encoding/varint" }
  /** A field number of 0 or above 2^29 - 1, or a wire type that does not exist. */
  | { readonly code: "encoding/tag" }
  /** A known field with the wire type of another kind of field. */
  | { readonly code: "encoding/wire_type"; readonly type: string; readonly field: number }
  /** A field that the message does not have, where none is tolerated. */
  | { readonly code: "encoding/unknown_field"; readonly type: string; readonly field: number }
  /** A protobuf string that is not UTF-8. */
  | { readonly code: "encoding/utf8" }
  /** Messages nested deeper than {@link MAX_DEPTH}. */
  | { readonly code: "encoding/depth" }
  /** An Any whose type URL names no registered message. */
  | { readonly code: "encoding/unknown_type"; readonly typeUrl: string }
  /** Transaction bytes that are not the canonical ones of ADR-027. */
  | { readonly code: "encoding/not_canonical" }
  /** JSON that is not of the message's shape. */
  | { readonly code: "encoding/json"; readonly path: string }
  /** A value that has no form in the encoding asked for. */
  | { readonly code: "encoding/unrepresentable"; readonly path: string }
  | { readonly code: "encoding/bech32" }
  | { readonly code: "encoding/hex" }
  | { readonly code: "encoding/base64" }
  /** Text that is no decimal number, or one out of range. */
  | { readonly code: "encoding/number" }
  /** Go has no such time or duration. */
  | { readonly code: "encoding/time" }
  | { readonly code: "encoding/denom" }
  | { readonly code: "encoding/coins" };

/** Wrong bytes or text from outside; every decoder of this package throws only this. */
export class EncodingError extends ProtocolError<EncodingFailure> {}
