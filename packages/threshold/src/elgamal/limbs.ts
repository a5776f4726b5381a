/** Amounts of 64 bits as several ciphertexts of few bits, so that sums can be searched for. */
import { ThresholdError } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";
import { type Ciphertext, decryptToElement, type Encryption, encrypt } from "./ciphertext.ts";
import type { DiscreteLogTable } from "./discrete-log.ts";
import type { EncryptionKey } from "./keys.ts";

/** 16: four limbs, sums of 65,536 amounts; 32: two, and decryption searches longer. */
export type LimbBits = 16 | 32;

export const AMOUNT_BITS = 64;

/** Least significant first. @throws {ThresholdError} `threshold/range` unless 0 <= amount < 2^64. */
export function splitAmount(amount: bigint, limbBits: LimbBits): bigint[] {
  if (amount < 0n || amount >= 1n << BigInt(AMOUNT_BITS)) {
    throw new ThresholdError({ code: "threshold/range" });
  }
  const mask = (1n << BigInt(limbBits)) - 1n;
  return Array.from(
    { length: AMOUNT_BITS / limbBits },
    (_, i) => (amount >> BigInt(i * limbBits)) & mask,
  );
}

/** @param limbs may exceed their width, as sums do. */
export function joinLimbs(limbs: readonly bigint[], limbBits: LimbBits): bigint {
  return limbs.reduce((sum, limb, i) => sum + (limb << BigInt(i * limbBits)), 0n);
}

/** @throws {ThresholdError} `threshold/range`. */
export function encryptAmount<P>(
  group: Group<P>,
  key: EncryptionKey<P>,
  amount: bigint,
  limbBits: LimbBits = 16,
  random?: RandomBytes,
): Encryption<P>[] {
  return splitAmount(amount, limbBits).map((limb) => encrypt(group, key, limb, random));
}

/**
 * Decrypts the limbs of one amount, or of the sum of up to `terms` amounts.
 *
 * @throws {ThresholdError} `threshold/range` if a limb is larger than `terms` amounts can make it,
 * `threshold/parameters` if that is too far to search, or for another number of limbs.
 */
export function decryptAmount<P>(
  group: Group<P>,
  secret: Scalar,
  limbs: readonly Ciphertext<P>[],
  options: {
    readonly table: DiscreteLogTable<P>;
    readonly limbBits?: LimbBits;
    readonly terms?: number;
  },
): bigint {
  const { table, limbBits = 16, terms = 1 } = options;
  if (limbs.length !== AMOUNT_BITS / limbBits || !Number.isInteger(terms) || terms < 1) {
    throw new ThresholdError({ code: "threshold/parameters" });
  }
  const max = ((1n << BigInt(limbBits)) - 1n) * BigInt(terms);
  const values = limbs.map((limb) => table.solve(decryptToElement(group, secret, limb), max));
  return joinLimbs(values, limbBits);
}
