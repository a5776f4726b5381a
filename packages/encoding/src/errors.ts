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
