import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from "node:crypto";
import { plain } from "./bytes.ts";
import { assertLength, CryptoError } from "./errors.ts";
import { Secret } from "./secret.ts";

export const X25519_KEY_BYTES = 32;

const RAW = { asymmetricKeyType: "x25519" } as const;

/**
 * An X25519 private key (RFC 7748), kept unclamped as Secret keeps it; clamping is part of the
 * multiplication. It can be used but not read, printed or posted.
 */
export class X25519PrivateKey {
  readonly #key: KeyObject;
  readonly #publicKey: Uint8Array;
  readonly #refuseClone = new Secret(new Uint8Array(0), "x25519 private key");
  readonly refuseClone = this.#refuseClone.refuseClone;

  /** @param bytes 32 bytes; copied. @throws {CryptoError} `crypto/bad_length`. */
  constructor(bytes: Uint8Array) {
    assertLength(bytes, X25519_KEY_BYTES, "x25519 private key");
    const key = Buffer.from(bytes);
    this.#key = createPrivateKey({ ...RAW, key, format: "raw-private" });
    key.fill(0);
    this.#publicKey = Uint8Array.from(createPublicKey(this.#key).export({ format: "raw-public" }));
  }

  /** 32 bytes, little-endian u; a fresh array. */
  publicKey(): Uint8Array {
    return Uint8Array.from(this.#publicKey);
  }

  /**
   * The raw shared point, 32 bytes; never a key by itself but where the protocol says so.
   *
   * Secret computes with small-order keys too; they are refused here, since everybody would
   * know the result.
   * @throws {CryptoError} `crypto/bad_length`, `crypto/low_order_key`.
   */
  sharedSecret(publicKey: Uint8Array): Uint8Array {
    assertLength(publicKey, X25519_KEY_BYTES, "x25519 public key");
    const raw = Buffer.from(publicKey);
    const key = createPublicKey({ ...RAW, key: raw, format: "raw-public" });
    try {
      return plain(diffieHellman({ privateKey: this.#key, publicKey: key }));
    } catch (cause) {
      throw new CryptoError({ code: "crypto/low_order_key" }, { cause });
    }
  }

  toString(): string {
    return this.#refuseClone.toString();
  }

  toJSON(): never {
    return this.#refuseClone.toJSON();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
