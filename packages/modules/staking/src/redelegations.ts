/** Stake that moved to another validator and can still be slashed for the first, with its queue. */
import { type Dec, decodeMessage, encodeMessage, type Instant } from "@tacit/encoding";
import {
  type DVVTriplet,
  DVVTripletsSchema,
  type Redelegation,
  type RedelegationEntry,
  RedelegationSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, prefixEnd } from "@tacit/sdk";
import type { StakingEnvironment } from "./environment.ts";
import {
  type RedelegationPath,
  redelegationByDestinationKey,
  redelegationBySourceKey,
  redelegationBySourcePrefixOf,
  redelegationKey,
  redelegationPrefixOf,
  redelegationQueueKey,
  redelegationQueueUntil,
  redelegationRange,
  redelegationToPrefixOf,
  splitAddresses,
  stakingStoreName,
} from "./keys.ts";
import { toTimestamp } from "./times.ts";
import { indexUnbonding, nextUnbondingId, unbondingKinds } from "./unbonding-ids.ts";

export function getRedelegation(
  context: Context,
  path: RedelegationPath,
): Redelegation | undefined {
  const bytes = context.kvStore(stakingStoreName).get(redelegationKey(path));
  return bytes === undefined ? undefined : decodeMessage(RedelegationSchema, bytes);
}

export function setRedelegation(
  context: Context,
  path: RedelegationPath,
  redelegation: Redelegation,
): void {
  const store = context.kvStore(stakingStoreName);
  store.set(redelegationKey(path), encodeMessage(RedelegationSchema, redelegation));
  store.set(redelegationBySourceKey(path), new Uint8Array());
  store.set(redelegationByDestinationKey(path), new Uint8Array());
}

/** Writes what is left, or removes the record when nothing is. */
export function setOrRemoveRedelegation(
  context: Context,
  path: RedelegationPath,
  redelegation: Redelegation,
): void {
  if (redelegation.entries.length > 0) {
    setRedelegation(context, path, redelegation);
    return;
  }
  const store = context.kvStore(stakingStoreName);
  store.delete(redelegationKey(path));
  store.delete(redelegationBySourceKey(path));
  store.delete(redelegationByDestinationKey(path));
}

/** Whether stake of a delegator is being moved to a validator. */
export function hasReceivingRedelegation(
  context: Context,
  delegator: Uint8Array,
  operator: Uint8Array,
): boolean {
  const prefix = redelegationToPrefixOf(delegator, operator);
  const pairs = context.kvStore(stakingStoreName).iterator(prefix, prefixEnd(prefix));
  for (const _ of pairs) return true;
  return false;
}

/** By ascending source, then destination. */
export function redelegationsOf(context: Context, delegator: Uint8Array): readonly Redelegation[] {
  const prefix = redelegationPrefixOf(delegator);
  const pairs = context.kvStore(stakingStoreName).iterator(prefix, prefixEnd(prefix));
  return Array.from(pairs, ([, value]) => decodeMessage(RedelegationSchema, value));
}

/** All that moved away from a validator, by ascending delegator. */
export function redelegationsFrom(
  context: Context,
  source: Uint8Array,
): readonly { readonly path: RedelegationPath; readonly redelegation: Redelegation }[] {
  const prefix = redelegationBySourcePrefixOf(source);
  const store = context.kvStore(stakingStoreName);
  return Array.from(store.iterator(prefix, prefixEnd(prefix)), ([key]) => {
    const [delegator, destination] = splitAddresses(key.subarray(prefix.length));
    const path = { delegator, source, destination };
    return { path, redelegation: getRedelegation(context, path)! };
  });
}

/** All of them by ascending delegator. */
export function* redelegations(context: Context): Iterable<Redelegation> {
  for (const [, value] of context.kvStore(stakingStoreName).iterator(...redelegationRange)) {
    yield decodeMessage(RedelegationSchema, value);
  }
}

export interface MovedStake {
  readonly creationHeight: bigint;
  readonly completionTime: Instant;
  readonly balance: bigint;
  /** Issued by the destination. */
  readonly shares: Dec;
}

export function addRedelegationEntry(
  env: StakingEnvironment,
  context: Context,
  path: RedelegationPath,
  moved: MovedStake,
): Redelegation {
  const id = nextUnbondingId(context);
  const { addresses, operators } = env.options;
  const known = getRedelegation(context, path) ?? {
    $typeName: "cosmos.staking.v1beta1.Redelegation" as const,
    delegatorAddress: addresses.toText(path.delegator),
    validatorSrcAddress: operators.toText(path.source),
    validatorDstAddress: operators.toText(path.destination),
    entries: [],
  };
  const entry: RedelegationEntry = {
    $typeName: "cosmos.staking.v1beta1.RedelegationEntry",
    creationHeight: moved.creationHeight,
    completionTime: toTimestamp(moved.completionTime),
    initialBalance: moved.balance.toString(),
    sharesDst: moved.shares.toWire(),
    unbondingId: id,
    unbondingOnHoldRefCount: 0n,
  };
  const redelegation = { ...known, entries: [...known.entries, entry] };
  setRedelegation(context, path, redelegation);
  indexUnbonding(context, id, { key: redelegationKey(path), kind: unbondingKinds.redelegation });
  return redelegation;
}

export function queueRedelegation(
  context: Context,
  redelegation: Redelegation,
  completionTime: Instant,
): void {
  const store = context.kvStore(stakingStoreName);
  const key = redelegationQueueKey(completionTime);
  const bytes = store.get(key);
  const triplets = bytes === undefined ? [] : decodeMessage(DVVTripletsSchema, bytes).triplets;
  const { delegatorAddress, validatorSrcAddress, validatorDstAddress } = redelegation;
  const triplet = {
    $typeName: "cosmos.staking.v1beta1.DVVTriplet" as const,
    delegatorAddress,
    validatorSrcAddress,
    validatorDstAddress,
  };
  store.set(key, encodeMessage(DVVTripletsSchema, { triplets: [...triplets, triplet] }));
}

/** Takes what is due out of the queue, in order of time. */
export function dequeueRedelegations(context: Context): readonly DVVTriplet[] {
  const store = context.kvStore(stakingStoreName);
  const due = [...store.iterator(...redelegationQueueUntil(context.time))];
  for (const [key] of due) store.delete(key);
  return due.flatMap(([, value]) => decodeMessage(DVVTripletsSchema, value).triplets);
}
