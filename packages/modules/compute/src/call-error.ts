/** A contract call that failed, as the chain records it. */
import type { CallFailure, ReplyProof } from "@tacit/enclave-channel";
import { type ErrorKind, SdkError } from "@tacit/sdk";

/**
 * Failure of a call itself, not of what it sent on: wrapping it gives a plain `SdkError`, so a
 * caller that asked for a reply sees the proof only of its own callee.
 */
export class ContractCallError extends SdkError {
  readonly replyProof: ReplyProof | undefined;
  /**
   * The contract's own error: in base64, encrypted to the sender, or as it is in plaintext mode.
   * Absent if the enclave failed.
   */
  readonly contractError: string | undefined;

  constructor(kind: ErrorKind, failure: CallFailure) {
    super(kind.make().failure, kind.text, [failureText(failure)]);
    this.replyProof = failure.kind === "contract" ? failure.replyProof : undefined;
    this.contractError = contractErrorOf(failure);
  }
}

function contractErrorOf(failure: CallFailure): string | undefined {
  if (failure.kind === "contract") return failure.encrypted;
  return failure.kind === "contract_plain" ? failure.text : undefined;
}

/** As clients parse it (section 2.5). */
export function failureText(failure: CallFailure): string {
  switch (failure.kind) {
    case "contract":
      return `encrypted: ${failure.encrypted}`;
    case "contract_plain":
      // The network says so of contracts in plaintext mode too (section 2.4).
      return `encrypted: ${failure.text}`;
    case "enclave":
      return `Execution error: Enclave: ${failure.text}`;
    case "out_of_gas":
      return "Out of gas";
  }
}
