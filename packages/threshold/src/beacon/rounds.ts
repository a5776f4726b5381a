/** Randomness in drand's scheme `bls-unchained-g1-rfc9380`: signatures in G1, keys in G2. */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { bytesToInteger, integerToBytes, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { RandomBytes, Scalar } from "../groups/group.ts";
import type { G1Point, G2Point } from "../groups/noble-group.ts";
import { noblePairing, type Pairing } from "../groups/pairing.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import { encodeString } from "../sigma/transcript.ts";
import { lagrangeWeights } from "../vss.ts";

export const BEACON_DST = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
/** Bytes of a scalar that weighs one of a batch: a wrong batch passes once in 2^128. */
const WEIGHT_BYTES = 16;

/** A share's signature over a round; the index is the share's, from 1 on. */
export interface PartialSignature {
  readonly index: number;
  /** 48 bytes. */
  readonly signature: Uint8Array;
}

/** 32 bytes that a round's signature is over. @throws `threshold/range` unless 1 <= round < 2^64. */
export function roundMessage(round: bigint): Uint8Array {
  if (round < 1n || round >= 1n << 64n) throw new ThresholdError({ code: "threshold/range" });
  return sha256(integerToBytes(round, 8, false));
}

/** drand's bytes of a partial: index - 1 as two bytes, then the signature. */
export function encodePartial({ index, signature }: PartialSignature): Uint8Array {
  assertLength(signature, 48, "signature");
  return new ByteWriter()
    .unsigned(index - 1, 2)
    .fixed(signature)
    .bytes();
}

/** @throws {ThresholdError} `threshold/length`, `threshold/index`. */
export function decodePartial(bytes: Uint8Array): PartialSignature {
  const reader = new ByteReader(bytes);
  const index = reader.unsigned(2) + 1;
  const signature = reader.fixed(48);
  reader.end();
  if (index > 0xffff) throw new ThresholdError({ code: "threshold/index", index });
  return { index, signature };
}

/** The beacon by a backend of choice; see {@link loadPairing}. */
export interface BeaconScheme {
  signRound(secret: Scalar, round: bigint): Uint8Array;
  verifyRound(publicKey: Uint8Array, round: bigint, signature: Uint8Array): void;
  verifyPartials(
    publicShares: readonly Uint8Array[],
    round: bigint,
    partials: readonly PartialSignature[],
    random?: RandomBytes,
  ): void;
  combineRound(partials: readonly PartialSignature[], threshold: number): Uint8Array;
}

export function createBeaconScheme<P1, P2>({
  g1,
  g2,
  isProductOne,
  sumOfEncoded,
}: Pairing<P1, P2>): BeaconScheme {
  const roundPoint = (round: bigint) => g1.hashToGroup(roundMessage(round), BEACON_DST);
  const minusG2 = g2.negate(g2.generator);
  const isSigned = (point: P1, message: P1, key: P2) =>
    isProductOne([
      { g1: point, g2: minusG2 },
      { g1: message, g2: key },
    ]);
  const isPartialRight = (share: Uint8Array, message: P1, signature: Uint8Array): boolean => {
    try {
      return isSigned(g1.decode(signature), message, g2.decode(share));
    } catch (error) {
      if (error instanceof ThresholdError) return false;
      throw error;
    }
  };
  const isBatchRight = (
    shares: readonly Uint8Array[],
    message: P1,
    partials: readonly PartialSignature[],
    random: RandomBytes,
  ): boolean => {
    try {
      const weights = partials.map(() => bytesToInteger(random(WEIGHT_BYTES), true));
      const points = partials.map(({ signature }) => g1.decode(signature));
      const keys = shares.map((share) => g2.decode(share));
      return isSigned(g1.sumOfProducts(points, weights), message, g2.sumOfProducts(keys, weights));
    } catch (error) {
      if (error instanceof ThresholdError) return false;
      throw error;
    }
  };
  return {
    signRound: (secret, round) => g1.encode(g1.multiplySecret(roundPoint(round), secret)),
    verifyRound(publicKey, round, signature) {
      if (!isSigned(g1.decode(signature), roundPoint(round), g2.decode(publicKey))) {
        throw new ThresholdError({ code: "threshold/signature" });
      }
    },
    verifyPartials(publicShares, round, partials, random = randomBytes) {
      const message = roundPoint(round);
      const shares = partials.map(({ index }) => {
        const share = publicShares[index - 1];
        if (share === undefined) throw new ThresholdError({ code: "threshold/index", index });
        return share;
      });
      if (partials.length === 0 || isBatchRight(shares, message, partials, random)) return;
      const indices = partials.flatMap(({ index, signature }, i) =>
        isPartialRight(shares[i] as Uint8Array, message, signature) ? [] : [index],
      );
      if (indices.length > 0) throw new ThresholdError({ code: "threshold/bad_share", indices });
    },
    combineRound(partials, threshold) {
      if (partials.length < threshold) {
        const have = partials.length;
        throw new ThresholdError({ code: "threshold/too_few", have, need: threshold });
      }
      const used = partials.slice(0, Math.max(threshold, 1));
      const weights = lagrangeWeights(
        g1,
        used.map(({ index }) => index),
      );
      const signatures = used.map(({ signature }) => signature);
      return g1.encode(sumOfEncoded(signatures, weights));
    },
  };
}

const noble: BeaconScheme = createBeaconScheme<G1Point, G2Point>(noblePairing);

/** `secret` is a share or a whole key. @returns 48 bytes. @throws `threshold/range`. */
export function signRound(secret: Scalar, round: bigint): Uint8Array {
  return noble.signRound(secret, round);
}

/**
 * Works for a whole signature under the group's key and for a partial under its public share.
 *
 * @param publicKey 96 bytes. @param signature 48 bytes.
 * @throws {ThresholdError} `threshold/signature`, `threshold/range`, and the codes of decoding.
 */
export function verifyRound(publicKey: Uint8Array, round: bigint, signature: Uint8Array): void {
  noble.verifyRound(publicKey, round, signature);
}

/**
 * All partials at once, by one random combination; one by one only if that fails.
 *
 * @param publicShares of share 1, 2, …: 96 bytes each.
 * @throws {ThresholdError} `threshold/bad_share` with every cheater, `threshold/index`.
 */
export function verifyPartials(
  publicShares: readonly Uint8Array[],
  round: bigint,
  partials: readonly PartialSignature[],
  random?: RandomBytes,
): void {
  noble.verifyPartials(publicShares, round, partials, random);
}

/**
 * The whole signature of `threshold` partials, each verified by the caller; verify the result.
 *
 * @throws {ThresholdError} `threshold/too_few`, `threshold/index`, `threshold/duplicate_index`.
 */
export function combineRound(partials: readonly PartialSignature[], threshold: number): Uint8Array {
  return noble.combineRound(partials, threshold);
}

/** 32 bytes that nobody could choose. @param signature 48 bytes, verified. */
export function roundRandomness(signature: Uint8Array): Uint8Array {
  assertLength(signature, 48, "signature");
  return sha256(signature);
}

/** One use of a round's randomness; different uses get what has nothing in common. */
export interface RandomnessUse {
  /** 32 bytes: {@link chainHash}. */
  readonly chain: Uint8Array;
  readonly round: bigint;
  /** Who asks: a contract's address, say. */
  readonly consumer: Uint8Array;
  /** What for: a transaction's hash, say. */
  readonly request: Uint8Array;
  readonly counter: bigint;
}

/**
 * Anybody can derive it of the round's signature: HKDF-SHA256. The round must have been fixed
 * before its signature was known.
 *
 * @param lengthBytes at most 8160. @throws `threshold/length`, `threshold/range`.
 */
export function deriveRandomness(
  signature: Uint8Array,
  use: RandomnessUse,
  lengthBytes: number,
): Uint8Array {
  assertLength(signature, 48, "signature");
  assertLength(use.chain, 32, "chain");
  const isSmall = (value: bigint) => value >= 0n && value < 1n << 64n;
  if (!isSmall(use.round) || !isSmall(use.counter) || lengthBytes > 8160 || lengthBytes < 1) {
    throw new ThresholdError({ code: "threshold/range" });
  }
  const info = new ByteWriter().fixed(use.chain).unsigned(use.round, 8);
  info.fixed(encodeString(use.consumer)).fixed(encodeString(use.request)).unsigned(use.counter, 8);
  return hkdf(sha256, signature, utf8("tacit/beacon/use/v1"), info.bytes(), lengthBytes);
}
