/** Failures with codes of codespace `feegrant`. */
import { registerError } from "@tacit/sdk";

export const feegrantErrors = {
  limitExceeded: registerError("feegrant", 2, "fee limit exceeded"),
  expired: registerError("feegrant", 3, "fee allowance expired"),
  invalidDuration: registerError("feegrant", 4, "invalid duration"),
  noAllowance: registerError("feegrant", 5, "no allowance"),
  noMessages: registerError("feegrant", 6, "allowed messages are empty"),
  messageNotAllowed: registerError("feegrant", 7, "message not allowed"),
} as const;
