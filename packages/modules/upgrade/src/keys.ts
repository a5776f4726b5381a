/** Keys of the `upgrade` store. @see chain-and-client-api section 5.3 */
import { concatBytes, readUint64BigEndian, uint64BigEndian, utf8Bytes, utf8Text } from "@tacit/sdk";

export const upgradeStoreName = "upgrade";

export const planKey = Uint8Array.of(0x00);
export const donePrefix = Uint8Array.of(0x01);
export const versionPrefix = Uint8Array.of(0x02);
/** How many upgrades were applied, big-endian. */
export const protocolVersionKey = Uint8Array.of(0x03);

/** An upgrade that was applied; the value is 1. */
export function doneKey(height: bigint, name: string): Uint8Array {
  return concatBytes(donePrefix, uint64BigEndian(height), utf8Bytes(name));
}

export function splitDoneKey(key: Uint8Array): { readonly height: bigint; readonly name: string } {
  return { height: readUint64BigEndian(key, 1), name: utf8Text(key.subarray(9)) };
}

/** A module's version, big-endian. */
export function versionKey(module: string): Uint8Array {
  return concatBytes(versionPrefix, utf8Bytes(module));
}

/** What IBC keeps of a planned upgrade. */
export function upgradedClientKey(height: bigint): Uint8Array {
  return utf8Bytes(`upgradedIBCState/${height}/upgradedClient`);
}

export function upgradedConsensusKey(height: bigint): Uint8Array {
  return utf8Bytes(`upgradedIBCState/${height}/upgradedConsState`);
}
