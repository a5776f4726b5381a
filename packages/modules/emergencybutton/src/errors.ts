/** Failures with codes of codespace `emergencybutton`. */
import { registerError } from "@tacit/sdk";

export const emergencyButtonErrors = {
  paused: registerError("emergencybutton", 1, "ibc processing failed"),
  mayNotToggle: registerError("emergencybutton", 2, "emergency button toggle failed"),
  noPauser: registerError("emergencybutton", 3, "emergency button toggle failed"),
  /** Of codespace `gov`, which the SDK uses for messages of others' authority. */
  wrongAuthority: registerError(
    "gov",
    13,
    "expected gov account as only signer for proposal message",
  ),
} as const;
