/** Bytes as hex and base64 text, and comparing them. */
import { EncodingError } from "./errors.ts";

/**
 * Methods that Node gives every Buffer and that work on any array of bytes. Small arrays live on V8's
 * heap; whoever makes a Buffer or a DataView of one, or asks for its buffer, moves it out of there.
 */
interface BufferMethods {
  hexSlice(this: Uint8Array, start: number, end: number): string;
  base64Slice(this: Uint8Array, start: number, end: number): string;
  base64Write(this: Uint8Array, text: string, offset: number, length: number): number;
}

const { hexSlice, base64Slice, base64Write } = Buffer.prototype as unknown as BufferMethods;

export function toHex(bytes: Uint8Array): string {
  return hexSlice.call(bytes, 0, bytes.length);
}

/** @throws {EncodingError} `encoding/hex` on an odd length or anything but 0-9, a-f, A-F. */
export function fromHex(text: string): Uint8Array {
  const bytes = Buffer.from(text, "hex");
  if (text.length !== bytes.length * 2) {
    throw new EncodingError({ code: "encoding/hex" }, "text is not hexadecimal");
  }
  return new Uint8Array(bytes);
}

/** Standard alphabet, padded. */
export function toBase64(bytes: Uint8Array): string {
  return base64Slice.call(bytes, 0, bytes.length);
}

/**
 * Reads the standard and the URL-safe alphabet, padded or not: clients send all four.
 *
 * @throws {EncodingError} `encoding/base64` on any other character or an impossible length.
 */
export function fromBase64(text: string): Uint8Array {
  let digits = text.length;
  if (text.endsWith("==")) digits -= 2;
  else if (text.endsWith("=")) digits -= 1;
  const padded = digits !== text.length;
  const bytes = new Uint8Array(Math.floor((digits * 3) / 4));
  // A character that is no digit makes the result shorter, whatever its place.
  if (
    digits % 4 === 1 ||
    (padded && text.length % 4 !== 0) ||
    base64Write.call(bytes, text, 0, bytes.length) !== bytes.length
  ) {
    throw new EncodingError({ code: "encoding/base64" }, "illegal base64 data");
  }
  return bytes;
}

/** Eight bytes. @param value 0 to 2^64 - 1. */
export function uint64BigEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  const high = value < TWO_TO_32 ? 0 : Number(BigInt.asUintN(32, value >> 32n));
  const low = Number(BigInt.asUintN(32, value));
  for (let i = 0; i < 4; i++) {
    bytes[i] = high >>> (24 - 8 * i);
    bytes[4 + i] = low >>> (24 - 8 * i);
  }
  return bytes;
}

const TWO_TO_32 = 1n << 32n;

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

/** Order of unsigned bytes; a prefix comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const count = Math.min(a.length, b.length);
  for (let index = 0; index < count; index++) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const result = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
