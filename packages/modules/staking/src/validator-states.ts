/** A validator's life: bonded, unbonding, unbonded, jailed, removed. */
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import {
  BondStatus,
  ValAddressesSchema,
  type Validator,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, PlainError } from "@tacit/sdk";
import type { StakingEnvironment } from "./environment.ts";
import { stakingErrors } from "./errors.ts";
import {
  byConsensusKey,
  heightOfValidatorQueueKey,
  powerIndexKey,
  stakingStoreName,
  validatorKey,
  validatorQueueKey,
  validatorQueueUntil,
} from "./keys.ts";
import { getParams } from "./params.ts";
import { sharesOf, tokensOf } from "./shares.ts";
import { addDuration, epoch } from "./times.ts";
import {
  forgetUnbonding,
  indexUnbonding,
  nextUnbondingId,
  unbondingKinds,
} from "./unbonding-ids.ts";
import {
  consensusAddressOf,
  deleteFromPowerIndex,
  getValidator,
  isBonded,
  isUnbonded,
  isUnbonding,
  knownValidator,
  powerOf,
  setInPowerIndex,
  setValidator,
} from "./validators.ts";

/** Into the active set. */
export function bondValidator(
  env: StakingEnvironment,
  context: Context,
  operator: Uint8Array,
  validator: Validator,
): Validator {
  deleteFromPowerIndex(context, operator, validator);
  const bonded = { ...validator, status: BondStatus.BONDED };
  setValidator(context, operator, bonded);
  setInPowerIndex(context, operator, bonded);
  unqueueValidator(context, bonded);
  const consensusAddress = consensusAddressOf(bonded);
  env.hooks.afterValidatorBonded(context, { consensusAddress, operator });
  return bonded;
}

/** Out of the active set: the stake stays liable for the unbonding time. */
export function beginUnbondingValidator(
  context: Context,
  operator: Uint8Array,
  validator: Validator,
): Validator {
  const { unbondingTime } = getParams(context);
  deleteFromPowerIndex(context, operator, validator);
  invariant(isBonded(validator), "only a bonded validator begins to unbond");
  const id = nextUnbondingId(context);
  const unbonding = {
    ...validator,
    status: BondStatus.UNBONDING,
    unbondingTime: addDuration(context.time, unbondingTime),
    unbondingHeight: context.height,
    unbondingIds: [...validator.unbondingIds, id],
  };
  setValidator(context, operator, unbonding);
  setInPowerIndex(context, operator, unbonding);
  queueValidator(context, unbonding);
  indexUnbonding(context, id, { key: validatorKey(operator), kind: unbondingKinds.validator });
  return unbonding;
}

/** Ends the unbonding of validators whose time has come. */
export function unbondMatureValidators(env: StakingEnvironment, context: Context): void {
  const range = validatorQueueUntil(context.time, context.height);
  const due = [...context.kvStore(stakingStoreName).iterator(...range)];
  for (const [key, value] of due) {
    if (heightOfValidatorQueueKey(key) > context.height) continue;
    for (const address of decodeMessage(ValAddressesSchema, value).addresses) {
      completeUnbonding(env, context, env.options.operators.toBytes(address));
    }
  }
}

function completeUnbonding(env: StakingEnvironment, context: Context, operator: Uint8Array): void {
  const validator = knownValidator(context, operator);
  invariant(isUnbonding(validator), "a validator in the unbonding queue is unbonding");
  if (validator.unbondingOnHoldRefCount !== 0n) return;
  for (const id of validator.unbondingIds) forgetUnbonding(context, id);
  // The ids stay in the record: the SDK empties them only in its copy.
  const unbonded = { ...validator, status: BondStatus.UNBONDED };
  setValidator(context, operator, unbonded);
  if (sharesOf(unbonded).isZero) removeValidator(env, context, operator);
  unqueueValidator(context, unbonded);
}

/** @throws {SdkError} `staking/8` if it is not unbonded or has tokens. */
export function removeValidator(
  env: StakingEnvironment,
  context: Context,
  operator: Uint8Array,
): void {
  const validator = getValidator(context, operator);
  if (validator === undefined) return;
  if (!isUnbonded(validator)) {
    throw stakingErrors.badRemoval.wrap(
      "cannot call RemoveValidator on bonded or unbonding validators",
    );
  }
  if (tokensOf(validator) > 0n) {
    throw stakingErrors.badRemoval.wrap(
      "attempting to remove a validator which still contains tokens",
    );
  }
  const store = context.kvStore(stakingStoreName);
  const consensusAddress = consensusAddressOf(validator);
  store.delete(validatorKey(operator));
  store.delete(byConsensusKey(consensusAddress));
  store.delete(powerIndexKey(powerOf(validator), operator));
  env.hooks.afterValidatorRemoved(context, { consensusAddress, operator });
}

/** @throws {SdkError} `staking/7` if it is jailed already. */
export function jailValidator(
  context: Context,
  operator: Uint8Array,
  validator: Validator,
): Validator {
  if (validator.jailed) {
    throw stakingErrors.jailed.wrap("cannot jail already jailed validator");
  }
  const jailed = { ...validator, jailed: true };
  setValidator(context, operator, jailed);
  deleteFromPowerIndex(context, operator, jailed);
  return jailed;
}

/** @throws {PlainError} if it is not jailed. */
export function unjailValidator(
  context: Context,
  operator: Uint8Array,
  validator: Validator,
): void {
  if (!validator.jailed) throw new PlainError("cannot unjail already unjailed validator");
  const free = { ...validator, jailed: false };
  setValidator(context, operator, free);
  setInPowerIndex(context, operator, free);
}

export function queueValidator(context: Context, validator: Validator): void {
  const key = queueKeyOf(validator);
  const addresses = [...queuedAt(context, key), validator.operatorAddress];
  context.kvStore(stakingStoreName).set(key, encodeMessage(ValAddressesSchema, { addresses }));
}

function unqueueValidator(context: Context, validator: Validator): void {
  const key = queueKeyOf(validator);
  const queued = queuedAt(context, key);
  const addresses = queued.filter((address) => address !== validator.operatorAddress);
  const store = context.kvStore(stakingStoreName);
  if (addresses.length === 0) store.delete(key);
  else store.set(key, encodeMessage(ValAddressesSchema, { addresses }));
}

function queueKeyOf({ unbondingTime, unbondingHeight }: Validator): Uint8Array {
  return validatorQueueKey(unbondingTime ?? epoch, unbondingHeight);
}

function queuedAt(context: Context, key: Uint8Array): readonly string[] {
  const bytes = context.kvStore(stakingStoreName).get(key);
  return bytes === undefined ? [] : decodeMessage(ValAddressesSchema, bytes).addresses;
}
