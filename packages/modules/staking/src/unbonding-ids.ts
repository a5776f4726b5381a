/** Numbers of everything that unbonds, and what stands behind each. */
import { type Context, readUint64BigEndian, uint64BigEndian } from "@tacit/sdk";
import { stakingStoreName, unbondingIdKey, unbondingIndexKey, unbondingTypeKey } from "./keys.ts";

/** As stored by {@link indexUnbonding}. */
export const unbondingKinds = { delegation: 1n, redelegation: 2n, validator: 3n } as const;

export function nextUnbondingId(context: Context): bigint {
  const store = context.kvStore(stakingStoreName);
  const bytes = store.get(unbondingIdKey);
  const id = (bytes === undefined ? 0n : readUint64BigEndian(bytes)) + 1n;
  store.set(unbondingIdKey, uint64BigEndian(id));
  return id;
}

/** @param key of the record that holds the unbonding. */
export function indexUnbonding(
  context: Context,
  id: bigint,
  { key, kind }: { readonly key: Uint8Array; readonly kind: bigint },
): void {
  const store = context.kvStore(stakingStoreName);
  store.set(unbondingIndexKey(id), key);
  store.set(unbondingTypeKey(id), uint64BigEndian(kind));
}

/** The kind stays, as in the SDK. */
export function forgetUnbonding(context: Context, id: bigint): void {
  context.kvStore(stakingStoreName).delete(unbondingIndexKey(id));
}
