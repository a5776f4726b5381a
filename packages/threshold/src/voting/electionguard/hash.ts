/** The hash function of ElectionGuard (specification 2.0.0, section 5.1): HMAC with SHA-256. */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToInteger, concatBytes, integerToBytes } from "../../bytes.ts";
import { Q } from "./group.ts";

export const ELEMENT_BYTES = 512;

/** H(key; separator ‖ parts), 32 bytes. @param key 32 bytes that bind to an election. */
export function hash(
  key: Uint8Array,
  separator: number,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  return hmac(sha256, key, concatBytes(Uint8Array.of(separator), ...parts));
}

/** A hash as an exponent. */
export function hashToExponent(...input: Parameters<typeof hash>): bigint {
  return bytesToInteger(hash(...input), false) % Q;
}

export function elementBytes(element: bigint): Uint8Array {
  return integerToBytes(element, ELEMENT_BYTES, false);
}

export function exponentBytes(exponent: bigint): Uint8Array {
  return integerToBytes(exponent, 32, false);
}

/** Small integers take four bytes. */
export function indexBytes(index: number): Uint8Array {
  return integerToBytes(BigInt(index), 4, false);
}
