/**
 * Byte strings as one-byte JavaScript strings ("ids"): one character a byte. They compare in byte
 * order with `<`, work as map keys, and take a quarter of the memory of a small typed array. Trees,
 * proofs and stores keep keys and hashes in this form; it does not leave these packages.
 */
import { hash } from "node:crypto";

/** Methods that Node gives every Buffer and that work on any Uint8Array. */
interface Latin1Methods {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
  latin1Write(this: Uint8Array, text: string, offset: number, length: number): number;
}

const { latin1Slice, latin1Write } = Buffer.prototype as unknown as Latin1Methods;

/** Below this length a loop in JavaScript beats the call into native code. */
const LOOP_LENGTH_MAX = 24;

/**
 * V8 keeps arrays up to this length on its own heap. The first native method that reads one moves it
 * out of there, which costs more than all the rest; `apply` does not.
 */
const HEAP_BYTES_MAX = 64;

export function bytesToId(bytes: Uint8Array): string {
  const { length } = bytes;
  if (length > HEAP_BYTES_MAX) return latin1Slice.call(bytes, 0, length);
  return String.fromCharCode.apply(undefined, bytes as unknown as number[]);
}

/** The id of `bytes[start, end)`. */
export function sliceToId(bytes: Uint8Array, start: number, end: number): string {
  return latin1Slice.call(bytes, start, end);
}

export function idToBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(id.length);
  writeId(bytes, id, 0);
  return bytes;
}

/** Writes `id` at `offset`. @returns the offset behind it. */
export function writeId(target: Uint8Array, id: string, offset: number): number {
  const length = id.length;
  if (length > LOOP_LENGTH_MAX) latin1Write.call(target, id, offset, length);
  else for (let i = 0; i < length; i++) target[offset + i] = id.charCodeAt(i);
  return offset + length;
}

/** Writes `value` (up to 2^53) as an unsigned LEB128 varint. @returns the offset behind it. */
export function writeUvarint(target: Uint8Array, value: number, offset: number): number {
  let rest = value;
  let at = offset;
  while (rest >= 0x80) {
    target[at++] = (rest % 0x80) | 0x80;
    rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80);
  }
  target[at++] = rest;
  return at;
}

/** Length of a SHA-256 digest, in bytes or characters. */
export const HASH_BYTES = 32;

/** SHA-256 as an id: a one-byte string is three times cheaper to get from Node than a Buffer. */
export function sha256Id(bytes: Uint8Array): string {
  return hash("sha256", bytes, "binary");
}

/** sha256(""): the root of a tree without leaves. */
export const EMPTY_HASH_ID: string = sha256Id(new Uint8Array(0));
