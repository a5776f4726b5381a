/** Keys of twisted exponential ElGamal: two elements H and P with H = secret · P. */

import { concatBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";

/**
 * The commitment base H and the handle base P.
 *
 * A single holder's key has the fixed H of {@link fixedCommitmentBase}: commitments under all such
 * keys are comparable, and even the holder cannot open one in two ways. A shared key, which a
 * distributed generation makes as secret · G, is that element as H with P = G: who has `threshold`
 * shares can decrypt, and can also open commitments in two ways.
 */
export interface EncryptionKey<P> {
  readonly commitmentBase: P;
  readonly handleBase: P;
}

export interface KeyPair<P> {
  readonly publicKey: EncryptionKey<P>;
  readonly secret: Scalar;
}

const FIXED_BASE_DST = "tacit/elgamal/commitment-base/v1";

const fixedBases = new WeakMap<object, unknown>();

/** The H that nobody knows the logarithm of; computed once for each backend. */
export function fixedCommitmentBase<P>(group: Group<P>): P {
  const known = fixedBases.get(group);
  if (known !== undefined) return known as P;
  const base = group.hashToGroup(new Uint8Array(0), FIXED_BASE_DST);
  fixedBases.set(group, base);
  return base;
}

/** Whether commitments under the key open in one way only, whoever knows which secret. */
export function hasFixedBase<P>(group: Group<P>, { commitmentBase }: EncryptionKey<P>): boolean {
  return group.equal(commitmentBase, fixedCommitmentBase(group));
}

export function createKeyPair<P>(group: Group<P>, random?: RandomBytes): KeyPair<P> {
  const secret = group.randomScalar(random);
  const commitmentBase = fixedCommitmentBase(group);
  const handleBase = group.multiplySecret(commitmentBase, group.invert(secret));
  return { publicKey: { commitmentBase, handleBase }, secret };
}

/** The key of a shared secret. @param element secret · G. @throws `threshold/identity`. */
export function sharedKey<P>(group: Group<P>, element: P): EncryptionKey<P> {
  const key = { commitmentBase: element, handleBase: group.generator };
  assertKey(group, key);
  return key;
}

/** H ‖ P, 64 bytes on ristretto255. */
export function encodeKey<P>(group: Group<P>, key: EncryptionKey<P>): Uint8Array {
  return concatBytes(group.encode(key.commitmentBase), group.encode(key.handleBase));
}

/**
 * @throws {ThresholdError} `threshold/length`, `threshold/element`, `threshold/identity`,
 * `threshold/key` for a pair that is neither of the two kinds.
 */
export function decodeKey<P>(group: Group<P>, bytes: Uint8Array): EncryptionKey<P> {
  assertLength(bytes, 2 * group.elementBytes, "key");
  const key = {
    commitmentBase: group.decode(bytes.subarray(0, group.elementBytes)),
    handleBase: group.decode(bytes.subarray(group.elementBytes)),
  };
  assertKey(group, key);
  return key;
}

/**
 * Any H would do for encrypting, but only these two kinds say who could know its logarithm. H = G
 * would make every commitment open to everything.
 */
function assertKey<P>(group: Group<P>, { commitmentBase, handleBase }: EncryptionKey<P>): void {
  if (group.isIdentity(commitmentBase) || group.isIdentity(handleBase)) {
    throw new ThresholdError({ code: "threshold/identity" });
  }
  const isFixed = hasFixedBase(group, { commitmentBase, handleBase });
  const isShared = group.equal(handleBase, group.generator);
  if (!(isFixed || isShared) || group.equal(commitmentBase, group.generator)) {
    throw new ThresholdError({ code: "threshold/key" });
  }
}
