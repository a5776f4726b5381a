/**
 * Rewards of delegators without a look at each of them (F1): a period ends whenever a validator's
 * stake changes, and a delegation earns its stake times the growth of a ratio between two periods.
 */
import { Dec } from "@tacit/encoding";
import type { Delegation, Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, PanicError } from "@tacit/sdk";
import {
  add,
  type DecCoins,
  divideTruncate,
  multiplyTruncate,
  NO_DEC_COINS,
  subtract,
} from "./dec-coins.ts";
import type { DistributionStakingKeeper } from "./expected.ts";
import { historicalKey } from "./keys.ts";
import {
  getCommunityPool,
  getCurrent,
  getHistorical,
  getOutstanding,
  getStartingInfo,
  type Pair,
  remove,
  setCommission,
  setCommunityPool,
  setCurrent,
  setHistorical,
  setOutstanding,
  setSlash,
  setStartingInfo,
  slashesBetween,
} from "./store.ts";

type Staking = DistributionStakingKeeper;

/** Rounding may leave a stake this much above what its shares are worth. */
const MARGIN = Dec.fromAtoms(3n);

export function initializeValidator(context: Context, operator: Uint8Array): void {
  setHistorical(context, { operator, period: 0n }, { ratio: NO_DEC_COINS, referenceCount: 1 });
  setCurrent(context, operator, { rewards: NO_DEC_COINS, period: 1n });
  setCommission(context, operator, NO_DEC_COINS);
  setOutstanding(context, operator, NO_DEC_COINS);
}

/** Ends the current period. @returns its number. */
export function endPeriod(staking: Staking, context: Context, validator: Validator): bigint {
  const operator = staking.operators.toBytes(validator.operatorAddress);
  const { rewards, period } = getCurrent(context, operator);
  const tokens = BigInt(validator.tokens || "0");
  // Rewards of nobody go to the community.
  if (tokens === 0n) {
    const pool = getCommunityPool(context);
    const outstanding = getOutstanding(context, operator);
    setCommunityPool(context, add(pool, rewards));
    setOutstanding(context, operator, subtract(outstanding, rewards));
  }
  const growth = growthOf(rewards, tokens);
  const { ratio } = getHistorical(context, operator, period - 1n);
  dropReference(context, operator, period - 1n);
  setHistorical(context, { operator, period }, { ratio: add(ratio, growth), referenceCount: 1 });
  setCurrent(context, operator, { rewards: NO_DEC_COINS, period: period + 1n });
  return period;
}

function growthOf(rewards: DecCoins, tokens: bigint): DecCoins {
  return tokens === 0n ? NO_DEC_COINS : divideTruncate(rewards, Dec.fromInt(tokens));
}

/** The ratio as if the period ended now; nothing is written. */
function ratioNow(context: Context, operator: Uint8Array, validator: Validator): DecCoins {
  const { rewards, period } = getCurrent(context, operator);
  const { ratio } = getHistorical(context, operator, period - 1n);
  return add(ratio, growthOf(rewards, BigInt(validator.tokens || "0")));
}

function addReference(context: Context, operator: Uint8Array, period: bigint): void {
  const historical = getHistorical(context, operator, period);
  if (historical.referenceCount > 2) {
    throw new PanicError("reference count should never exceed 2");
  }
  const referenceCount = historical.referenceCount + 1;
  setHistorical(context, { operator, period }, { ...historical, referenceCount });
}

export function dropReference(context: Context, operator: Uint8Array, period: bigint): void {
  const historical = getHistorical(context, operator, period);
  if (historical.referenceCount === 0) {
    throw new PanicError("cannot set negative reference count");
  }
  const referenceCount = historical.referenceCount - 1;
  if (referenceCount === 0) remove(context, historicalKey(operator, period));
  else setHistorical(context, { operator, period }, { ...historical, referenceCount });
}

/** From now on the delegation earns with the stake it has. */
export function initializeDelegation(staking: Staking, context: Context, pair: Pair): void {
  const { delegator, operator } = pair;
  const previousPeriod = getCurrent(context, operator).period - 1n;
  addReference(context, operator, previousPeriod);
  const validator = staking.validator(context, operator);
  const delegation = staking.delegation(context, delegator, operator);
  const stake = staking.sharesWorthTruncated(validator, Dec.fromWire(delegation.shares));
  setStartingInfo(context, pair, { previousPeriod, stake, height: context.height });
}

/** What a delegation earned until the end of a period that ended already. */
export function rewardsUntil(
  staking: Staking,
  context: Context,
  of: Earning,
  period: bigint,
): DecCoins {
  const ratio = () => getHistorical(context, of.pair.operator, period).ratio;
  return calculateRewards(staking, context, of, ratio);
}

/** What a delegation would be paid now; nothing is written. */
export function pendingRewards(staking: Staking, context: Context, of: Earning): DecCoins {
  const ratio = () => ratioNow(context, of.pair.operator, of.validator);
  return calculateRewards(staking, context, of, ratio);
}

export interface Earning {
  readonly pair: Pair;
  readonly validator: Validator;
  readonly delegation: Delegation;
}

function calculateRewards(
  staking: Staking,
  context: Context,
  { pair, validator, delegation }: Earning,
  endingRatio: () => DecCoins,
): DecCoins {
  const { operator } = pair;
  const start = getStartingInfo(context, pair);
  if (start.height === context.height) return NO_DEC_COINS;
  let { stake, previousPeriod: period } = start;
  let rewards = NO_DEC_COINS;
  if (context.height > start.height) {
    const blocks = { from: start.height, to: context.height };
    for (const event of slashesBetween(context, operator, blocks)) {
      if (event.validatorPeriod <= period) continue;
      const before = getHistorical(context, operator, period).ratio;
      const after = getHistorical(context, operator, event.validatorPeriod).ratio;
      rewards = add(rewards, multiplyTruncate(subtract(after, before), stake));
      stake = stake.mulTruncate(Dec.ONE.sub(Dec.fromWire(event.fraction)));
      period = event.validatorPeriod;
    }
  }
  const worth = staking.sharesWorth(validator, Dec.fromWire(delegation.shares));
  stake = cappedStake(stake, worth);
  const before = getHistorical(context, operator, period).ratio;
  return add(rewards, multiplyTruncate(subtract(endingRatio(), before), stake));
}

/** Slashes are counted here and in staking with different roundings. */
function cappedStake(stake: Dec, worth: Dec): Dec {
  if (!worth.lessThan(stake)) return stake;
  if (worth.add(MARGIN).lessThan(stake)) {
    throw new PanicError(
      `calculated final stake for delegator greater than current stake: final stake ${stake.toString()}, current stake ${worth.toString()}`,
    );
  }
  return worth;
}

/** A slash ends a period, so that stakes count less from there on. */
export function noteSlash(
  staking: Staking,
  context: Context,
  operator: Uint8Array,
  fraction: Dec,
): void {
  const validator = staking.validator(context, operator);
  const validatorPeriod = endPeriod(staking, context, validator);
  addReference(context, operator, validatorPeriod);
  setSlash(
    context,
    { operator, height: context.height },
    {
      $typeName: "cosmos.distribution.v1beta1.ValidatorSlashEvent",
      validatorPeriod,
      fraction: fraction.toWire(),
    },
  );
}
