/** Encryption, decryption and what can be done with ciphertexts. */
import { randomBytes } from "@noble/hashes/utils.js";
import { bytesToInteger, integerToBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { RandomBytes } from "../groups/group.ts";
import { invertModulo } from "../groups/scalars.ts";
import type { HalfKey, PaillierKeyPair, PaillierPublicKey } from "./keys.ts";
import { gcd, modPow, modulo, randomBelow } from "./modular.ts";

/** In 1 … n² - 1, with no factor in common with n. */
export type PaillierCiphertext = bigint;

/** Rows of the comb: each multiplication serves as many bits of the exponent. */
const COMB_ROWS = 8;

/**
 * (1 + m·n) · r^n modulo n².
 *
 * @param randomness in 1 … n - 1, coprime to n, secret, used once.
 * @throws {ThresholdError} `threshold/range`, `threshold/scalar`.
 */
export function paillierEncryptWith(
  key: PaillierPublicKey,
  message: bigint,
  randomness: bigint,
): PaillierCiphertext {
  const { modulus, modulusSquared } = key;
  if (randomness <= 0n || randomness >= modulus || gcd(randomness, modulus) !== 1n) {
    throw new ThresholdError({ code: "threshold/scalar" });
  }
  return (payload(key, message) * modPow(randomness, modulus, modulusSquared)) % modulusSquared;
}

function payload({ modulus, modulusSquared }: PaillierPublicKey, message: bigint): bigint {
  if (message < 0n || message >= modulus) throw new ThresholdError({ code: "threshold/range" });
  return (1n + message * modulus) % modulusSquared;
}

/**
 * Encrypts fast, after one slow preparation: Damgård, Jurik and Nielsen 2010. Randomness is a
 * power, with an exponent of half the modulus' bits, of one n-th power h^n with h = -y² for a
 * random y. A table for the fixed base leaves an eighth of the multiplications.
 *
 * Beyond Paillier's assumption, this one takes it that such short powers look like any.
 */
export class PaillierEncryptor {
  readonly #key: PaillierPublicKey;
  readonly #random: RandomBytes;
  readonly #columns: number;
  /** At b the product of the base's powers 2^(columns · row) for each row in b's bits. */
  readonly #comb: bigint[];

  constructor(key: PaillierPublicKey, random: RandomBytes = randomBytes) {
    this.#key = key;
    this.#random = random;
    this.#columns = Math.ceil((key.modulusBytes * 8) / 2 / COMB_ROWS);
    const { modulus, modulusSquared } = key;
    const root = 1n + randomBelow(modulus - 1n, random);
    const residue = modulus - ((root * root) % modulus);
    this.#comb = [1n];
    let power = modPow(residue, modulus, modulusSquared);
    for (let row = 0; row < COMB_ROWS; row++) {
      this.#comb.push(...this.#comb.map((entry) => (entry * power) % modulusSquared));
      for (let i = 0; i < this.#columns; i++) power = (power * power) % modulusSquared;
    }
  }

  /** @throws {ThresholdError} `threshold/range`. */
  encrypt(message: bigint): PaillierCiphertext {
    return (payload(this.#key, message) * this.#mask()) % this.#key.modulusSquared;
  }

  /** The same message, not recognisable. */
  rerandomize(ciphertext: PaillierCiphertext): PaillierCiphertext {
    return (ciphertext * this.#mask()) % this.#key.modulusSquared;
  }

  #mask(): bigint {
    const { modulusSquared } = this.#key;
    const columns = this.#columns;
    const bytes = this.#random(Math.ceil((columns * COMB_ROWS) / 8));
    const bit = (at: number): number => ((bytes[at >> 3] as number) >> (at & 7)) & 1;
    let result = 1n;
    for (let column = columns - 1; column >= 0; column--) {
      let entry = 0;
      for (let row = 0; row < COMB_ROWS; row++) entry |= bit(row * columns + column) << row;
      result = (result * result) % modulusSquared;
      // Also for 0, whose entry is 1: no bit of the exponent leaves a multiplication out.
      result = (result * (this.#comb[entry] as bigint)) % modulusSquared;
    }
    return result;
  }
}

/**
 * Modulo both primes apart, put together by the Chinese remainder theorem.
 * @throws {ThresholdError} `threshold/ciphertext`.
 */
export function paillierDecrypt(pair: PaillierKeyPair, ciphertext: PaillierCiphertext): bigint {
  assertCiphertext(pair.publicKey, ciphertext);
  const { p, q, qInverse } = pair;
  const [left, right] = [decryptHalf(p, ciphertext), decryptHalf(q, ciphertext)];
  return right + q.prime * modulo((left - right) * qInverse, p.prime);
}

function decryptHalf({ prime, square, factor }: HalfKey, ciphertext: bigint): bigint {
  const power = modPow(ciphertext % square, prime - 1n, square);
  return (((power - 1n) / prime) * factor) % prime;
}

export function paillierAdd(
  { modulusSquared }: PaillierPublicKey,
  left: PaillierCiphertext,
  right: PaillierCiphertext,
): PaillierCiphertext {
  return (left * right) % modulusSquared;
}

export function paillierSubtract(
  key: PaillierPublicKey,
  left: PaillierCiphertext,
  right: PaillierCiphertext,
): PaillierCiphertext {
  return paillierAdd(key, left, invertModulo(right, key.modulusSquared));
}

/** @param amount public, taken modulo n. */
export function paillierAddPublic(
  key: PaillierPublicKey,
  ciphertext: PaillierCiphertext,
  amount: bigint,
): PaillierCiphertext {
  return (ciphertext * payload(key, modulo(amount, key.modulus))) % key.modulusSquared;
}

/** @param factor public, taken modulo n. */
export function paillierScale(
  key: PaillierPublicKey,
  ciphertext: PaillierCiphertext,
  factor: bigint,
): PaillierCiphertext {
  return modPow(ciphertext, modulo(factor, key.modulus), key.modulusSquared);
}

/** Big-endian, twice the modulus' bytes. */
export function encodePaillierCiphertext(
  key: PaillierPublicKey,
  ciphertext: PaillierCiphertext,
): Uint8Array {
  assertCiphertext(key, ciphertext);
  return integerToBytes(ciphertext, 2 * key.modulusBytes, false);
}

/** @throws {ThresholdError} `threshold/length`, `threshold/ciphertext`. */
export function decodePaillierCiphertext(
  key: PaillierPublicKey,
  bytes: Uint8Array,
): PaillierCiphertext {
  assertLength(bytes, 2 * key.modulusBytes, "ciphertext");
  const ciphertext = bytesToInteger(bytes, false);
  assertCiphertext(key, ciphertext);
  return ciphertext;
}

/** One that shares a factor with n would tell it. */
function assertCiphertext(
  { modulus, modulusSquared }: PaillierPublicKey,
  ciphertext: bigint,
): void {
  const inRange = ciphertext > 0n && ciphertext < modulusSquared;
  if (!inRange || gcd(ciphertext, modulus) !== 1n) {
    throw new ThresholdError({ code: "threshold/ciphertext" });
  }
}
