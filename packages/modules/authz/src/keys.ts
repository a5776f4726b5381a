/** Keys of the `authz` store. @see chain-and-client-api section 5.3 */
import {
  concatBytes,
  lengthPrefixed,
  sortableTime,
  sortableTimeBytes,
  utf8Bytes,
  utf8Text,
} from "@tacit/sdk";

export const authzStoreName = "authz";

export const grantPrefix = Uint8Array.of(0x01);
export const queuePrefix = Uint8Array.of(0x02);

/** Who allows whom. */
export interface Pair {
  readonly granter: Uint8Array;
  readonly grantee: Uint8Array;
}

interface Instant {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** A grant; with an empty type the prefix of all of a pair. */
export function grantKey({ granter, grantee }: Pair, typeUrl: string): Uint8Array {
  return concatBytes(
    grantPrefix,
    lengthPrefixed(granter),
    lengthPrefixed(grantee),
    utf8Bytes(typeUrl),
  );
}

/** All grants of a granter. */
export function granterPrefix(granter: Uint8Array): Uint8Array {
  return concatBytes(grantPrefix, lengthPrefixed(granter));
}

/** Types of a pair's grants that end at one time. */
export function queueKey(expiration: Instant, { granter, grantee }: Pair): Uint8Array {
  return concatBytes(
    queuePrefix,
    sortableTime(expiration),
    lengthPrefixed(granter),
    lengthPrefixed(grantee),
  );
}

/** Everything that ended before `time`. */
export function queueEnd(time: Instant): Uint8Array {
  return concatBytes(queuePrefix, sortableTime(time), Uint8Array.of(0));
}

export function pairOfQueueKey(key: Uint8Array): Pair {
  return splitPair(key.subarray(queuePrefix.length + sortableTimeBytes));
}

/** The parts of a grant's key without its first byte. */
export function splitPair(bytes: Uint8Array): Pair & { readonly typeUrl: string } {
  const granterEnd = 1 + (bytes[0] ?? 0);
  const granteeEnd = granterEnd + 1 + (bytes[granterEnd] ?? 0);
  return {
    granter: bytes.subarray(1, granterEnd),
    grantee: bytes.subarray(granterEnd + 1, granteeEnd),
    typeUrl: utf8Text(bytes.subarray(granteeEnd)),
  };
}
