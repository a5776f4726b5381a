/**
 * Encryption to an identity whose key need not exist yet: Boneh and Franklin's scheme with the
 * Fujisaki-Okamoto transform, in the form of drand's `tlock`: `U (96) || V || W`.
 *
 * The identity's key is a BLS signature in G1 over it. Changed ciphertexts are refused: the
 * randomness is hashed of the plaintext, and U is made again.
 */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { bytesToInteger, concatBytes, equalBytes, integerToBytes, utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { RandomBytes, Scalar } from "../groups/group.ts";
import {
  type G1Point,
  bls12381G1Group as g1,
  bls12381G2Group as g2,
} from "../groups/noble-group.ts";

/** Longest plaintext: one hash. Longer ones are encrypted under a key that is sealed by this. */
export const IBE_BYTES_MAX = 32;

type Fp12 = ReturnType<typeof bls12_381.pairing>;

/**
 * @param publicKey 96 bytes. @param identity what the identity's key is a multiple of.
 * @throws {ThresholdError} `threshold/length` unless 1 to 32 bytes; the codes of decoding.
 */
export function encryptToIdentity(
  publicKey: Uint8Array,
  identity: G1Point,
  plaintext: Uint8Array,
  random: RandomBytes = randomBytes,
): Uint8Array {
  assertPlain(plaintext.length);
  const sigma = random(plaintext.length);
  const scalar = hashToScalar(sigma, plaintext);
  const shared = bls12_381.fields.Fp12.pow(
    bls12_381.pairing(identity, g2.decode(publicKey)),
    scalar,
  );
  return concatBytes(
    g2.encode(g2.multiplyBase(scalar)),
    exclusiveOr(sigma, hashPairing(shared)),
    exclusiveOr(plaintext, hashSigma(sigma)),
  );
}

/**
 * @param key the identity's key, 48 bytes.
 * @throws {ThresholdError} `threshold/length`, `threshold/proof` if the ciphertext was changed or
 * is for another identity; the codes of decoding.
 */
export function decryptWithIdentity(key: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const lengthBytes = (ciphertext.length - g2.elementBytes) / 2;
  assertPlain(lengthBytes);
  const head = ciphertext.slice(0, g2.elementBytes);
  const [v, w] = [
    ciphertext.slice(head.length, head.length + lengthBytes),
    ciphertext.slice(head.length + lengthBytes),
  ];
  const shared = bls12_381.pairing(g1.decode(key), g2.decode(head));
  const sigma = exclusiveOr(v, hashPairing(shared));
  const plaintext = exclusiveOr(w, hashSigma(sigma));
  if (!equalBytes(g2.encode(g2.multiplyBase(hashToScalar(sigma, plaintext))), head)) {
    throw new ThresholdError({ code: "threshold/proof" });
  }
  return plaintext;
}

function assertPlain(lengthBytes: number): void {
  if (!Number.isInteger(lengthBytes) || lengthBytes < 1 || lengthBytes > IBE_BYTES_MAX) {
    throw new ThresholdError({ code: "threshold/length", what: "plaintext", lengthBytes });
  }
}

function exclusiveOr(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, i) => byte ^ (right[i] as number));
}

/** Coordinates of the highest degree first, as kilic's library writes them. */
function hashPairing({ c0, c1 }: Fp12): Uint8Array {
  const coordinates = [c0, c1]
    .flatMap(({ c0: a, c1: b, c2: c }) => [a, b, c])
    .flatMap(({ c0: a, c1: b }) => [a, b]);
  const bytes = coordinates.toReversed().map((value) => integerToBytes(value, 48, false));
  return sha256(concatBytes(utf8("IBE-H2"), ...bytes));
}

function hashSigma(sigma: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8("IBE-H4"), sigma));
}

/** Tries until 255 bits are below the order, which each does with some 9 in 10. */
function hashToScalar(sigma: Uint8Array, plaintext: Uint8Array): Scalar {
  const start = sha256(concatBytes(utf8("IBE-H3"), sigma, plaintext));
  for (let i = 1; i < 65_535; i++) {
    const bytes = sha256(concatBytes(integerToBytes(BigInt(i), 2, true), start));
    bytes[0] = (bytes[0] as number) >> 1;
    const scalar = bytesToInteger(bytes, false);
    if (scalar < g1.order) return scalar;
  }
  throw new ThresholdError({ code: "threshold/proof" });
}
