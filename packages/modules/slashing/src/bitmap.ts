/** Which blocks a validator missed, as Go's `bitset` writes it: length in bits, then 64-bit words. */

/** Blocks of one bitmap. */
export const CHUNK_BITS = 1024n;

const HEADER_BYTES = 8;
const CHUNK_BYTES = HEADER_BYTES + Number(CHUNK_BITS) / 8;

/** A bitmap without any bit. */
export function emptyBitmap(): Uint8Array {
  const bytes = new Uint8Array(CHUNK_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, CHUNK_BITS);
  return bytes;
}

/** Byte and mask of a bit: words are big-endian, the first bit is a word's lowest. */
function place(index: number): { readonly at: number; readonly mask: number } {
  const word = Math.floor(index / 64);
  const inWord = index % 64;
  return { at: HEADER_BYTES + word * 8 + 7 - Math.floor(inWord / 8), mask: 1 << (inWord % 8) };
}

export function hasBit(bitmap: Uint8Array, index: number): boolean {
  const { at, mask } = place(index);
  return ((bitmap[at] ?? 0) & mask) !== 0;
}

/** A copy with one bit as said. */
export function withBit(bitmap: Uint8Array, index: number, isSet: boolean): Uint8Array {
  const copy = bitmap.slice();
  const { at, mask } = place(index);
  const byte = copy[at] ?? 0;
  copy[at] = isSet ? byte | mask : byte & ~mask;
  return copy;
}
