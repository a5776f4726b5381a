import { PlainError, registerError } from "@tacit/sdk";

/** Wrong consensus parameters; without a code of their own, as on the network. */
export function invalidParams(text: string): PlainError {
  return new PlainError(text);
}

/** Of codespace `gov`, which the SDK uses for messages of others' authority. */
export const wrongAuthority = registerError(
  "gov",
  13,
  "expected gov account as only signer for proposal message",
);
