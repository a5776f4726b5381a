/** What the fields of a record hold, each in its one spelling: hex is upper-case and of full length. */
import { hexToBytes } from "@noble/hashes/utils.js";
import { readList, readObject, readText } from "../json.ts";
import { refuse } from "../refuse.ts";
import { NAME_CHARS_MAX } from "./limits.ts";

/** 4096 bits; whether it is in the group is for the verifications to say. */
export function readElement(value: unknown): bigint {
  return BigInt(`0x${readDigits(value, 1024, "an element")}`);
}

/** 256 bits; whether it is below Q is for the verifications to say. */
export function readExponent(value: unknown): bigint {
  return BigInt(`0x${readDigits(value, 64, "an exponent")}`);
}

/** 32 bytes. */
export function readHash(value: unknown): Uint8Array {
  return hexToBytes(readDigits(value, 64, "a hash"));
}

/** Bytes in hex, any number up to a bound. */
export function readBytes(value: unknown, lengthBytesMax: number): Uint8Array {
  const isBytes = typeof value === "string" && /^(?:[0-9A-F]{2})*$/.test(value);
  const isShort = isBytes && value.length <= 2 * lengthBytesMax;
  return isShort ? hexToBytes(value) : refuse("bytes are something else");
}

function readDigits(value: unknown, digits: number, what: string): string {
  const isHex = typeof value === "string" && value.length === digits && /^[0-9A-F]+$/.test(value);
  return isHex ? value : refuse(`${what} is something else`);
}

/** An id. */
export function readName(value: unknown): string {
  const name = readText(value);
  const isName = name.length >= 1 && name.length <= NAME_CHARS_MAX && name.isWellFormed();
  return isName ? name : refuse("a name is something else");
}

/** As `readList`, with at least one item and a bound that is checked before any is read. */
export function readSome<T>(
  value: unknown,
  countMax: number,
  read: (item: unknown) => T,
): readonly T[] {
  const isRight = Array.isArray(value) && value.length >= 1 && value.length <= countMax;
  return isRight ? readList(value, read) : refuse("a list is empty, too long or something else");
}

export function readFlag(value: unknown): boolean {
  return typeof value === "boolean" ? value : refuse("a switch is something else");
}

/** (g^x, K^(x + m)): K to the message, so that a sum is found as a power of K. */
export interface Ciphertext {
  readonly pad: bigint;
  readonly data: bigint;
}

export function readCiphertext(value: unknown): Ciphertext {
  const fields = readObject(value, ["pad", "data"]);
  return { pad: readElement(fields.pad), data: readElement(fields.data) };
}

export function isSame(left: Ciphertext, right: Ciphertext): boolean {
  return left.pad === right.pad && left.data === right.data;
}

export interface Proof {
  readonly challenge: bigint;
  readonly response: bigint;
}

export function readProof(value: unknown): Proof {
  const fields = readObject(value, ["challenge", "response"]);
  return { challenge: readExponent(fields.challenge), response: readExponent(fields.response) };
}

/** Any text to any text; nothing depends on it. */
export function readMetadata(value: unknown): void {
  if (value === undefined) return;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isObject) refuse("metadata are something else");
  for (const text of Object.values(value)) readText(text);
}
