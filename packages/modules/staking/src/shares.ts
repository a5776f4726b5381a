/** What a validator's shares are worth, and how its tokens and shares change. Pure. */
import { Dec } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import type { Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { stakingErrors } from "./errors.ts";

export function tokensOf(validator: Validator): bigint {
  return BigInt(validator.tokens || "0");
}

export function sharesOf(validator: Validator): Dec {
  return Dec.fromWire(validator.delegatorShares);
}

/** Tokens that shares are worth, rounded half to even. */
export function sharesWorth(validator: Validator, shares: Dec): Dec {
  const all = sharesOf(validator);
  if (all.isZero) return Dec.ZERO;
  return shares.mulInt(tokensOf(validator)).quo(all);
}

/** Tokens that shares are worth, cut down at 18 places. */
export function sharesWorthTruncated(validator: Validator, shares: Dec): Dec {
  const all = sharesOf(validator);
  if (all.isZero) return Dec.ZERO;
  return shares.mulInt(tokensOf(validator)).quoTruncate(all);
}

/** Whole tokens that shares are worth. */
export function tokensFromShares(validator: Validator, shares: Dec): bigint {
  return sharesWorth(validator, shares).truncateInt();
}

/** Both roundings that an unbonding needs are the same one: they cut. @throws {SdkError} `staking/22` */
export function sharesFromTokens(validator: Validator, amount: bigint): Dec {
  const tokens = tokensOf(validator);
  if (tokens === 0n) throw stakingErrors.insufficientShares.make();
  return sharesOf(validator).mulInt(amount).quoInt(tokens);
}

/** Shares without tokens: everything was slashed. */
export function hasInvalidExchangeRate(validator: Validator): boolean {
  return tokensOf(validator) === 0n && sharesOf(validator).isPositive;
}

export interface Issued {
  readonly validator: Validator;
  readonly shares: Dec;
}

export function withTokensAdded(validator: Validator, amount: bigint): Issued {
  const all = sharesOf(validator);
  const shares = all.isZero ? Dec.fromInt(amount) : sharesFromTokens(validator, amount);
  return {
    shares,
    validator: {
      ...validator,
      tokens: (tokensOf(validator) + amount).toString(),
      delegatorShares: all.add(shares).toWire(),
    },
  };
}

export interface Redeemed {
  readonly validator: Validator;
  readonly tokens: bigint;
}

/** The last shares take all tokens that are left. */
export function withSharesRemoved(validator: Validator, shares: Dec): Redeemed {
  const rest = sharesOf(validator).sub(shares);
  const all = tokensOf(validator);
  const tokens = rest.isZero ? all : tokensFromShares(validator, shares);
  invariant(tokens <= all, "shares are worth no more than all tokens of a validator");
  return {
    tokens,
    validator: {
      ...validator,
      tokens: (all - tokens).toString(),
      delegatorShares: rest.toWire(),
    },
  };
}

export function withTokensRemoved(validator: Validator, amount: bigint): Validator {
  const all = tokensOf(validator);
  invariant(amount >= 0n && amount <= all, "a validator loses no more tokens than it has");
  return { ...validator, tokens: (all - amount).toString() };
}
