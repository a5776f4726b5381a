import { hash } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { assertLength } from "./errors.ts";

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/** SHA-256, 32 bytes. */
export function sha256(data: Uint8Array): Uint8Array {
  return digest("sha256", data, new Uint8Array(DIGEST_BYTES));
}

/** SHA-512, 64 bytes. */
export function sha512(data: Uint8Array): Uint8Array {
  return digest("sha512", data, new Uint8Array(64));
}

/** RIPEMD-160, 20 bytes. */
export function ripemd160(data: Uint8Array): Uint8Array {
  return digest("ripemd160", data, new Uint8Array(20));
}

/**
 * Writes a digest to `target` from `offset` on. Node gives it as a one-byte string three times
 * faster than as a Buffer.
 */
function digest<Target extends Uint8Array>(
  algorithm: "sha256" | "sha512" | "ripemd160",
  data: Uint8Array,
  target: Target,
  offset = 0,
): Target {
  const text = hash(algorithm, data, "binary");
  for (let i = 0; i < text.length; i++) target[offset + i] = text.charCodeAt(i);
  return target;
}

/** Keccak-256 with the padding of Ethereum (not SHA3-256), 32 bytes. */
export function keccak256(data: Uint8Array): Uint8Array {
  return keccak_256(data);
}

/** What HMAC hashes, but for long data; cleared after each use. */
const innerKept = new Uint8Array(4 * BLOCK_BYTES);
const outerKept = new Uint8Array(BLOCK_BYTES + DIGEST_BYTES);

/**
 * HMAC-SHA256 (RFC 2104), 32 bytes. Written over the one-shot hash, which is several times
 * faster than `createHmac` for the short inputs of this protocol.
 */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  const block = key.length > BLOCK_BYTES ? sha256(key) : key;
  const length = BLOCK_BYTES + data.length;
  const inner = length <= innerKept.length ? innerKept.subarray(0, length) : new Uint8Array(length);
  for (let i = 0; i < BLOCK_BYTES; i++) {
    const byte = i < block.length ? block[i]! : 0;
    inner[i] = byte ^ INNER_PAD;
    outerKept[i] = byte ^ OUTER_PAD;
  }
  inner.set(data, BLOCK_BYTES);
  const mac = sha256(digest("sha256", inner, outerKept, BLOCK_BYTES));
  inner.fill(0);
  outerKept.fill(0);
  return mac;
}

/**
 * HKDF-SHA256 (RFC 5869).
 * @param lengthBytes 1 to 8,160.
 * @throws {CryptoError} `crypto/bad_length`.
 */
export function hkdfSha256(options: {
  readonly salt: Uint8Array;
  readonly ikm: Uint8Array;
  readonly info: Uint8Array;
  readonly lengthBytes: number;
}): Uint8Array {
  const { salt, ikm, info, lengthBytes } = options;
  const count = Math.ceil(lengthBytes / DIGEST_BYTES);
  if (!(count >= 1 && count <= 255)) assertLength(new Uint8Array(0), -1, "hkdf output");
  const prk = hmacSha256(salt, ikm);
  const output = new Uint8Array(count * DIGEST_BYTES);
  let previous = new Uint8Array(0);
  for (let i = 1; i <= count; i++) {
    const input = new Uint8Array(previous.length + info.length + 1);
    input.set(previous);
    input.set(info, previous.length);
    input[input.length - 1] = i;
    previous = new Uint8Array(hmacSha256(prk, input));
    output.set(previous, (i - 1) * DIGEST_BYTES);
  }
  return output.slice(0, lengthBytes);
}
