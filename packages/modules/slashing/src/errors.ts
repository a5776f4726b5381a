/** Codespace `slashing` (Cosmos SDK v0.50), and gov's for a wrong authority. */
import { registerError } from "@tacit/sdk";

const register = (code: number, text: string) => registerError("slashing", code, text);

export const slashingErrors = {
  stillJailed: register(4, "validator still jailed; cannot be unjailed"),
  notJailed: register(5, "validator not jailed; cannot be unjailed"),
  selfDelegationTooLow: register(
    7,
    "validator's self delegation less than minimum; cannot be unjailed",
  ),
  noSigningInfo: register(8, "no validator signing info found"),
  tombstoned: register(9, "validator already tombstoned"),
  wrongAuthority: registerError(
    "gov",
    13,
    "expected gov account as only signer for proposal message",
  ),
} as const;
