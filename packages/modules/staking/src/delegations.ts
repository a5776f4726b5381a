/** Who staked how much with whom. */
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  type Delegation,
  DelegationSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, prefixEnd } from "@tacit/sdk";
import {
  byValidatorKey,
  delegationKey,
  delegationPrefixOf,
  delegationRange,
  stakingStoreName,
} from "./keys.ts";

export function getDelegation(
  context: Context,
  delegator: Uint8Array,
  operator: Uint8Array,
): Delegation | undefined {
  const bytes = context.kvStore(stakingStoreName).get(delegationKey(delegator, operator));
  return bytes === undefined ? undefined : decodeMessage(DelegationSchema, bytes);
}

/** Writes a delegation and its entry in the index by validator. */
export function setDelegation(
  context: Context,
  pair: { readonly delegator: Uint8Array; readonly operator: Uint8Array },
  delegation: Delegation,
): void {
  const store = context.kvStore(stakingStoreName);
  const { delegator, operator } = pair;
  store.set(delegationKey(delegator, operator), encodeMessage(DelegationSchema, delegation));
  store.set(byValidatorKey(operator, delegator), new Uint8Array());
}

export function removeDelegation(
  context: Context,
  { delegator, operator }: { readonly delegator: Uint8Array; readonly operator: Uint8Array },
): void {
  const store = context.kvStore(stakingStoreName);
  store.delete(delegationKey(delegator, operator));
  store.delete(byValidatorKey(operator, delegator));
}

/** By ascending validator. */
export function delegationsOf(context: Context, delegator: Uint8Array): readonly Delegation[] {
  const prefix = delegationPrefixOf(delegator);
  const pairs = context.kvStore(stakingStoreName).iterator(prefix, prefixEnd(prefix));
  return Array.from(pairs, ([, value]) => decodeMessage(DelegationSchema, value));
}

/** All delegations by ascending delegator. */
export function* delegations(context: Context): Iterable<Delegation> {
  for (const [, value] of context.kvStore(stakingStoreName).iterator(...delegationRange)) {
    yield decodeMessage(DelegationSchema, value);
  }
}
