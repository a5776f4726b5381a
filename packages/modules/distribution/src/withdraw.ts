/** Paying rewards and commission. */
import { type Coins, coinsToText } from "@tacit/encoding";
import type { Delegation, Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, createEvent } from "@tacit/sdk";
import { add, fromCoins, intersect, split, subtract } from "./dec-coins.ts";
import type { DistributionEnvironment } from "./environment.ts";
import { distributionErrors } from "./errors.ts";
import { distributionStoreName, startingInfoKey } from "./keys.ts";
import { moduleName } from "./names.ts";
import { dropReference, endPeriod, initializeDelegation, rewardsUntil } from "./rewards.ts";
import {
  getCommission,
  getCommunityPool,
  getOutstanding,
  getStartingInfo,
  getWithdrawAddress,
  type Pair,
  remove,
  setCommission,
  setCommunityPool,
  setOutstanding,
} from "./store.ts";

/** What the SDK shows where nothing is paid and no base denomination is registered. */
const nothingPaid: Coins = [{ denom: "stake", amount: 0n }];

/** Pays what a delegation earned; it earns on. @throws {SdkError} `staking/3`, `staking/19`. */
export function withdrawRewards(env: DistributionEnvironment, context: Context, pair: Pair): Coins {
  const validator = env.staking.validator(context, pair.operator);
  const delegation = env.staking.delegation(context, pair.delegator, pair.operator);
  const paid = payRewards(env, context, { pair, validator, delegation });
  initializeDelegation(env.staking, context, pair);
  return paid;
}

/**
 * Pays what a delegation earned and ends its record; parts below one coin go to the community.
 * @returns the payment, or `0stake` if there is none.
 * @throws {SdkError} `distribution/5`, bank's.
 */
export function payRewards(
  env: DistributionEnvironment,
  context: Context,
  earning: {
    readonly pair: Pair;
    readonly validator: Validator;
    readonly delegation: Delegation;
  },
): Coins {
  const { pair, validator, delegation } = earning;
  const { delegator, operator } = pair;
  const infoKey = startingInfoKey(operator, delegator);
  if (!context.kvStore(distributionStoreName).has(infoKey)) {
    throw distributionErrors.noDelegationInfo.make();
  }
  const period = endPeriod(env.staking, context, validator);
  const earned = rewardsUntil(env.staking, context, earning, period);
  const outstanding = getOutstanding(context, operator);
  const rewards = intersect(earned, outstanding);
  const { whole, change } = split(rewards);
  if (whole.length > 0) {
    const receiver = getWithdrawAddress(context, delegator);
    env.bank.sendCoinsFromModuleToAccount(context, moduleName, receiver, whole);
  }
  setOutstanding(context, operator, subtract(outstanding, rewards));
  setCommunityPool(context, add(getCommunityPool(context), change));
  dropReference(context, operator, getStartingInfo(context, pair).previousPeriod);
  remove(context, infoKey);
  const paid = whole.length > 0 ? whole : nothingPaid;
  context.events.emit(
    createEvent(
      "withdraw_rewards",
      ["amount", coinsToText(paid)],
      ["validator", validator.operatorAddress],
      ["delegator", delegation.delegatorAddress],
    ),
  );
  return paid;
}

/** Pays a validator's commission; parts below one coin stay. @throws {SdkError} `distribution/7`. */
export function withdrawCommission(
  env: DistributionEnvironment,
  context: Context,
  operator: Uint8Array,
): Coins {
  const accumulated = getCommission(context, operator);
  if (accumulated.length === 0) throw distributionErrors.noCommission.make();
  const { whole, change } = split(accumulated);
  setCommission(context, operator, change);
  const outstanding = getOutstanding(context, operator);
  setOutstanding(context, operator, subtract(outstanding, fromCoins(whole)));
  if (whole.length > 0) {
    const receiver = getWithdrawAddress(context, operator);
    env.bank.sendCoinsFromModuleToAccount(context, moduleName, receiver, whole);
  }
  context.events.emit(createEvent("withdraw_commission", ["amount", coinsToText(whole)]));
  return whole;
}
