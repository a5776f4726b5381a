import { ProtocolError } from "@tacit/encoding/errors";

/** What can be wrong with a proof, a header or a commit, by code. */
export type LightFailure =
  /** Bytes that are no canonical encoding of the thing; `at` names the field. */
  | { readonly code: "light/malformed"; readonly at: string }
  /** More bytes, entries or levels than the thing may have. */
  | { readonly code: "light/too_large"; readonly at: string }
  /** The commit is for another height or block than the header's. */
  | { readonly code: "light/wrong_commit" }
  /** The validators are not those the header names. */
  | { readonly code: "light/wrong_validators" }
  /** A signature does not verify, or is by nobody of the set. */
  | { readonly code: "light/bad_signature"; readonly index: number }
  /** The valid signatures do not carry the power that is needed. */
  | { readonly code: "light/not_enough_power"; readonly signed: bigint; readonly total: bigint }
  /** The header does not follow from the one before. */
  | { readonly code: "light/not_next"; readonly at: string };

export class LightError extends ProtocolError<LightFailure> {}

export function malformed(at: string): LightError {
  return new LightError({ code: "light/malformed", at }, `malformed: ${at}`);
}

export function tooLarge(at: string): LightError {
  return new LightError({ code: "light/too_large", at }, `too large: ${at}`);
}
