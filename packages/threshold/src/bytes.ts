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
  let hex = "";
  for (const byte of littleEndian ? bytes.toReversed() : bytes) {
    hex += byte.toString(16).padStart(2, "0");
  }
  return BigInt(`0x${hex || "0"}`);
}

/** @param value at least 0 and below 2^(8 lengthBytes). */
export function integerToBytes(
  value: bigint,
  lengthBytes: number,
  littleEndian: boolean,
): Uint8Array {
  const hex = value.toString(16).padStart(2 * lengthBytes, "0");
  const out = new Uint8Array(lengthBytes);
  for (let i = 0; i < lengthBytes; i++) out[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
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
