/** Twisted exponential ElGamal: (C, D) = (m·G + r·H, r·P). C is a Pedersen commitment to m. */
import { concatBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";
import type { EncryptionKey } from "./keys.ts";

/** Malleable: accept one from outside only with a proof that is bound to who sent it. */
export interface Ciphertext<P> {
  readonly commitment: P;
  readonly handle: P;
}

/** A ciphertext with what its maker knows of it. */
export interface Encryption<P> {
  readonly ciphertext: Ciphertext<P>;
  readonly message: Scalar;
  readonly randomness: Scalar;
}

/** @param message taken modulo the order; decryption has to search for it. */
export function encrypt<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  message: bigint,
  random?: RandomBytes,
): Encryption<P> {
  const randomness = group.randomScalar(random);
  return encryptWith(group, key, message, randomness);
}

/** @param randomness secret, uniform, used once. @throws {ThresholdError} `threshold/scalar` for 0. */
export function encryptWith<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  message: bigint,
  randomness: Scalar,
): Encryption<P> {
  if (group.reduce(randomness) === 0n) throw new ThresholdError({ code: "threshold/scalar" });
  const reduced = group.reduce(message);
  const masked = group.multiplySecret(key.commitmentBase, randomness);
  const ciphertext = {
    commitment: group.add(group.multiplyBase(reduced), masked),
    handle: group.multiplySecret(key.handleBase, randomness),
  };
  return { ciphertext, message: reduced, randomness };
}

/** m·G; {@link DiscreteLogTable} finds m. */
export function decryptToElement<P>(
  group: Group<P>,
  secret: Scalar,
  { commitment, handle }: Ciphertext<P>,
): P {
  return group.subtract(commitment, group.multiplySecret(handle, secret));
}

export function addCiphertexts<P>(
  group: Group<P>,
  left: Ciphertext<P>,
  right: Ciphertext<P>,
): Ciphertext<P> {
  return {
    commitment: group.add(left.commitment, right.commitment),
    handle: group.add(left.handle, right.handle),
  };
}

export function subtractCiphertexts<P>(
  group: Group<P>,
  left: Ciphertext<P>,
  right: Ciphertext<P>,
): Ciphertext<P> {
  return {
    commitment: group.subtract(left.commitment, right.commitment),
    handle: group.subtract(left.handle, right.handle),
  };
}

/** Of the sum of all; of none it is two identities, which have no encoding. */
export function sumCiphertexts<P>(
  group: Group<P>,
  ciphertexts: readonly Ciphertext<P>[],
): Ciphertext<P> {
  return ciphertexts.reduce((sum, item) => addCiphertexts(group, sum, item), {
    commitment: group.identity,
    handle: group.identity,
  });
}

/** @param factor public, for instance the weight of a vote. */
export function scaleCiphertext<P>(
  group: Group<P>,
  { commitment, handle }: Ciphertext<P>,
  factor: bigint,
): Ciphertext<P> {
  const reduced = group.reduce(factor);
  return {
    commitment: group.multiplyPublic(commitment, reduced),
    handle: group.multiplyPublic(handle, reduced),
  };
}

/** @param amount public. */
export function addPublic<P>(
  group: Group<P>,
  { commitment, handle }: Ciphertext<P>,
  amount: bigint,
): Ciphertext<P> {
  const element = group.multiplyBase(group.reduce(amount));
  return { commitment: group.add(commitment, element), handle };
}

/** The same message, not recognisable. @returns also the randomness that was added. */
export function rerandomize<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  ciphertext: Ciphertext<P>,
  random?: RandomBytes,
): { readonly ciphertext: Ciphertext<P>; readonly randomness: Scalar } {
  const zero = encrypt(group, key, 0n, random);
  return {
    ciphertext: addCiphertexts(group, ciphertext, zero.ciphertext),
    randomness: zero.randomness,
  };
}

export function ciphertextBytes<P>(group: Group<P>): number {
  return 2 * group.elementBytes;
}

/** C ‖ D, 64 bytes on ristretto255. @throws {ThresholdError} `threshold/identity`. */
export function encodeCiphertext<P>(
  group: Group<P>,
  { commitment, handle }: Ciphertext<P>,
): Uint8Array {
  return concatBytes(...group.encodeAll([commitment, handle]));
}

/** @throws {ThresholdError} `threshold/length`, `threshold/element`, `threshold/identity`. */
export function decodeCiphertext<P>(group: Group<P>, bytes: Uint8Array): Ciphertext<P> {
  assertLength(bytes, ciphertextBytes(group), "ciphertext");
  return {
    commitment: group.decode(bytes.subarray(0, group.elementBytes)),
    handle: group.decode(bytes.subarray(group.elementBytes)),
  };
}
