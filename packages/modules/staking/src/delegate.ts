/** Staking and taking stake away: every step in the SDK's order, because gas counts them. */

import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { Dec, equalBytes } from "@tacit/encoding";
import { BondStatus, type Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, sdkErrors } from "@tacit/sdk";
import { getDelegation, removeDelegation, setDelegation } from "./delegations.ts";
import type { StakingEnvironment } from "./environment.ts";
import { stakingErrors } from "./errors.ts";
import type { DelegationPair } from "./hooks.ts";
import type { RedelegationPath } from "./keys.ts";
import { bondedPoolName, notBondedPoolName } from "./names.ts";
import { getParams } from "./params.ts";
import { bondCoins, moveToBonded, moveToNotBonded } from "./pools.ts";
import {
  addRedelegationEntry,
  getRedelegation,
  hasReceivingRedelegation,
  queueRedelegation,
} from "./redelegations.ts";
import {
  hasInvalidExchangeRate,
  sharesFromTokens,
  sharesOf,
  tokensFromShares,
  withSharesRemoved,
  withTokensAdded,
} from "./shares.ts";
import { addDuration, toTimestamp, zeroTime } from "./times.ts";
import { addUnbondingEntry, getUnbonding, queueUnbonding } from "./unbondings.ts";
import { jailValidator, removeValidator } from "./validator-states.ts";
import {
  deleteFromPowerIndex,
  getValidator,
  isBonded,
  isUnbonded,
  isUnbonding,
  knownValidator,
  mustGetValidator,
  setInPowerIndex,
  setValidator,
} from "./validators.ts";

/** Where the coins of a delegation come from: an account, or a pool that has them already. */
export type StakeSource = "account" | "bonded" | "notBonded";

export interface DelegateOptions {
  readonly delegator: Uint8Array;
  readonly amount: bigint;
  /** As read by the caller: the SDK does not read it again. */
  readonly validator: Validator;
  readonly source: StakeSource;
}

/**
 * @returns the shares issued.
 * @throws {SdkError} `staking/34`, and bank's.
 */
export function delegate(env: StakingEnvironment, context: Context, options: DelegateOptions): Dec {
  const { delegator, amount, validator } = options;
  if (hasInvalidExchangeRate(validator)) throw stakingErrors.invalidExchangeRate.make();
  const operator = env.options.operators.toBytes(validator.operatorAddress);
  const pair = { delegator, operator };
  const known = getDelegation(context, delegator, operator);
  if (known === undefined) env.hooks.beforeDelegationCreated(context, pair);
  else env.hooks.beforeDelegationSharesModified(context, pair);
  takeCoins(env, context, options);
  const shares = addTokens(context, operator, validator, amount);
  const before = Dec.fromWire(known?.shares ?? "");
  setDelegation(context, pair, {
    $typeName: "cosmos.staking.v1beta1.Delegation",
    delegatorAddress: known?.delegatorAddress ?? env.options.addresses.toText(delegator),
    validatorAddress: validator.operatorAddress,
    shares: before.add(shares).toWire(),
  });
  env.hooks.afterDelegationModified(context, pair);
  return shares;
}

function takeCoins(env: StakingEnvironment, context: Context, options: DelegateOptions): void {
  const { delegator, amount, source } = options;
  const bonded = isBonded(options.validator);
  if (source === "account") {
    const pool = bonded ? bondedPoolName : notBondedPoolName;
    env.bank.delegateCoinsToModule(context, delegator, pool, bondCoins(context, amount));
  } else if (source === "notBonded" && bonded) {
    moveToBonded(env, context, amount);
  } else if (source === "bonded" && !bonded) {
    moveToNotBonded(env, context, amount);
  }
}

function addTokens(
  context: Context,
  operator: Uint8Array,
  validator: Validator,
  amount: bigint,
): Dec {
  deleteFromPowerIndex(context, operator, validator);
  const issued = withTokensAdded(validator, amount);
  setValidator(context, operator, issued.validator);
  setInPowerIndex(context, operator, issued.validator);
  return issued.shares;
}

/**
 * Takes shares away without paying anybody. A validator whose own stake falls below its minimum
 * is jailed.
 *
 * @returns the tokens that the shares were worth.
 * @throws {SdkError} `staking/21`, `staking/24`, `staking/3`
 */
export function unbond(
  env: StakingEnvironment,
  context: Context,
  pair: DelegationPair,
  shares: Dec,
): bigint {
  const { delegator, operator } = pair;
  const delegation = getDelegation(context, delegator, operator);
  if (delegation === undefined) throw stakingErrors.noDelegatorForAddress.make();
  env.hooks.beforeDelegationSharesModified(context, pair);
  const held = Dec.fromWire(delegation.shares);
  if (held.lessThan(shares)) throw stakingErrors.notEnoughShares.wrap(held.toString());
  let validator = mustGetValidator(context, operator);
  const rest = held.sub(shares);
  if (equalBytes(delegator, operator) && !validator.jailed) {
    if (tokensFromShares(validator, rest) < BigInt(validator.minSelfDelegation || "0")) {
      jailValidator(context, operator, validator);
      validator = knownValidator(context, operator);
    }
  }
  if (rest.isZero) {
    removeDelegation(context, pair);
  } else {
    setDelegation(context, pair, { ...delegation, shares: rest.toWire() });
    env.hooks.afterDelegationModified(context, pair);
  }
  deleteFromPowerIndex(context, operator, validator);
  const redeemed = withSharesRemoved(validator, shares);
  setValidator(context, operator, redeemed.validator);
  setInPowerIndex(context, operator, redeemed.validator);
  if (sharesOf(redeemed.validator).isZero && isUnbonded(redeemed.validator)) {
    removeValidator(env, context, operator);
  }
  return redeemed.tokens;
}

/**
 * Shares that `amount` of tokens stands for, all of them at most.
 * @throws {SdkError} `staking/3`, `staking/19`, `staking/22`, `sdk/18`
 */
export function sharesToUnbond(context: Context, pair: DelegationPair, amount: bigint): Dec {
  const validator = mustGetValidator(context, pair.operator);
  const delegation = getDelegation(context, pair.delegator, pair.operator);
  if (delegation === undefined) throw stakingErrors.noDelegation.make();
  const shares = sharesFromTokens(validator, amount);
  if (Dec.fromWire(delegation.shares).lessThan(shares)) {
    throw sdkErrors.invalidRequest.wrap("invalid shares amount");
  }
  return shares;
}

/** Starts paying back. @throws {SdkError} `staking/27` and those of {@link unbond}. */
export function undelegate(
  env: StakingEnvironment,
  context: Context,
  pair: DelegationPair,
  shares: Dec,
): { readonly completionTime: Timestamp; readonly amount: bigint } {
  const validator = mustGetValidator(context, pair.operator);
  const entries = getUnbonding(context, pair)?.entries.length ?? 0;
  if (entries >= getParams(context).maxEntries) throw stakingErrors.maxUnbondingEntries.make();
  const amount = unbond(env, context, pair, shares);
  if (isBonded(validator)) moveToNotBonded(env, context, amount);
  const completionTime = addDuration(context.time, getParams(context).unbondingTime);
  const unbonding = addUnbondingEntry(env, context, pair, { completionTime, balance: amount });
  queueUnbonding(context, unbonding, completionTime);
  return { completionTime, amount };
}

/**
 * Moves stake to another validator at once; it can be slashed for the first until the time
 * returned.
 * @throws {SdkError} `staking/29` to `staking/33`, `staking/44`, those of {@link unbond}.
 */
export function beginRedelegation(
  env: StakingEnvironment,
  context: Context,
  path: RedelegationPath,
  shares: Dec,
): Timestamp {
  const { delegator, source, destination } = path;
  if (equalBytes(source, destination)) throw stakingErrors.selfRedelegation.make();
  const to = getValidator(context, destination);
  if (to === undefined) throw stakingErrors.badRedelegationDestination.make();
  const from = getValidator(context, source);
  if (from === undefined) throw stakingErrors.badRedelegationSource.make();
  if (hasReceivingRedelegation(context, delegator, source)) {
    throw stakingErrors.transitiveRedelegation.make();
  }
  const known = getRedelegation(context, path);
  if (known !== undefined && known.entries.length >= getParams(context).maxEntries) {
    throw stakingErrors.maxRedelegationEntries.make();
  }
  const amount = unbond(env, context, { delegator, operator: source }, shares);
  if (amount === 0n) throw stakingErrors.tinyRedelegation.make();
  const issued = delegate(env, context, {
    delegator,
    amount,
    validator: to,
    source: isBonded(from) ? "bonded" : "notBonded",
  });
  const { completionTime, height, isComplete } = liability(context, source);
  if (isComplete) return completionTime;
  const redelegation = addRedelegationEntry(env, context, path, {
    creationHeight: height,
    completionTime,
    balance: amount,
    shares: issued,
  });
  queueRedelegation(context, redelegation, completionTime);
  return completionTime;
}

/**
 * Until when stake that leaves a validator now can be slashed.
 * @throws {SdkError} `staking/3` if the validator is gone, as in the SDK.
 */
function liability(context: Context, operator: Uint8Array) {
  const validator = mustGetValidator(context, operator);
  const { unbondingTime } = getParams(context);
  if (validator.status === BondStatus.UNBONDED) {
    return { completionTime: zeroTime, height: 0n, isComplete: true };
  }
  if (isUnbonding(validator)) {
    const completionTime = toTimestamp(validator.unbondingTime ?? zeroTime);
    return { completionTime, height: validator.unbondingHeight, isComplete: false };
  }
  const completionTime = addDuration(context.time, unbondingTime);
  return { completionTime, height: context.height, isComplete: false };
}
