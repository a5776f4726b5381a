/** Codespace `staking` (Cosmos SDK v0.50), and gov's for a wrong authority. */
import { PlainError, registerError } from "@tacit/sdk";

const register = (code: number, text: string) => registerError("staking", code, text);

export const stakingErrors = {
  noValidator: register(3, "validator does not exist"),
  operatorExists: register(
    4,
    "validator already exist for this operator address; must use new validator operator address",
  ),
  publicKeyExists: register(
    5,
    "validator already exist for this pubkey; must use new validator pubkey",
  ),
  publicKeyType: register(6, "validator pubkey type is not supported"),
  jailed: register(7, "validator for this address is currently jailed"),
  badRemoval: register(8, "failed to remove validator"),
  commissionNegative: register(9, "commission must be positive"),
  commissionHuge: register(10, "commission cannot be more than 100%"),
  commissionAboveMax: register(11, "commission cannot be more than the max rate"),
  commissionTooSoon: register(12, "commission cannot be changed more than once in 24h"),
  changeRateNegative: register(13, "commission change rate must be positive"),
  changeRateAboveMax: register(14, "commission change rate cannot be more than the max rate"),
  commissionChangeTooLarge: register(15, "commission cannot be changed more than max change rate"),
  selfDelegationTooLow: register(
    16,
    "validator's self delegation must be greater than their minimum self delegation",
  ),
  minSelfDelegationDecreased: register(17, "minimum self delegation cannot be decrease"),
  noDelegation: register(19, "no delegation for (address, validator) tuple"),
  noDelegatorForAddress: register(21, "delegator does not contain delegation"),
  insufficientShares: register(22, "insufficient delegation shares"),
  notEnoughShares: register(24, "not enough delegation shares"),
  noUnbonding: register(26, "no unbonding delegation found"),
  maxUnbondingEntries: register(
    27,
    "too many unbonding delegation entries for (delegator, validator) tuple",
  ),
  noRedelegation: register(28, "no redelegation found"),
  selfRedelegation: register(29, "cannot redelegate to the same validator"),
  tinyRedelegation: register(30, "too few tokens to redelegate (truncates to zero tokens)"),
  badRedelegationDestination: register(31, "redelegation destination validator not found"),
  transitiveRedelegation: register(
    32,
    "redelegation to this validator already in progress; first redelegation to this validator must complete before next redelegation",
  ),
  maxRedelegationEntries: register(
    33,
    "too many redelegation entries for (delegator, src-validator, dst-validator) tuple",
  ),
  invalidExchangeRate: register(34, "cannot delegate to validators with invalid (zero) ex-rate"),
  noHistoricalInfo: register(38, "no historical info found"),
  emptyPublicKey: register(39, "empty validator public key"),
  commissionBelowMin: register(40, "commission cannot be less than min rate"),
  badRedelegationSource: register(44, "redelegation source validator not found"),
  wrongAuthority: registerError(
    "gov",
    13,
    "expected gov account as only signer for proposal message",
  ),
} as const;

/** Genesis that cannot be: the chain does not start. */
export function invalidGenesis(text: string): PlainError {
  return new PlainError(text);
}
