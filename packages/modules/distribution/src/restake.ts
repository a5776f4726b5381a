/** Rewards that are staked again by themselves (Secret's fork, sdk-fork section 1.3). */
import { amountOf, Dec } from "@tacit/encoding";
import { type Context, PlainError, SdkError, sdkErrors } from "@tacit/sdk";
import type { DistributionEnvironment } from "./environment.ts";
import { distributionErrors } from "./errors.ts";
import {
  addressAt,
  distributionStoreName,
  rangeOf,
  restakeKey,
  restakePrefixOf,
  restakeRange,
} from "./keys.ts";
import { getParams } from "./params.ts";
import type { Pair } from "./store.ts";
import { withdrawRewards } from "./withdraw.ts";

/** `k`. */
const marker = Uint8Array.of(0x6b);

/** @throws {SdkError} `staking/3`, `staking/19`, `distribution/201`. */
export function startRestaking(
  env: DistributionEnvironment,
  context: Context,
  { delegator, operator }: Pair,
): void {
  const delegation = env.staking.delegation(context, delegator, operator);
  const validator = env.staking.validator(context, operator);
  const stake = env.staking.sharesWorth(validator, Dec.fromWire(delegation.shares));
  if (stake.lessThan(Dec.fromWire(getParams(context).minimumRestakeThreshold))) {
    throw distributionErrors.notEnoughStake.make();
  }
  setRestaking(context, { delegator, operator });
}

/** Whatever the stake. */
export function setRestaking(context: Context, { delegator, operator }: Pair): void {
  context.kvStore(distributionStoreName).set(restakeKey(delegator, operator), marker);
}

/** @throws {SdkError} `sdk/38` */
export function stopRestaking(context: Context, { delegator, operator }: Pair): void {
  const store = context.kvStore(distributionStoreName);
  const key = restakeKey(delegator, operator);
  if (!store.has(key)) throw sdkErrors.notFound.wrap("authorization not found");
  store.delete(key);
}

/** Operators with whom a delegator's rewards are staked again, ascending. */
export function restakingOperators(context: Context, delegator: Uint8Array): readonly Uint8Array[] {
  const prefix = restakePrefixOf(delegator);
  const pairs = context.kvStore(distributionStoreName).iterator(...rangeOf(prefix));
  return Array.from(pairs, ([key]) => addressAt(key, prefix.length).address);
}

/**
 * Stakes everybody's rewards again. A delegation for which that fails once is dropped; what it was
 * paid before the failure stays paid.
 */
export function restakeAll(env: DistributionEnvironment, context: Context): void {
  const store = context.kvStore(distributionStoreName);
  const keys = Array.from(store.iterator(...restakeRange), ([key]) => key.slice());
  const failed = keys.filter((key) => {
    const { address: delegator, end } = addressAt(key, 1);
    const { address: operator } = addressAt(key, end);
    return !restake(env, context, { delegator, operator });
  });
  for (const key of failed) store.delete(key);
}

function restake(env: DistributionEnvironment, context: Context, pair: Pair): boolean {
  try {
    const paid = withdrawRewards(env, context, pair);
    const amount = amountOf(paid, env.staking.bondDenom(context));
    if (amount === 0n) return false;
    const validator = env.staking.validator(context, pair.operator);
    env.staking.delegate(context, { delegator: pair.delegator, amount, validator });
    return true;
  } catch (error) {
    if (error instanceof SdkError || error instanceof PlainError) return false;
    throw error;
  }
}
