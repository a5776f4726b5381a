import { PlainError } from "@tacit/sdk";

/** Wrong consensus parameters; without a code of their own, as on the network. */
export function invalidParams(text: string): PlainError {
  return new PlainError(text);
}
