/** Keys of the `feegrant` store. @see chain-and-client-api section 5.3 */
import { concatBytes, lengthPrefixed, sortableTime, sortableTimeBytes } from "@tacit/sdk";

export const feegrantStoreName = "feegrant";

export const allowancePrefix = Uint8Array.of(0x00);
export const queuePrefix = Uint8Array.of(0x01);

interface Pair {
  readonly granter: Uint8Array;
  readonly grantee: Uint8Array;
}

interface Instant {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** Grantee first, so that all who grant to one account stand together. */
function pairBytes({ granter, grantee }: Pair): Uint8Array {
  return concatBytes(lengthPrefixed(grantee), lengthPrefixed(granter));
}

export function allowanceKey(pair: Pair): Uint8Array {
  return concatBytes(allowancePrefix, pairBytes(pair));
}

/** All allowances of a grantee. */
export function granteePrefix(grantee: Uint8Array): Uint8Array {
  return concatBytes(allowancePrefix, lengthPrefixed(grantee));
}

/** When an allowance ends, then whose it is; the value is empty. */
export function queueKey(expiration: Instant, pair: Pair): Uint8Array {
  return concatBytes(queuePrefix, sortableTime(expiration), pairBytes(pair));
}

/** Everything that ended before `time`. */
export function queueEnd(time: Instant): Uint8Array {
  return concatBytes(queuePrefix, sortableTime(time), Uint8Array.of(0));
}

/** Whose allowance a key of the queue is. */
export function pairOfQueueKey(key: Uint8Array): Pair {
  return pairOf(key.subarray(queuePrefix.length + sortableTimeBytes));
}

/** The two addresses of a key without what stands before them. */
export function pairOf(bytes: Uint8Array): Pair {
  const granteeEnd = 1 + (bytes[0] ?? 0);
  const granterStart = granteeEnd + 1;
  return {
    grantee: bytes.subarray(1, granteeEnd),
    granter: bytes.subarray(granterStart, granterStart + (bytes[granteeEnd] ?? 0)),
  };
}
