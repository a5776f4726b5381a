/** Failures with codes of codespace `gov`. */
import { ProtocolError } from "@tacit/encoding/errors";
import { isFatal, OutOfGasError, PanicError, PlainError, registerError } from "@tacit/sdk";

export const govErrors = {
  inactiveProposal: registerError("gov", 3, "inactive proposal"),
  invalidContent: registerError("gov", 5, "invalid proposal content"),
  invalidType: registerError("gov", 6, "invalid proposal type"),
  invalidVote: registerError("gov", 7, "invalid vote option"),
  noHandler: registerError("gov", 9, "no handler exists for proposal type"),
  unroutable: registerError("gov", 10, "proposal message not recognized by router"),
  noMessages: registerError("gov", 11, "no messages proposed"),
  invalidMessage: registerError("gov", 12, "invalid proposal message"),
  invalidSigner: registerError(
    "gov",
    13,
    "expected gov account as only signer for proposal message",
  ),
  metadataTooLong: registerError("gov", 15, "metadata too long"),
  depositTooSmall: registerError("gov", 16, "minimum deposit is too small"),
  invalidProposer: registerError("gov", 18, "invalid proposer"),
  votingEnded: registerError("gov", 20, "voting period already ended"),
  invalidProposal: registerError("gov", 21, "invalid proposal"),
  summaryTooLong: registerError("gov", 22, "summary too long"),
  invalidDenom: registerError("gov", 23, "invalid deposit denom"),
} as const;

/** What the SDK's collections say of a key that is not there. It has no code of its own. */
export function notFound(key: string, type: "Proposal" | "Deposit" | "Vote"): PlainError {
  return new PlainError(
    `collections: not found: key '${key}' of type github.com/cosmos/gogoproto/cosmos.gov.v1.${type}`,
  );
}

/** Whether Go would return this as an error: neither a panic, out of gas too, nor our own bug. */
export function isFailure(error: unknown): error is Error {
  if (!(error instanceof ProtocolError) || isFatal(error)) return false;
  return !(error instanceof PanicError || error instanceof OutOfGasError);
}
