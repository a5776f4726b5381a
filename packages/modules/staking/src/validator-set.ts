/** The active set: who signs blocks with which power, as consensus last heard. */
import { create } from "@bufbuild/protobuf";
import { Int64ValueSchema } from "@bufbuild/protobuf/wkt";
import { compareBytes, decodeMessage, encodeMessage, toHex } from "@tacit/encoding";
import { invariant } from "@tacit/encoding/errors";
import { IntProtoSchema } from "@tacit/encoding/proto/cosmos/base/v1beta1/coin";
import {
  type Validator,
  ValidatorUpdatesSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import type { Context, ValidatorUpdate } from "@tacit/sdk";
import type { StakingEnvironment } from "./environment.ts";
import {
  lastPowerKey,
  lastPowerRange,
  lastTotalPowerKey,
  operatorOfKey,
  stakingStoreName,
  validatorUpdatesKey,
} from "./keys.ts";
import { getParams } from "./params.ts";
import { moveToBonded, moveToNotBonded } from "./pools.ts";
import { tokensOf } from "./shares.ts";
import { beginUnbondingValidator, bondValidator } from "./validator-states.ts";
import {
  consensusPublicKey,
  isBonded,
  knownValidator,
  operatorsByPower,
  powerOf,
} from "./validators.ts";

/** Powers that consensus knows, by hex of the operator address. */
type LastPowers = Map<string, { readonly operator: Uint8Array; readonly power: bigint }>;

/**
 * Makes the most powerful validators the active set and moves coins between the pools.
 *
 * @returns what changed, for consensus; it takes effect two blocks later.
 */
export function applyValidatorSetUpdates(
  env: StakingEnvironment,
  context: Context,
): readonly ValidatorUpdate[] {
  const { maxValidators } = getParams(context);
  const last = readLastPowers(context);
  const updates: ValidatorUpdate[] = [];
  let totalPower = 0n;
  let newlyBonded = 0n;
  let count = 0;
  // Bonding writes to the index that is walked, so the walk is over a copy.
  for (const operator of [...operatorsByPower(context)]) {
    if (count >= maxValidators) break;
    let validator = knownValidator(context, operator);
    invariant(!validator.jailed, "a jailed validator is not in the power index");
    const power = powerOf(validator);
    if (power === 0n) break;
    if (!isBonded(validator)) {
      validator = bondValidator(env, context, operator, validator);
      newlyBonded += tokensOf(validator);
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
  const left = unbondTheRest(context, last);
  const moved = newlyBonded - left.tokens;
  if (moved > 0n) moveToBonded(env, context, moved);
  if (moved < 0n) moveToNotBonded(env, context, -moved);
  updates.push(...left.updates);
  if (updates.length > 0) setLastTotalPower(context, totalPower);
  setValidatorUpdates(context, updates);
  return updates;
}

/** Validators that consensus knows and that are no longer among the most powerful. */
function unbondTheRest(context: Context, last: LastPowers) {
  const updates: ValidatorUpdate[] = [];
  let tokens = 0n;
  const rest = [...last.values()].sort((a, b) => compareBytes(a.operator, b.operator));
  for (const { operator } of rest) {
    const validator = beginUnbondingValidator(context, operator, knownValidator(context, operator));
    tokens += tokensOf(validator);
    context.kvStore(stakingStoreName).delete(lastPowerKey(operator));
    updates.push({ keyType: "ed25519", publicKey: consensusPublicKey(validator), power: 0n });
  }
  return { updates, tokens };
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
