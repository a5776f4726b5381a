/** The active set: who signs blocks with which power, as consensus last heard. */
import { create } from "@bufbuild/protobuf";
import { Int64ValueSchema } from "@bufbuild/protobuf/wkt";
import { decodeMessage, encodeMessage, toHex } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import { IntProtoSchema } from "@tacit/encoding/proto/cosmos/base/v1beta1/coin";
import {
  BondStatus,
  type Validator,
  ValidatorUpdatesSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import type { Context, ValidatorUpdate } from "@tacit/sdk";
import type { BankKeeper } from "./expected.ts";
import {
  lastPowerKey,
  lastPowerRange,
  lastTotalPowerKey,
  operatorOfKey,
  stakingStoreName,
  validatorUpdatesKey,
} from "./keys.ts";
import { bondedPoolName, notBondedPoolName } from "./names.ts";
import { getParams } from "./params.ts";
import {
  consensusPublicKey,
  deleteFromPowerIndex,
  getValidator,
  isBonded,
  operatorsByPower,
  powerOf,
  setInPowerIndex,
  setValidator,
} from "./validators.ts";

/** Powers that consensus knows, by hex of the operator address. */
type LastPowers = Map<string, { readonly operator: Uint8Array; readonly power: bigint }>;

/**
 * Takes the most powerful validators into the active set and moves their coins to the bonded
 * pool.
 *
 * @returns what changed, for consensus; it takes effect two blocks later.
 * @throws {InvariantError} if a validator would have to leave the set: nothing in this module
 *   lowers a stake yet.
 */
export function applyValidatorSetUpdates(
  context: Context,
  bank: BankKeeper,
): readonly ValidatorUpdate[] {
  const { maxValidators, bondDenom } = getParams(context);
  const last = readLastPowers(context);
  const updates: ValidatorUpdate[] = [];
  let totalPower = 0n;
  let newlyBonded = 0n;
  let count = 0;
  for (const operator of operatorsByPower(context)) {
    if (count >= maxValidators) break;
    let validator = knownValidator(context, operator);
    invariant(!validator.jailed, "a jailed validator is not in the power index");
    const power = powerOf(validator);
    if (power === 0n) break;
    if (!isBonded(validator)) {
      newlyBonded += BigInt(validator.tokens);
      validator = bond(context, operator, validator);
    }
    const known = last.get(toHex(operator));
    if (known?.power !== power) {
      updates.push({ keyType: "ed25519", publicKey: consensusPublicKey(validator), power });
      setLastPower(context, operator, power);
    }
    last.delete(toHex(operator));
    count += 1;
    totalPower += power;
  }
  invariant(last.size === 0, "validators leave the active set only with the messages of staking");
  if (newlyBonded > 0n) {
    const coins = [{ denom: bondDenom, amount: newlyBonded }];
    bank.sendCoinsFromModuleToModule(context, notBondedPoolName, bondedPoolName, coins);
  }
  if (updates.length > 0) setLastTotalPower(context, totalPower);
  setValidatorUpdates(context, updates);
  return updates;
}

function setValidatorUpdates(context: Context, updates: readonly ValidatorUpdate[]): void {
  const bytes = encodeMessage(ValidatorUpdatesSchema, {
    updates: updates.map(({ publicKey, power }) => ({
      pubKey: { sum: { case: "ed25519" as const, value: publicKey } },
      power,
    })),
  });
  context.kvStore(stakingStoreName).set(validatorUpdatesKey, bytes);
}

function knownValidator(context: Context, operator: Uint8Array): Validator {
  const validator = getValidator(context, operator);
  invariant(validator !== undefined, "an indexed validator exists");
  return validator;
}

function bond(context: Context, operator: Uint8Array, validator: Validator): Validator {
  deleteFromPowerIndex(context, operator, validator);
  const bonded = { ...validator, status: BondStatus.BONDED };
  setValidator(context, operator, bonded);
  setInPowerIndex(context, operator, bonded);
  return bonded;
}

export function setLastPower(context: Context, operator: Uint8Array, power: bigint): void {
  const bytes = encodeMessage(Int64ValueSchema, create(Int64ValueSchema, { value: power }));
  context.kvStore(stakingStoreName).set(lastPowerKey(operator), bytes);
}

export function setLastTotalPower(context: Context, power: bigint): void {
  const bytes = encodeMessage(IntProtoSchema, { int: power.toString() });
  context.kvStore(stakingStoreName).set(lastTotalPowerKey, bytes);
}

export function getLastTotalPower(context: Context): bigint {
  const bytes = context.kvStore(stakingStoreName).get(lastTotalPowerKey);
  return bytes === undefined ? 0n : BigInt(decodeMessage(IntProtoSchema, bytes).int || "0");
}

function readLastPowers(context: Context): LastPowers {
  const powers: LastPowers = new Map();
  for (const { operator, power } of lastPowers(context)) {
    powers.set(toHex(operator), { operator, power });
  }
  return powers;
}

/** By ascending operator address. */
export function* lastPowers(
  context: Context,
): Iterable<{ readonly operator: Uint8Array; readonly power: bigint }> {
  for (const [key, value] of context.kvStore(stakingStoreName).iterator(...lastPowerRange)) {
    const power = decodeMessage(Int64ValueSchema, value).value;
    yield { operator: operatorOfKey(key), power };
  }
}

/** Validators that consensus knows, by ascending operator address. */
export function lastValidators(context: Context): readonly Validator[] {
  return Array.from(lastPowers(context), ({ operator }) => knownValidator(context, operator));
}
