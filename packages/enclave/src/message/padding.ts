import type { NetworkParams } from "@tacit/enclave-channel";
import { fromBase64, ProtocolError, toBase64 } from "@tacit/encoding";
import { fromUtf8 } from "../bytes.ts";
import { CallError } from "../errors.ts";

export type PaddingLevel = NetworkParams["padding"];

/** Attributes, and records of a contract's state. */
export const SMALL_BLOCK_BYTES = 64;

/** Answers, errors and messages; as contracts pad them themselves. */
export const ANSWER_BLOCK_BYTES = 256;

/**
 * The smallest bucket that holds `bytes`: multiples of `block`, from eight blocks on at most an eighth
 * more than what is in it, so that a length tells the same few bits whatever it is.
 */
export function bucketBytes(bytes: number, block: number): number {
  const step = Math.max(block, 2 ** (28 - Math.clz32(bytes)));
  return Math.max(1, Math.ceil(bytes / step)) * step;
}

const MARK = 0x80;

/** For what the enclave itself reads again: `content ‖ 80 ‖ 00…`, which ends in exactly one way (ISO/IEC 7816-4). */
export function pad(content: Uint8Array, block: number): Uint8Array {
  return padBehind(0, content, block);
}

/** The same behind as many zero bytes, which are no part of the bucket. */
export function padBehind(zeroBytes: number, content: Uint8Array, block: number): Uint8Array {
  const padded = new Uint8Array(zeroBytes + bucketBytes(content.length + 1, block));
  padded.set(content, zeroBytes);
  padded[zeroBytes + content.length] = MARK;
  return padded;
}

/** The inverse of `pad`; undefined for what it did not make. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  return padded[end] === MARK ? padded.subarray(0, end) : undefined;
}

/** For clients that trim or parse what they get: spaces behind it. */
export function padWithSpaces(text: Uint8Array, block: number): Uint8Array {
  const padded = new Uint8Array(bucketBytes(text.length, block)).fill(0x20);
  padded.set(text);
  return padded;
}

/** Base64 of JSON as base64 of the same JSON with spaces behind it; anything else as it is. */
export function padJsonBase64(base64: string): string {
  try {
    const bytes = fromBase64(base64);
    const text = fromUtf8(bytes);
    if (text === undefined) return base64;
    JSON.parse(text);
    return toBase64(padWithSpaces(bytes, ANSWER_BLOCK_BYTES));
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof SyntaxError) return base64;
    throw error;
  }
}

/** What `pad` made and nobody else could have changed. @throws {CallError} `enclave/cannot_decrypt`. */
export function unpadOrFail(padded: Uint8Array): Uint8Array {
  const content = unpad(padded);
  if (content === undefined) throw new CallError("enclave/cannot_decrypt");
  return content;
}
