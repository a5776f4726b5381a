/** BIP-445: nonces, for one signature each. */
import { randomBytes } from "@noble/hashes/utils.js";
import { concatBytes, integerToBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { RandomBytes, Scalar } from "../groups/group.ts";
import { secp256k1Group as group, type Secp256k1Point } from "../groups/noble-group.ts";
import { decodeOrUndefined, encodeWithIdentity } from "../groups/with-identity.ts";
import { blameContribution, PUBLIC_NONCE_BYTES, reduceHash, taggedHash } from "./session.ts";

/** What nonces may depend on beside fresh bytes; each part guards against one more mistake. */
export interface NonceInputs {
  /** 32 bytes. Secret. */
  readonly secretShare?: Uint8Array;
  /** 33 bytes. */
  readonly publicShare?: Uint8Array;
  /** 32 bytes of X, tweaked. */
  readonly publicKey?: Uint8Array;
  readonly message?: Uint8Array;
  readonly extra?: Uint8Array;
}

export interface Bip445Nonces {
  /** 64 bytes. Secret: keep it in a `BurnVault` under the public half, or in memory alone. */
  readonly secretNonce: Uint8Array;
  /** 66 bytes. */
  readonly publicNonce: Uint8Array;
}

export function xorBytes(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((byte, i) => byte ^ (right[i] as number));
}

/**
 * @param random gives 32 fresh bytes; the same ones with the same inputs give the same nonces, which
 * signed twice give the share away.
 * @throws {ThresholdError} `threshold/length`.
 */
export function generateBip445Nonces(
  inputs: NonceInputs = {},
  random: RandomBytes = randomBytes,
): Bip445Nonces {
  const { secretShare, publicShare, publicKey, message, extra = new Uint8Array(0) } = inputs;
  if (secretShare !== undefined) assertLength(secretShare, 32, "secret share");
  if (publicShare !== undefined) assertLength(publicShare, 33, "public share");
  if (publicKey !== undefined) assertLength(publicKey, 32, "public key");
  const fresh = random(32);
  assertLength(fresh, 32, "randomness");
  const masked =
    secretShare === undefined ? fresh : xorBytes(secretShare, taggedHash("aux", fresh));
  const said =
    message === undefined
      ? [Uint8Array.of(0)]
      : [Uint8Array.of(1), integerToBytes(BigInt(message.length), 8, false), message];
  const parts = [
    masked,
    withByteLength(publicShare ?? new Uint8Array(0)),
    withByteLength(publicKey ?? new Uint8Array(0)),
    ...said,
    integerToBytes(BigInt(extra.length), 4, false),
    extra,
  ];
  return toNonces([0, 1].map((i) => reduceHash(taggedHash("nonce", ...parts, Uint8Array.of(i)))));
}

function withByteLength(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}

/** @param halves two scalars. @throws {ThresholdError} `threshold/nonce` for 0: by chance alone. */
export function toNonces(halves: readonly Scalar[]): Bip445Nonces {
  if (halves.includes(0n)) throw new ThresholdError({ code: "threshold/nonce" });
  return {
    secretNonce: concatBytes(...halves.map((scalar) => group.encodeScalar(scalar))),
    publicNonce: concatBytes(...halves.map((scalar) => group.encode(group.multiplyBase(scalar)))),
  };
}

/** Both halves; undefined if one is no element. */
export function decodePublicNonce(
  bytes: Uint8Array,
): readonly [Secp256k1Point, Secp256k1Point] | undefined {
  if (bytes.length !== PUBLIC_NONCE_BYTES) return undefined;
  const first = decodeOrUndefined(group, bytes.slice(0, 33));
  const second = decodeOrUndefined(group, bytes.slice(33));
  return first === undefined || second === undefined ? undefined : [first, second];
}

/**
 * @param publicNonces of those who sign, in the order of their identifiers' list.
 * @returns 66 bytes; zeros stand for a sum that is the identity.
 * @throws {ThresholdError} `threshold/contribution`: public_nonce, with the first signer to blame.
 */
export function aggregateBip445Nonces(publicNonces: readonly Uint8Array[]): Uint8Array {
  const decoded = publicNonces.map((bytes, i) => {
    const halves = decodePublicNonce(bytes);
    if (halves === undefined) throw blameContribution("public_nonce", i);
    return halves;
  });
  const sums = ([0, 1] as const).map((half) =>
    decoded.reduce((sum, halves) => group.add(sum, halves[half]), group.identity),
  );
  return concatBytes(...sums.map((sum) => encodeWithIdentity(group, sum)));
}
