/** Coins on their way back to delegators, and the queue of when they arrive. */
import { decodeMessage, encodeMessage, type Instant } from "@tacit/encoding";
import {
  type DVPair,
  DVPairsSchema,
  type UnbondingDelegation,
  type UnbondingDelegationEntry,
  UnbondingDelegationSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, prefixEnd } from "@tacit/sdk";
import type { StakingEnvironment } from "./environment.ts";
import type { DelegationPair } from "./hooks.ts";
import {
  splitAddresses,
  stakingStoreName,
  unbondingByValidatorKey,
  unbondingByValidatorPrefixOf,
  unbondingKey,
  unbondingPrefixOf,
  unbondingQueueKey,
  unbondingQueueUntil,
  unbondingRange,
} from "./keys.ts";
import { nanosOf, toTimestamp } from "./times.ts";
import { indexUnbonding, nextUnbondingId, unbondingKinds } from "./unbonding-ids.ts";

export function getUnbonding(
  context: Context,
  { delegator, operator }: DelegationPair,
): UnbondingDelegation | undefined {
  const bytes = context.kvStore(stakingStoreName).get(unbondingKey(delegator, operator));
  return bytes === undefined ? undefined : decodeMessage(UnbondingDelegationSchema, bytes);
}

export function setUnbonding(
  context: Context,
  { delegator, operator }: DelegationPair,
  unbonding: UnbondingDelegation,
): void {
  const store = context.kvStore(stakingStoreName);
  const bytes = encodeMessage(UnbondingDelegationSchema, unbonding);
  store.set(unbondingKey(delegator, operator), bytes);
  store.set(unbondingByValidatorKey(operator, delegator), new Uint8Array());
}

/** Writes what is left, or removes the record when nothing is. */
export function setOrRemoveUnbonding(
  context: Context,
  pair: DelegationPair,
  unbonding: UnbondingDelegation,
): void {
  if (unbonding.entries.length > 0) {
    setUnbonding(context, pair, unbonding);
    return;
  }
  const store = context.kvStore(stakingStoreName);
  store.delete(unbondingKey(pair.delegator, pair.operator));
  store.delete(unbondingByValidatorKey(pair.operator, pair.delegator));
}

/** By ascending validator. */
export function unbondingsOf(
  context: Context,
  delegator: Uint8Array,
): readonly UnbondingDelegation[] {
  const prefix = unbondingPrefixOf(delegator);
  const pairs = context.kvStore(stakingStoreName).iterator(prefix, prefixEnd(prefix));
  return Array.from(pairs, ([, value]) => decodeMessage(UnbondingDelegationSchema, value));
}

/** All that unbonds from a validator, by ascending delegator. */
export function unbondingsFrom(
  context: Context,
  operator: Uint8Array,
): readonly { readonly pair: DelegationPair; readonly unbonding: UnbondingDelegation }[] {
  const prefix = unbondingByValidatorPrefixOf(operator);
  const store = context.kvStore(stakingStoreName);
  return Array.from(store.iterator(prefix, prefixEnd(prefix)), ([key]) => {
    const pair = { delegator: splitAddresses(key.subarray(1))[1], operator };
    return { pair, unbonding: getUnbonding(context, pair)! };
  });
}

/** All of them by ascending delegator. */
export function* unbondings(context: Context): Iterable<UnbondingDelegation> {
  for (const [, value] of context.kvStore(stakingStoreName).iterator(...unbondingRange)) {
    yield decodeMessage(UnbondingDelegationSchema, value);
  }
}

/** Adds to the entry of the same block, or makes one with an id. */
export function addUnbondingEntry(
  env: StakingEnvironment,
  context: Context,
  pair: DelegationPair,
  added: { readonly completionTime: Instant; readonly balance: bigint },
): UnbondingDelegation {
  const id = nextUnbondingId(context);
  const known = getUnbonding(context, pair) ?? {
    $typeName: "cosmos.staking.v1beta1.UnbondingDelegation" as const,
    delegatorAddress: env.options.addresses.toText(pair.delegator),
    validatorAddress: env.options.operators.toText(pair.operator),
    entries: [],
  };
  const isSame = (entry: UnbondingDelegationEntry) =>
    entry.creationHeight === context.height &&
    nanosOf(entry.completionTime) === nanosOf(added.completionTime);
  const at = known.entries.findIndex(isSame);
  const entries =
    at < 0
      ? [...known.entries, newEntry(context, id, added)]
      : known.entries.map((entry, index) =>
          index === at ? withBalanceAdded(entry, added.balance) : entry,
        );
  const unbonding = { ...known, entries };
  setUnbonding(context, pair, unbonding);
  if (at < 0) {
    const key = unbondingKey(pair.delegator, pair.operator);
    indexUnbonding(context, id, { key, kind: unbondingKinds.delegation });
  }
  return unbonding;
}

function newEntry(
  context: Context,
  unbondingId: bigint,
  added: { readonly completionTime: Instant; readonly balance: bigint },
): UnbondingDelegationEntry {
  return {
    $typeName: "cosmos.staking.v1beta1.UnbondingDelegationEntry",
    creationHeight: context.height,
    completionTime: toTimestamp(added.completionTime),
    initialBalance: added.balance.toString(),
    balance: added.balance.toString(),
    unbondingId,
    unbondingOnHoldRefCount: 0n,
  };
}

function withBalanceAdded(
  entry: UnbondingDelegationEntry,
  amount: bigint,
): UnbondingDelegationEntry {
  return {
    ...entry,
    balance: (BigInt(entry.balance) + amount).toString(),
    initialBalance: (BigInt(entry.initialBalance) + amount).toString(),
  };
}

export function queueUnbonding(
  context: Context,
  unbonding: UnbondingDelegation,
  completionTime: Instant,
): void {
  const store = context.kvStore(stakingStoreName);
  const key = unbondingQueueKey(completionTime);
  const bytes = store.get(key);
  const pairs = bytes === undefined ? [] : decodeMessage(DVPairsSchema, bytes).pairs;
  const { delegatorAddress, validatorAddress } = unbonding;
  const pair = {
    $typeName: "cosmos.staking.v1beta1.DVPair" as const,
    delegatorAddress,
    validatorAddress,
  };
  store.set(key, encodeMessage(DVPairsSchema, { pairs: [...pairs, pair] }));
}

/** Takes what is due out of the queue, in order of time. */
export function dequeueUnbondings(context: Context): readonly DVPair[] {
  const store = context.kvStore(stakingStoreName);
  const due = [...store.iterator(...unbondingQueueUntil(context.time))];
  for (const [key] of due) store.delete(key);
  return due.flatMap(([, value]) => decodeMessage(DVPairsSchema, value).pairs);
}
