/** Keys of the chain database. Heights and indexes are big-endian, so that order is age. */

export const HEIGHT_BYTES = 8;
export const POSITION_BYTES = 12;

export function heightKey(height: bigint): Uint8Array {
  const key = new Uint8Array(HEIGHT_BYTES);
  new DataView(key.buffer).setBigUint64(0, height);
  return key;
}

/** Where a transaction stands: `height(8) ‖ index(4)`. */
export function positionKey(height: bigint, index: number): Uint8Array {
  const key = new Uint8Array(POSITION_BYTES);
  const view = new DataView(key.buffer);
  view.setBigUint64(0, height);
  view.setUint32(HEIGHT_BYTES, index);
  return key;
}

export function heightOf(key: Uint8Array, offset = 0): bigint {
  return new DataView(key.buffer, key.byteOffset, key.length).getBigUint64(offset);
}

export function indexOf(key: Uint8Array, offset = HEIGHT_BYTES): number {
  return new DataView(key.buffer, key.byteOffset, key.length).getUint32(offset);
}
