/** Every key of the store `slashing` (Cosmos SDK v0.50, `x/slashing/types/keys.go`). */
import { concatBytes, lengthPrefixed } from "@tacit/sdk";

export const slashingStoreName = "slashing";

/** Protobuf Params. */
export const paramsKey: Uint8Array = Uint8Array.of(0x00);
export const signingInfoPrefix: Uint8Array = Uint8Array.of(0x01);
const bitmapPrefix = Uint8Array.of(0x02);
const publicKeyPrefix = Uint8Array.of(0x03);

/** Protobuf ValidatorSigningInfo. */
export function signingInfoKey(consensusAddress: Uint8Array): Uint8Array {
  return concatBytes(signingInfoPrefix, lengthPrefixed(consensusAddress));
}

/** Bitmaps of a validator; the number of the chunk follows. */
export function bitmapPrefixOf(consensusAddress: Uint8Array): Uint8Array {
  return concatBytes(bitmapPrefix, lengthPrefixed(consensusAddress));
}

/** A bitmap of 1,024 blocks. The chunk's number is little-endian. */
export function bitmapKey(consensusAddress: Uint8Array, chunk: bigint): Uint8Array {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, chunk, true);
  return concatBytes(bitmapPrefixOf(consensusAddress), number);
}

/** Protobuf Any of the public key. */
export function publicKeyKey(consensusAddress: Uint8Array): Uint8Array {
  return concatBytes(publicKeyPrefix, lengthPrefixed(consensusAddress));
}
