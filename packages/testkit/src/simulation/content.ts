/** Whether two chains have the same state, whatever way led there. */
import { decodeMessage, encodeMessage, fromHex, toHex } from "@tacit/encoding";
import { GrantQueueItemSchema } from "@tacit/encoding/proto/cosmos/authz/v1beta1/authz";
import {
  RedelegationSchema,
  UnbondingDelegationSchema,
  ValidatorSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { createMemoryMultiStore, type MultiStore } from "@tacit/store";

/** Keys of a store that a genesis document does not hold, and why. */
interface LeftOut {
  readonly store: string;
  readonly prefix: number;
  readonly reason: string;
}

/** @see chain-and-client-api section 6 and sdk-fork section 1.1: what genesis states hold. */
export const leftOut: readonly LeftOut[] = [
  { store: "staking", prefix: 0x37, reason: "the last unbonding id: ids begin again" },
  { store: "staking", prefix: 0x38, reason: "the index of unbonding ids" },
  { store: "staking", prefix: 0x39, reason: "the kinds of unbonding ids" },
  { store: "staking", prefix: 0x41, reason: "order in a queue; places of what was cancelled" },
  { store: "staking", prefix: 0x42, reason: "order in a queue" },
  { store: "staking", prefix: 0x43, reason: "order in a queue" },
  { store: "staking", prefix: 0x50, reason: "headers of the past, with their state roots" },
  { store: "feegrant", prefix: 0x01, reason: "places in the queue of allowances that are revoked" },
  { store: "upgrade", prefix: 0x00, reason: "the plan: the module has no genesis state" },
  { store: "compute", prefix: 0x08, reason: "the counter of the last block's transactions" },
];

type Pairs = ReadonlyMap<string, Uint8Array>;

/** Key and value of everything that a genesis document holds, in a form that is the same for both. */
function content(stores: MultiStore, name: string): Pairs {
  const pairs = new Map<string, Uint8Array>();
  for (const [key, value] of stores.kvStore(name).iterator()) {
    if (leftOut.some(({ store, prefix }) => store === name && prefix === key[0])) continue;
    const same = canonical(name, key[0]!, value);
    if (same !== undefined) pairs.set(toHex(key), same);
  }
  return pairs;
}

/** @returns nothing for a record that means the same as none. */
function canonical(store: string, prefix: number, value: Uint8Array): Uint8Array | undefined {
  switch (`${store}/${prefix}`) {
    case "staking/50":
      return withoutIds(UnbondingDelegationSchema, value);
    case "staking/52":
      return withoutIds(RedelegationSchema, value);
    case "staking/33":
      return encodeMessage(ValidatorSchema, {
        ...decodeMessage(ValidatorSchema, value),
        unbondingIds: [],
      });
    // A window in which nothing was missed.
    case "slashing/2":
      return value.subarray(8).every((byte) => byte === 0) ? undefined : value;
    // The SDK leaves empty places in the queue behind, and any order of the types in the others.
    case "authz/2":
      return value.length === 0 ? undefined : sorted(value);
    // The first number is what absence means.
    case "compute/4":
      return value.every((byte, at) => byte === (at === 7 ? 1 : 0)) ? undefined : value;
    default:
      return value;
  }
}

function withoutIds(
  schema: typeof UnbondingDelegationSchema | typeof RedelegationSchema,
  value: Uint8Array,
): Uint8Array {
  const record = decodeMessage(schema, value);
  for (const entry of record.entries) entry.unbondingId = 0n;
  return encodeMessage(schema, record);
}

/** The types of grants that end at one time, in an order of their own. */
function sorted(value: Uint8Array): Uint8Array {
  const { msgTypeUrls } = decodeMessage(GrantQueueItemSchema, value);
  return encodeMessage(GrantQueueItemSchema, { msgTypeUrls: [...msgTypeUrls].sort() });
}

/** `store: key: value <-> value` for the first differences of each store. */
export function* differences(
  left: MultiStore,
  right: MultiStore,
  names: readonly string[],
): Iterable<string> {
  for (const name of names) {
    const [a, b] = [content(left, name), content(right, name)];
    let shown = 0;
    for (const key of new Set([...a.keys(), ...b.keys()])) {
      const [one, other] = [a.get(key), b.get(key)].map((value) => value && toHex(value));
      if (one === other) continue;
      yield `${name}: ${key}: ${one ?? "nothing"} <-> ${other ?? "nothing"}`;
      shown += 1;
      if (shown === 3) break;
    }
  }
}

/** The app hash of that content alone, written into new trees: equal for equal content. */
export function contentHash(stores: MultiStore, names: readonly string[]): Uint8Array {
  const fresh = createMemoryMultiStore(names);
  const branch = fresh.branch();
  for (const name of names) {
    const store = branch.kvStore(name);
    for (const [key, value] of content(stores, name)) store.set(fromHex(key), value);
  }
  branch.write();
  return fresh.workingHash();
}
