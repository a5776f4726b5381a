/** Codespace `distribution` (Cosmos SDK v0.50; 201 is Secret's), and gov's for a wrong authority. */
import { registerError } from "@tacit/sdk";

const register = (code: number, text: string) => registerError("distribution", code, text);

export const distributionErrors = {
  noDelegationInfo: register(5, "no delegation distribution info"),
  noCommission: register(7, "no validator commission to withdraw"),
  withdrawAddressDisabled: register(8, "set withdraw address disabled"),
  badDistribution: register(9, "community pool does not have sufficient coins to distribute"),
  notEnoughStake: register(201, "Not enough stake for auto-restaking"),
  wrongAuthority: registerError(
    "gov",
    13,
    "expected gov account as only signer for proposal message",
  ),
} as const;
