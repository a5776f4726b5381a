/** Taking stake from validators that misbehave, and from all who moved it away since. */
import { Dec } from "@tacit/encoding";
import type {
  Redelegation,
  UnbondingDelegation,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, PlainError } from "@tacit/sdk";
import { unbond } from "./delegate.ts";
import { getDelegation } from "./delegations.ts";
import type { StakingEnvironment } from "./environment.ts";
import type { DelegationPair } from "./hooks.ts";
import type { RedelegationPath } from "./keys.ts";
import { bondedPoolName, notBondedPoolName } from "./names.ts";
import { POWER_REDUCTION } from "./params.ts";
import { burnFromPool } from "./pools.ts";
import { redelegationsFrom } from "./redelegations.ts";
import { tokensOf, withTokensRemoved } from "./shares.ts";
import { isReached } from "./times.ts";
import { getUnbonding, setUnbonding, unbondingsFrom } from "./unbondings.ts";
import {
  deleteFromPowerIndex,
  getValidatorByConsensusAddress,
  isBonded,
  isUnbonded,
  mustGetValidator,
  setInPowerIndex,
  setValidator,
} from "./validators.ts";

export interface Infraction {
  readonly consensusAddress: Uint8Array;
  readonly height: bigint;
  /** Voting power at that height. */
  readonly power: bigint;
  readonly fraction: Dec;
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/**
 * @returns tokens burnt of the validator itself; 0 for validators that are gone.
 * @throws {PlainError} for an unbonded validator, a negative fraction, a future height.
 */
export function slash(env: StakingEnvironment, context: Context, infraction: Infraction): bigint {
  const { fraction, height } = infraction;
  if (fraction.isNegative) {
    throw new PlainError(`attempted to slash with a negative slash factor: ${fraction.toString()}`);
  }
  const total = Dec.fromInt(infraction.power * POWER_REDUCTION)
    .mul(fraction)
    .truncateInt();
  const validator = getValidatorByConsensusAddress(context, infraction.consensusAddress);
  if (validator === undefined) return 0n;
  if (isUnbonded(validator)) {
    throw new PlainError(`should not be slashing unbonded validator: ${validator.operatorAddress}`);
  }
  if (height > context.height) {
    throw new PlainError(
      `impossible attempt to slash future infraction at height ${height} but we are at height ${context.height}`,
    );
  }
  const operator = env.options.operators.toBytes(validator.operatorAddress);
  let rest = total;
  if (height < context.height) rest -= slashWhatMoved(env, context, operator, infraction);
  const burnt = min(rest, tokensOf(validator));
  if (burnt <= 0n) return 0n;
  const effective = Dec.fromInt(burnt).quoRoundUp(Dec.fromInt(tokensOf(validator)));
  env.hooks.beforeValidatorSlashed(
    context,
    operator,
    Dec.ONE.lessThan(effective) ? Dec.ONE : effective,
  );
  deleteFromPowerIndex(context, operator, validator);
  const slashed = withTokensRemoved(validator, burnt);
  setValidator(context, operator, slashed);
  setInPowerIndex(context, operator, slashed);
  const pool = isBonded(slashed) ? bondedPoolName : notBondedPoolName;
  burnFromPool(env, context, { pool, amount: burnt });
  return burnt;
}

/** @returns what unbonding delegations and redelegations carry of the slash. */
function slashWhatMoved(
  env: StakingEnvironment,
  context: Context,
  operator: Uint8Array,
  infraction: Infraction,
): bigint {
  let slashed = 0n;
  for (const { pair, unbonding } of unbondingsFrom(context, operator)) {
    slashed += slashUnbonding(env, context, { pair, unbonding, infraction });
  }
  for (const { path, redelegation } of redelegationsFrom(context, operator)) {
    slashed += slashRedelegation(env, context, { path, redelegation, infraction });
  }
  return slashed;
}

interface Liable {
  readonly creationHeight: bigint;
  readonly completionTime?: { readonly seconds: bigint; readonly nanos: number } | undefined;
  readonly unbondingOnHoldRefCount: bigint;
}

/** Whether stake was with the validator at the infraction and has not been paid back. */
function isLiable(context: Context, entry: Liable, infraction: Infraction): boolean {
  if (entry.creationHeight < infraction.height) return false;
  return !isReached(entry.completionTime, context.time) || entry.unbondingOnHoldRefCount > 0n;
}

function slashUnbonding(
  env: StakingEnvironment,
  context: Context,
  {
    pair,
    unbonding,
    infraction,
  }: {
    readonly pair: DelegationPair;
    readonly unbonding: UnbondingDelegation;
    readonly infraction: Infraction;
  },
): bigint {
  let total = 0n;
  let burnt = 0n;
  const entries = [...unbonding.entries];
  for (const [index, entry] of entries.entries()) {
    if (!isLiable(context, entry, infraction)) continue;
    const share = infraction.fraction.mulInt(BigInt(entry.initialBalance || "0")).truncateInt();
    total += share;
    const balance = BigInt(entry.balance || "0");
    const taken = min(share, balance);
    if (taken === 0n) continue;
    burnt += taken;
    entries[index] = { ...entry, balance: (balance - taken).toString() };
    setUnbonding(context, pair, { ...unbonding, entries });
  }
  burnFromPool(env, context, { pool: notBondedPoolName, amount: burnt });
  return total;
}

function slashRedelegation(
  env: StakingEnvironment,
  context: Context,
  {
    path,
    redelegation,
    infraction,
  }: {
    readonly path: RedelegationPath;
    readonly redelegation: Redelegation;
    readonly infraction: Infraction;
  },
): bigint {
  const pair = { delegator: path.delegator, operator: path.destination };
  let total = 0n;
  const burnt = { bonded: 0n, notBonded: 0n };
  for (const entry of redelegation.entries) {
    if (!isLiable(context, entry, infraction)) continue;
    const { fraction } = infraction;
    const share = fraction.mulInt(BigInt(entry.initialBalance || "0")).truncateInt();
    total += share;
    const taken = takeFromUnbonding(context, pair, { infraction, share });
    burnt.notBonded += taken;
    let shares = fraction.mul(Dec.fromWire(entry.sharesDst));
    if (shares.isZero || share === taken) continue;
    const delegation = getDelegation(context, pair.delegator, pair.operator);
    if (delegation === undefined) continue;
    const held = Dec.fromWire(delegation.shares);
    if (held.lessThan(shares)) shares = held;
    const tokens = unbond(env, context, pair, shares);
    burnt[isBonded(mustGetValidator(context, pair.operator)) ? "bonded" : "notBonded"] += tokens;
  }
  burnFromPool(env, context, { pool: bondedPoolName, amount: burnt.bonded });
  burnFromPool(env, context, { pool: notBondedPoolName, amount: burnt.notBonded });
  return total;
}

/** Stake that was moved on and is now unbonding from the destination pays first. */
function takeFromUnbonding(
  context: Context,
  pair: DelegationPair,
  { infraction, share }: { readonly infraction: Infraction; readonly share: bigint },
): bigint {
  const unbonding = getUnbonding(context, pair);
  if (unbonding === undefined) return 0n;
  let taken = 0n;
  const entries = [...unbonding.entries];
  for (const [index, entry] of entries.entries()) {
    const balance = BigInt(entry.balance || "0");
    const part = min(share - taken, balance);
    if (part === 0n || !isLiable(context, entry, infraction)) continue;
    taken += part;
    entries[index] = { ...entry, balance: (balance - part).toString() };
    setUnbonding(context, pair, { ...unbonding, entries });
  }
  return taken;
}
