/** Conversions between integers and bytes. Time depends on lengths alone only for the caller's. */

const HEX = /^(?:[0-9a-f]{2})*$/;

export function isHex(text: string): boolean {
  return HEX.test(text);
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= (left[i] as number) ^ (right[i] as number);
  return difference === 0;
}

export function bytesToInteger(bytes: Uint8Array, littleEndian: boolean): bigint {
  const ordered = littleEndian ? bytes.toReversed() : bytes;
  const view = new DataView(ordered.buffer, ordered.byteOffset, ordered.byteLength);
  const head = ordered.length % 8;
  let value = 0n;
  for (let i = 0; i < head; i++) value = (value << 8n) | BigInt(view.getUint8(i));
  if (ordered.length > 64) return hexToInteger(ordered);
  for (let i = head; i < ordered.length; i += 8) value = (value << 64n) | view.getBigUint64(i);
  return value;
}

/** Shifting is quadratic; the engine's parser is not. */
function hexToInteger(bytes: Uint8Array): bigint {
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return BigInt(`0x${hex}`);
}

/** @param value at least 0 and below 2^(8 lengthBytes). */
export function integerToBytes(
  value: bigint,
  lengthBytes: number,
  littleEndian: boolean,
): Uint8Array {
  const out = new Uint8Array(lengthBytes);
  if (lengthBytes > 64) {
    const hex = value.toString(16).padStart(2 * lengthBytes, "0");
    for (let i = 0; i < lengthBytes; i++) out[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
    return littleEndian ? out.reverse() : out;
  }
  const view = new DataView(out.buffer);
  let rest = value;
  let end = lengthBytes;
  for (; end >= 8; end -= 8, rest >>= 64n) view.setBigUint64(end - 8, BigInt.asUintN(64, rest));
  for (; end > 0; end -= 1, rest >>= 8n) view.setUint8(end - 1, Number(rest & 255n));
  return littleEndian ? out.reverse() : out;
}

export function u32LittleEndian(value: number): Uint8Array {
  return integerToBytes(BigInt(value), 4, true);
}

export function u16BigEndian(value: number): Uint8Array {
  return integerToBytes(BigInt(value), 2, false);
}

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}
