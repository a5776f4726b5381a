import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as nodeSign,
  verify as nodeVerify,
} from "node:crypto";
import { ed25519 as noble } from "@noble/curves/ed25519.js";
import { concat, plain } from "./bytes.ts";
import { assertLength } from "./errors.ts";
import { Secret } from "./secret.ts";

export const ED25519_KEY_BYTES = 32;
export const ED25519_SIGNATURE_BYTES = 64;

const PRIVATE_PREFIX = Uint8Array.from(Buffer.from("302e020100300506032b657004220420", "hex"));
const PUBLIC_PREFIX = Uint8Array.from(Buffer.from("302a300506032b6570032100", "hex"));

/**
 * Ed25519 under the rules of ZIP-215, as CometBFT and contracts need: every node accepts the
 * same signatures. OpenSSL's rules are narrower, so what it accepts is valid and only the rest
 * is asked again of the slow implementation.
 *
 * @returns false for inputs of a wrong length too.
 */
export function ed25519Verify(
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (signature.length !== ED25519_SIGNATURE_BYTES || publicKey.length !== ED25519_KEY_BYTES) {
    return false;
  }
  if (opensslAccepts(message, signature, publicKey)) return true;
  try {
    return noble.verify(signature, message, publicKey, { zip215: true });
  } catch {
    return false;
  }
}

function opensslAccepts(
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  try {
    const der = Buffer.from(concat(PUBLIC_PREFIX, publicKey));
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    return nodeVerify(null, message, key, signature);
  } catch {
    return false;
  }
}

/** Whether the bytes are a point of the curve under ZIP-215. */
export function isEd25519PublicKey(key: Uint8Array): boolean {
  return key.length === ED25519_KEY_BYTES && noble.utils.isValidPublicKey(key, true);
}

/** An Ed25519 signing key (RFC 8032). It can be used but not read, printed or posted. */
export class Ed25519PrivateKey {
  readonly #key: KeyObject;
  readonly #publicKey: Uint8Array;
  readonly #guard = new Secret(new Uint8Array(0), "ed25519 private key");
  readonly refuseClone = this.#guard.refuseClone;

  /** @param seed 32 bytes; copied. @throws {CryptoError} `crypto/bad_length`. */
  constructor(seed: Uint8Array) {
    assertLength(seed, ED25519_KEY_BYTES, "ed25519 seed");
    const der = Buffer.from(concat(PRIVATE_PREFIX, seed));
    this.#key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    der.fill(0);
    const spki = createPublicKey(this.#key).export({ format: "der", type: "spki" });
    this.#publicKey = Uint8Array.from(spki.subarray(PUBLIC_PREFIX.length));
  }

  /** 32 bytes; a fresh array. */
  publicKey(): Uint8Array {
    return Uint8Array.from(this.#publicKey);
  }

  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array {
    return plain(nodeSign(null, message, this.#key));
  }

  toString(): string {
    return this.#guard.toString();
  }

  toJSON(): never {
    return this.#guard.toJSON();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
