/** Bytes as hex and base64 text, and comparing them. */
import { EncodingError } from "./errors.ts";

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
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
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
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
  const bytes = Buffer.from(text, "base64");
  // A character that is no digit makes the result shorter, whatever its place.
  if (
    digits % 4 === 1 ||
    (padded && text.length % 4 !== 0) ||
    bytes.length !== Math.floor((digits * 3) / 4)
  ) {
    throw new EncodingError({ code: "encoding/base64" }, "illegal base64 data");
  }
  return new Uint8Array(bytes);
}

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
