/** The end of every block: the active set changes, and what is due is paid. */
import { type Coins, coinsToText, makeCoins } from "@tacit/encoding";
import { type Context, createEvent, SdkError, type ValidatorUpdate } from "@tacit/sdk";
import type { StakingEnvironment } from "./environment.ts";
import { stakingErrors } from "./errors.ts";
import type { DelegationPair } from "./hooks.ts";
import type { RedelegationPath } from "./keys.ts";
import { notBondedPoolName } from "./names.ts";
import { bondDenom } from "./pools.ts";
import { dequeueRedelegations, getRedelegation, setOrRemoveRedelegation } from "./redelegations.ts";
import { isReached } from "./times.ts";
import { forgetUnbonding } from "./unbonding-ids.ts";
import { dequeueUnbondings, getUnbonding, setOrRemoveUnbonding } from "./unbondings.ts";
import { applyValidatorSetUpdates } from "./validator-set.ts";
import { unbondMatureValidators } from "./validator-states.ts";

/** @returns changes of the validator set, for consensus. */
export function endBlock(env: StakingEnvironment, context: Context): readonly ValidatorUpdate[] {
  const updates = applyValidatorSetUpdates(env, context);
  unbondMatureValidators(env, context);
  payUnbondings(env, context);
  endRedelegations(env, context);
  return updates;
}

function payUnbondings(env: StakingEnvironment, context: Context): void {
  for (const { delegatorAddress, validatorAddress } of dequeueUnbondings(context)) {
    const operator = env.options.operators.toBytes(validatorAddress);
    const delegator = env.options.addresses.toBytes(delegatorAddress);
    const coins = orNothing(() => completeUnbonding(env, context, { delegator, operator }));
    if (coins === undefined) continue;
    context.events.emit(
      createEvent(
        "complete_unbonding",
        ["amount", coinsToText(coins)],
        ["validator", validatorAddress],
        ["delegator", delegatorAddress],
      ),
    );
  }
}

function endRedelegations(env: StakingEnvironment, context: Context): void {
  for (const triplet of dequeueRedelegations(context)) {
    const { delegatorAddress, validatorSrcAddress, validatorDstAddress } = triplet;
    const path = {
      source: env.options.operators.toBytes(validatorSrcAddress),
      destination: env.options.operators.toBytes(validatorDstAddress),
      delegator: env.options.addresses.toBytes(delegatorAddress),
    };
    const coins = orNothing(() => completeRedelegation(context, path));
    if (coins === undefined) continue;
    context.events.emit(
      createEvent(
        "complete_redelegation",
        ["amount", coinsToText(coins)],
        ["delegator", delegatorAddress],
        ["source_validator", validatorSrcAddress],
        ["destination_validator", validatorDstAddress],
      ),
    );
  }
}

/** A failure ends one payment, keeps what it did so far, and not the block: as in the SDK. */
function orNothing(complete: () => Coins): Coins | undefined {
  try {
    return complete();
  } catch (error) {
    if (error instanceof SdkError) return undefined;
    throw error;
  }
}

/** @throws {SdkError} `staking/26`, and bank's. */
function completeUnbonding(env: StakingEnvironment, context: Context, pair: DelegationPair): Coins {
  const unbonding = getUnbonding(context, pair);
  if (unbonding === undefined) throw stakingErrors.noUnbonding.make();
  const denom = bondDenom(context);
  const isDue = (entry: (typeof unbonding.entries)[number]) =>
    isReached(entry.completionTime, context.time) && entry.unbondingOnHoldRefCount <= 0n;
  let paid = 0n;
  for (const entry of unbonding.entries.filter(isDue)) {
    forgetUnbonding(context, entry.unbondingId);
    const amount = BigInt(entry.balance || "0");
    if (amount === 0n) continue;
    const coins = [{ denom, amount }];
    env.bank.undelegateCoinsFromModule(context, notBondedPoolName, pair.delegator, coins);
    paid += amount;
  }
  const entries = unbonding.entries.filter((entry) => !isDue(entry));
  setOrRemoveUnbonding(context, pair, { ...unbonding, entries });
  return makeCoins({ denom, amount: paid });
}

/** @throws {SdkError} `staking/28` */
function completeRedelegation(context: Context, path: RedelegationPath): Coins {
  const redelegation = getRedelegation(context, path);
  if (redelegation === undefined) throw stakingErrors.noRedelegation.make();
  const denom = bondDenom(context);
  const isDue = (entry: (typeof redelegation.entries)[number]) =>
    isReached(entry.completionTime, context.time) && entry.unbondingOnHoldRefCount <= 0n;
  let moved = 0n;
  for (const entry of redelegation.entries.filter(isDue)) {
    forgetUnbonding(context, entry.unbondingId);
    moved += BigInt(entry.initialBalance || "0");
  }
  const entries = redelegation.entries.filter((entry) => !isDue(entry));
  setOrRemoveRedelegation(context, path, { ...redelegation, entries });
  return makeCoins({ denom, amount: moved });
}
