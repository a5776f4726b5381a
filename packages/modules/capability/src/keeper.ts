/**
 * Capabilities by number, and which modules own each. IBC claims them for ports and channels; this
 * is the part of them that is state. @see chain-and-client-api section 1.2
 */
import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  type CapabilityOwners,
  CapabilityOwnersSchema,
} from "@tacit/encoding/proto/capability/v1/capability";
import {
  type Context,
  concatBytes,
  prefixEnd,
  readUint64BigEndian,
  uint64BigEndian,
  utf8Bytes,
} from "@tacit/sdk";

export const capabilityStoreName = "capability";

const indexKey = utf8Bytes("index");
const ownersPrefix = utf8Bytes("capability_index");

function ownersKey(index: bigint): Uint8Array {
  return concatBytes(ownersPrefix, uint64BigEndian(index));
}

/** The number that the next capability gets; 0 before genesis. */
export function latestIndex(context: Context): bigint {
  const bytes = context.kvStore(capabilityStoreName).get(indexKey);
  return bytes === undefined ? 0n : readUint64BigEndian(bytes);
}

export function setLatestIndex(context: Context, index: bigint): void {
  context.kvStore(capabilityStoreName).set(indexKey, uint64BigEndian(index));
}

export function getOwners(context: Context, index: bigint): CapabilityOwners | undefined {
  const bytes = context.kvStore(capabilityStoreName).get(ownersKey(index));
  return bytes === undefined ? undefined : decodeMessage(CapabilityOwnersSchema, bytes);
}

export function setOwners(context: Context, index: bigint, owners: CapabilityOwners): void {
  const bytes = encodeMessage(CapabilityOwnersSchema, owners);
  context.kvStore(capabilityStoreName).set(ownersKey(index), bytes);
}

/** By ascending number. */
export function* allOwners(
  context: Context,
): Iterable<{ readonly index: bigint; readonly owners: CapabilityOwners }> {
  const store = context.kvStore(capabilityStoreName);
  for (const [key, value] of store.iterator(ownersPrefix, prefixEnd(ownersPrefix))) {
    const index = readUint64BigEndian(key, ownersPrefix.length);
    yield { index, owners: decodeMessage(CapabilityOwnersSchema, value) };
  }
}
