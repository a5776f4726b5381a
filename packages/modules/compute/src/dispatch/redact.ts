/** What a contract may learn of why its sub-message failed. */
import { errorToAbci, PlainError } from "@tacit/sdk";
import { ContractCallError } from "../call-error.ts";

/** A callee's own error: the bare base64, which the caller's enclave decrypts, or plain text. */
export function contractError(error: unknown): string | undefined {
  return error instanceof ContractCallError ? error.contractError : undefined;
}

/**
 * The text for a caller. Texts of other errors may differ between machines, so only codes are
 * told (section 9.4), except on development networks.
 */
export function errorText(error: unknown, redacts: boolean): string {
  const { codespace, code, log } = errorToAbci(error);
  if (!redacts) return log;
  return (
    `the error was redacted (codespace: ${codespace}, code: ${code}). ` +
    "For more info use latest localsecret and reproduce the issue"
  );
}

/** Ends the transaction: an encrypted caller cannot be told of an error nobody signed. */
export function unsignedError(text: string): PlainError {
  return new PlainError(`an sdk error occurred while sending a sub-message: ${text}`);
}
