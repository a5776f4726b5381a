/** Codespace `staking` (Cosmos SDK v0.50). */
import { PlainError, registerError } from "@tacit/sdk";

export const stakingErrors = {
  noValidator: registerError("staking", 3, "validator does not exist"),
  operatorExists: registerError(
    "staking",
    4,
    "validator already exist for this operator address; must use new validator operator address",
  ),
  noDelegation: registerError("staking", 19, "no delegation for (address, validator) tuple"),
  noHistoricalInfo: registerError("staking", 38, "no historical info found"),
} as const;

/** Genesis that cannot be: the chain does not start. */
export function invalidGenesis(text: string): PlainError {
  return new PlainError(text);
}
