/** Keys derived of a shared key, without its holders: BIP-32's and BIP-341's tweaks. */
import { schnorr } from "@noble/curves/secp256k1.js";
import { concatBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import type { FrostSuite } from "./suites.ts";

export interface KeyTweak {
  /** 32 bytes, big-endian, below the order. */
  readonly value: Uint8Array;
  /** Whether the key is taken with its even Y before the tweak is added, as BIP-341 wants. */
  readonly isXOnly: boolean;
}

/**
 * The key that signs: `point = factor * key + offset * G`.
 *
 * @throws {ThresholdError} `threshold/parameters` for tweaks of a suite that has none;
 * `threshold/scalar`; `threshold/identity`.
 */
export function adjustKey<P>(
  suite: FrostSuite<P>,
  key: P,
  tweaks: readonly KeyTweak[],
): { factor: Scalar; offset: Scalar; point: P } {
  const { group, isEven } = suite;
  if (isEven === undefined) {
    if (tweaks.length > 0) throw new ThresholdError({ code: "threshold/parameters" });
    return { factor: 1n, offset: 0n, point: key };
  }
  let [factor, offset, point] = [1n, 0n, key];
  const turnToEven = (): void => {
    if (isEven(point)) return;
    [factor, offset, point] = [group.reduce(-factor), group.reduce(-offset), group.negate(point)];
  };
  for (const { value, isXOnly } of tweaks) {
    if (isXOnly) turnToEven();
    const scalar = group.decodeScalar(value);
    point = group.add(point, group.multiplyBase(scalar));
    if (group.equal(point, group.identity)) {
      throw new ThresholdError({ code: "threshold/identity" });
    }
    offset = group.reduce(offset + scalar);
  }
  turnToEven();
  return { factor, offset, point };
}

/**
 * BIP-341's tweak of a key to an output that commits to a tree of scripts, or to having none.
 *
 * @param publicKey 33 or 32 bytes. @param merkleRoot 32 bytes, or none for a key path alone.
 */
export function taprootTweak(publicKey: Uint8Array, merkleRoot?: Uint8Array): KeyTweak {
  const x = publicKey.length === 33 ? publicKey.slice(1) : publicKey;
  const parts = merkleRoot === undefined ? [x] : [x, merkleRoot];
  return { value: schnorr.utils.taggedHash("TapTweak", concatBytes(...parts)), isXOnly: true };
}

/** The 32 bytes of X under which signatures with these tweaks verify. @throws as {@link adjustKey}. */
export function tweakedKey<P>(
  suite: FrostSuite<P>,
  publicKey: Uint8Array,
  tweaks: readonly KeyTweak[],
): Uint8Array {
  const { group } = suite;
  return group.encode(adjustKey(suite, group.decode(publicKey), tweaks).point).slice(1);
}
