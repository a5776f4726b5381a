/** Refusals of this module; it has no codes of its own. */
import { registerError } from "@tacit/sdk";

export const mintErrors = {
  wrongAuthority: registerError(
    "gov",
    13,
    "expected gov account as only signer for proposal message",
  ),
} as const;
