import { createRequire } from "node:module";
import { secp256k1 as noble } from "@noble/curves/secp256k1.js";
import { assertLength, CryptoError } from "./errors.ts";
import type { Secret } from "./secret.ts";

export const SECP256K1_SIGNATURE_BYTES = 64;
const DIGEST_BYTES = 32;
const COMPRESSED_KEY_BYTES = 33;

/** What the native module offers of libsecp256k1; it throws on malformed input. */
interface NativeSecp256k1 {
  ecdsaVerify(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): boolean;
  ecdsaSign(
    digest: Uint8Array,
    privateKey: Uint8Array,
  ): { readonly signature: Uint8Array; readonly recid: number };
  ecdsaRecover(
    signature: Uint8Array,
    recoveryId: number,
    digest: Uint8Array,
    compressed: boolean,
    output: Uint8Array,
  ): Uint8Array;
}

/**
 * The native module's own binding: its index would silently fall back to a library that nobody
 * should verify consensus with.
 */
function loadNative(): NativeSecp256k1 | undefined {
  try {
    return createRequire(import.meta.url)("secp256k1/bindings.js") as NativeSecp256k1;
  } catch {
    return undefined;
  }
}

/** Told around each call of native code, whose thread must not be terminated inside of it. */
export interface NativeGuard {
  enter(): void;
  leave(): void;
}

let guard: NativeGuard = { enter: () => {}, leave: () => {} };

/** Has `given` told of every native call of this thread from now on. */
export function guardNativeCalls(given: NativeGuard): void {
  guard = given;
}

const binding = loadNative();
const native: NativeSecp256k1 | undefined = binding && {
  ecdsaVerify: (...args) => guarded(() => binding.ecdsaVerify(...args)),
  ecdsaSign: (...args) => guarded(() => binding.ecdsaSign(...args)),
  ecdsaRecover: (...args) => guarded(() => binding.ecdsaRecover(...args)),
};

function guarded<T>(call: () => T): T {
  guard.enter();
  try {
    return call();
  } finally {
    guard.leave();
  }
}

/** Which implementation this process verifies with; results are the same. */
export const secp256k1Implementation: "native" | "noble" =
  native === undefined ? "noble" : "native";

/**
 * ECDSA over a 32-byte digest. Signatures with high S are invalid, as in Cosmos.
 *
 * @param signature 64 bytes, r ‖ s. @param publicKey 33 bytes compressed or 65 uncompressed.
 * @returns false for every signature or key that does not parse too.
 */
export function secp256k1Verify(
  digest: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (digest.length !== DIGEST_BYTES || signature.length !== SECP256K1_SIGNATURE_BYTES)
    return false;
  if (!isPublicKeyShape(publicKey)) return false;
  try {
    return native === undefined
      ? noble.verify(signature, digest, publicKey, { prehash: false, lowS: true })
      : native.ecdsaVerify(signature, digest, publicKey);
  } catch {
    return false;
  }
}

/** Only compressed and uncompressed encodings; the hybrid ones of X9.62 are none of ours. */
function isPublicKeyShape(key: Uint8Array): boolean {
  if (key.length === COMPRESSED_KEY_BYTES) return key[0] === 2 || key[0] === 3;
  return key.length === 65 && key[0] === 4;
}

/** Whether the bytes are a point of the curve, compressed or uncompressed. Slow without the native module. */
export function isSecp256k1PublicKey(key: Uint8Array): boolean {
  if (!isPublicKeyShape(key)) return false;
  return noble.utils.isValidPublicKey(key);
}

/**
 * Deterministic ECDSA (RFC 6979), low S: 64 bytes, r ‖ s, over a 32-byte digest.
 * @throws {CryptoError} `crypto/bad_length`, `crypto/bad_key`.
 */
export function secp256k1Sign(digest: Uint8Array, privateKey: Secret): Uint8Array {
  assertLength(digest, DIGEST_BYTES, "digest");
  const key = privateKey.reveal();
  try {
    return native === undefined
      ? noble.sign(digest, key, { prehash: false, lowS: true })
      : Uint8Array.from(native.ecdsaSign(digest, key).signature);
  } catch {
    throw new CryptoError({ code: "crypto/bad_key", curve: "secp256k1" });
  }
}

/** 33 bytes, compressed. @throws {CryptoError} `crypto/bad_key` outside 1 ≤ key < n. */
export function secp256k1PublicKey(privateKey: Secret): Uint8Array {
  try {
    return noble.getPublicKey(privateKey.reveal(), true);
  } catch {
    throw new CryptoError({ code: "crypto/bad_key", curve: "secp256k1" });
  }
}

/**
 * The key that made a signature: 33 bytes, compressed. High S is accepted, as upstream does.
 * @param recoveryId 0 to 3.
 * @throws {CryptoError} `crypto/bad_signature_format` if there is none.
 */
export function secp256k1Recover(
  digest: Uint8Array,
  signature: Uint8Array,
  recoveryId: number,
): Uint8Array {
  assertLength(digest, DIGEST_BYTES, "digest");
  assertLength(signature, SECP256K1_SIGNATURE_BYTES, "signature");
  try {
    if (!Number.isInteger(recoveryId) || recoveryId < 0 || recoveryId > 3) throw new RangeError();
    return native === undefined
      ? noble.Signature.fromBytes(signature)
          .addRecoveryBit(recoveryId)
          .recoverPublicKey(digest)
          .toBytes(true)
      : Uint8Array.from(
          native.ecdsaRecover(
            signature,
            recoveryId,
            digest,
            true,
            new Uint8Array(COMPRESSED_KEY_BYTES),
          ),
        );
  } catch {
    throw new CryptoError({ code: "crypto/bad_signature_format" });
  }
}
