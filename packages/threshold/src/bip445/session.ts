/** BIP-445: what all signers of one signature agree on, and what follows from it. */
import { schnorr } from "@noble/curves/secp256k1.js";
import { bytesToInteger, concatBytes, equalBytes, integerToBytes } from "../bytes.ts";
import { assertLength, type Bip445Contribution, ThresholdError } from "../errors.ts";
import { taprootFrost } from "../frost/suites.ts";
import { adjustKey, type KeyTweak } from "../frost/tweak.ts";
import type { Scalar } from "../groups/group.ts";
import { secp256k1Group as group, type Secp256k1Point } from "../groups/noble-group.ts";
import { decodeWithIdentity } from "../groups/with-identity.ts";
import { lagrangeWeights, SHARES_MAX } from "../vss.ts";

/** Bytes of a nonce's public half: two elements. */
export const PUBLIC_NONCE_BYTES = 66;

/** Who signs. Identifiers count from 0, as the BIP counts them: one less than a share's index. */
export interface SignersContext {
  /** Of all holders, not of those who sign. */
  readonly count: number;
  readonly threshold: number;
  /** Of those who sign, in any order. */
  readonly identifiers: readonly number[];
  /** Of those who sign, in the same order; 33 bytes each. */
  readonly publicShares: readonly Uint8Array[];
  /** 33 bytes, without tweaks. */
  readonly publicKey: Uint8Array;
}

/** What is signed, and under which key. */
export interface SigningTask {
  readonly signers: SignersContext;
  readonly tweaks?: readonly KeyTweak[];
  readonly message: Uint8Array;
}

export interface SigningContext extends SigningTask {
  /** 66 bytes: the signers' public nonces, added. */
  readonly aggregateNonce: Uint8Array;
}

/** The signers of a shared key, by identifier. @throws {ThresholdError} `threshold/index`. */
export function signersOf(
  key: {
    readonly publicKey: Uint8Array;
    readonly threshold: number;
    readonly publicShares: readonly Uint8Array[];
  },
  identifiers: readonly number[],
): SignersContext {
  const publicShares = identifiers.map((identifier) => {
    const share = key.publicShares[identifier];
    if (share === undefined)
      throw new ThresholdError({ code: "threshold/index", index: identifier });
    return share;
  });
  const { publicKey, threshold } = key;
  return { count: key.publicShares.length, threshold, identifiers, publicShares, publicKey };
}

/** @param signer its place among those who sign; undefined: the coordinator. */
export function blameContribution(
  contribution: Bip445Contribution,
  signer?: number,
): ThresholdError {
  return new ThresholdError({ code: "threshold/contribution", contribution, signer });
}

export function taggedHash(use: string, ...parts: Uint8Array[]): Uint8Array {
  return schnorr.utils.taggedHash(`BIP0445/${use}`, ...parts);
}

export function reduceHash(hash: Uint8Array): Scalar {
  return group.reduce(bytesToInteger(hash, false));
}

/** As a set: sorted, four bytes each. */
export function encodeIdentifiers(identifiers: readonly number[]): Uint8Array {
  const sorted = identifiers.toSorted((left, right) => left - right);
  return concatBytes(...sorted.map((identifier) => integerToBytes(BigInt(identifier), 4, false)));
}

/** One signer: who, and how much of the key it stands for. */
export interface Signer {
  readonly identifier: number;
  readonly publicShare: Secp256k1Point;
  readonly weight: Scalar;
}

/**
 * @throws {ThresholdError} `threshold/parameters`, `threshold/too_few`, `threshold/index`,
 * `threshold/duplicate_index`, the codes of decoding; `threshold/key` if the shares are not the
 * key's.
 */
export function decodeSigners(signers: SignersContext): Signer[] {
  const { count, threshold, identifiers, publicShares, publicKey } = signers;
  const sane =
    Number.isInteger(threshold) &&
    Number.isInteger(count) &&
    threshold >= 1 &&
    threshold <= count &&
    count <= SHARES_MAX &&
    identifiers.length <= count &&
    publicShares.length === identifiers.length;
  if (!sane) throw new ThresholdError({ code: "threshold/parameters" });
  if (identifiers.length < threshold) {
    const [have, need] = [identifiers.length, threshold];
    throw new ThresholdError({ code: "threshold/too_few", have, need });
  }
  const stranger = identifiers.find((item) => !Number.isInteger(item) || item < 0 || item >= count);
  if (stranger !== undefined) {
    throw new ThresholdError({ code: "threshold/index", index: stranger });
  }
  const points = publicShares.map((bytes) => group.decode(bytes));
  const weights = lagrangeWeights(
    group,
    identifiers.map((identifier) => identifier + 1),
  );
  const sum = group.sumOfProducts(points, weights);
  if (group.isIdentity(sum) || !equalBytes(group.encode(sum), publicKey)) {
    throw new ThresholdError({ code: "threshold/key" });
  }
  return identifiers.map((identifier, i) => ({
    identifier,
    publicShare: points[i] as Secp256k1Point,
    weight: weights[i] as Scalar,
  }));
}

/** Everything that follows from a context. */
export interface Session {
  readonly signers: readonly Signer[];
  /** Of both halves of a nonce, the second's factor. */
  readonly binding: Scalar;
  readonly commitment: Secp256k1Point;
  /** Whether the commitment's odd Y turns every nonce around. */
  readonly isTurned: boolean;
  readonly challenge: Scalar;
  /** The key that signs: `point = factor * key + offset * G`, with an even Y. */
  readonly key: {
    readonly factor: Scalar;
    readonly offset: Scalar;
    readonly point: Secp256k1Point;
  };
}

/** The factor of a nonce's second half, of all that a context says: nothing can be chosen after it. */
export function bindingFactor(parts: readonly Uint8Array[]): Scalar {
  return reduceHash(taggedHash("noncecoef", ...parts));
}

/**
 * @throws {ThresholdError} as {@link decodeSigners} and {@link adjustKey}; `threshold/length`;
 * `threshold/contribution`: aggregate_nonce.
 */
export function openContext(context: SigningContext, bind = bindingFactor): Session {
  const { aggregateNonce, message, tweaks = [] } = context;
  const signers = decodeSigners(context.signers);
  const key = adjustKey(taprootFrost, group.decode(context.signers.publicKey), tweaks);
  assertLength(aggregateNonce, PUBLIC_NONCE_BYTES, "aggregate nonce");
  const [first, second] = [0, 33].map((at) =>
    decodeWithIdentity(group, aggregateNonce.slice(at, at + 33)),
  );
  if (first === undefined || second === undefined) throw blameContribution("aggregate_nonce");
  const x = group.encode(key.point).slice(1);
  const ids = encodeIdentifiers(context.signers.identifiers);
  const binding = bind([ids, aggregateNonce, x, message]);
  const sum = group.add(first, group.multiplyPublic(second, binding));
  // Signers who sent each other's negation cannot stop the others from seeing who they are.
  const commitment = group.isIdentity(sum) ? group.generator : sum;
  const challenge = taprootFrost.challenge(commitment, key.point, message);
  return { signers, binding, commitment, isTurned: !isEven(commitment), challenge, key };
}

export function isEven(point: Secp256k1Point): boolean {
  return group.encode(point)[0] === 2;
}

/** The key, tweaked, as 32 bytes of X. */
export function signingKeyOf({ signers, tweaks = [] }: SigningTask): Uint8Array {
  const { point } = adjustKey(taprootFrost, group.decode(signers.publicKey), tweaks);
  return group.encode(point).slice(1);
}
