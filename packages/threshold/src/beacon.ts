/** Randomness in drand's scheme `bls-unchained-g1-rfc9380`: signatures in G1, keys in G2. */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { integerToBytes } from "./bytes.ts";
import { assertLength, ThresholdError } from "./errors.ts";
import type { Scalar } from "./groups/group.ts";
import {
  type G1Point,
  bls12381G1Group as g1,
  bls12381G2Group as g2,
} from "./groups/noble-group.ts";
import { lagrangeWeights } from "./vss.ts";

const DST = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/** A share's signature over a round; the index is the share's, from 1 on. */
export interface PartialSignature {
  readonly index: number;
  /** 48 bytes. */
  readonly signature: Uint8Array;
}

/** @throws {ThresholdError} `threshold/range` unless 1 <= round < 2^64. */
function roundPoint(round: bigint): G1Point {
  if (round < 1n || round >= 1n << 64n) throw new ThresholdError({ code: "threshold/range" });
  return g1.hashToGroup(sha256(integerToBytes(round, 8, false)), DST);
}

/** `secret` is a share or a whole key. @returns 48 bytes. @throws `threshold/range`. */
export function signRound(secret: Scalar, round: bigint): Uint8Array {
  return g1.encode(g1.multiplySecret(roundPoint(round), secret));
}

/**
 * Works for a whole signature under the group's key and for a partial under its public share.
 *
 * @param publicKey 96 bytes. @param signature 48 bytes.
 * @throws {ThresholdError} `threshold/signature`, `threshold/range`, and the codes of decoding.
 */
export function verifyRound(publicKey: Uint8Array, round: bigint, signature: Uint8Array): void {
  const key = g2.decode(publicKey);
  const point = g1.decode(signature);
  const product = bls12_381.pairingBatch([
    { g1: point, g2: g2.negate(g2.generator) },
    { g1: roundPoint(round), g2: key },
  ]);
  const { Fp12 } = bls12_381.fields;
  if (!Fp12.eql(product, Fp12.ONE)) throw new ThresholdError({ code: "threshold/signature" });
}

/**
 * The whole signature of `threshold` partials, each verified by the caller; verify the result.
 *
 * @throws {ThresholdError} `threshold/too_few`, `threshold/index`, `threshold/duplicate_index`.
 */
export function combineRound(partials: readonly PartialSignature[], threshold: number): Uint8Array {
  if (partials.length < threshold) {
    throw new ThresholdError({ code: "threshold/too_few", have: partials.length, need: threshold });
  }
  const used = partials.slice(0, Math.max(threshold, 1));
  const weights = lagrangeWeights(
    g1,
    used.map(({ index }) => index),
  );
  const points = used.map(({ signature }) => g1.decode(signature));
  return g1.encode(g1.sumOfProducts(points, weights));
}

/** 32 bytes that nobody could choose. @param signature 48 bytes, verified. */
export function roundRandomness(signature: Uint8Array): Uint8Array {
  assertLength(signature, g1.elementBytes, "signature");
  return sha256(signature);
}
