/** Paillier's cryptosystem with g = n + 1, for single holders: never shared, never generated jointly. */
import { randomBytes } from "@noble/hashes/utils.js";
import { bytesToInteger, integerToBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { RandomBytes } from "../groups/group.ts";
import { invertModulo } from "../groups/scalars.ts";
import { bitLength, gcd, isProbablePrime, primesBelow, randomBlumPrime } from "./modular.ts";

/** Bits of a modulus: 3,072 is what 128 bits of security take. */
export const MODULUS_BITS = 3072;
const MODULUS_BITS_MIN = 2048;
const MODULUS_BITS_MAX = 8192;
/** A foreign modulus with a prime factor below is refused. */
const FACTOR_MIN = 2 ** 16;

export interface PaillierPublicKey {
  readonly modulus: bigint;
  readonly modulusSquared: bigint;
  /** Bytes of the modulus; a ciphertext has twice as many. */
  readonly modulusBytes: number;
}

/** Secret. */
export interface PaillierKeyPair {
  readonly publicKey: PaillierPublicKey;
  readonly p: HalfKey;
  readonly q: HalfKey;
  /** The inverse of q modulo p. */
  readonly qInverse: bigint;
}

/** What decrypts modulo one prime. */
export interface HalfKey {
  readonly prime: bigint;
  readonly square: bigint;
  /** Undoes what raising n + 1 to prime - 1 does. */
  readonly factor: bigint;
}

/**
 * Two primes that are 3 modulo 4, so that the modulus can be proven sound. Takes seconds.
 *
 * @throws {ThresholdError} `threshold/parameters` unless bits is even and in 2048 … 8192.
 */
export function createPaillierKeyPair(
  bits: number = MODULUS_BITS,
  random: RandomBytes = randomBytes,
): PaillierKeyPair {
  assertModulusBits(bits);
  const p = randomBlumPrime(bits / 2, random);
  for (;;) {
    const q = randomBlumPrime(bits / 2, random);
    if (p !== q) return pairOf(p, q);
  }
}

/**
 * A pair from its primes.
 *
 * @throws {ThresholdError} `threshold/key` if they are equal, not prime, or such that n is no
 * modulus for this system.
 */
export function importPaillierKeyPair(p: bigint, q: bigint): PaillierKeyPair {
  const primes = isProbablePrime(p, randomBytes) && isProbablePrime(q, randomBytes);
  if (!primes || p === q || gcd(p * q, (p - 1n) * (q - 1n)) !== 1n) {
    throw new ThresholdError({ code: "threshold/key" });
  }
  return pairOf(p, q);
}

function pairOf(p: bigint, q: bigint): PaillierKeyPair {
  const publicKey = publicKeyOf(p * q);
  return {
    publicKey,
    p: halfOf(p, publicKey.modulus),
    q: halfOf(q, publicKey.modulus),
    qInverse: invertModulo(q % p, p),
  };
}

function halfOf(prime: bigint, modulus: bigint): HalfKey {
  const square = prime * prime;
  // (1 + n)^(prime - 1) = 1 + (prime - 1)·n modulo the square; n = prime · other.
  const other = modulus / prime;
  const slope = (prime - (other % prime)) % prime;
  return { prime, square, factor: invertModulo(slope, prime) };
}

/** For a modulus that was checked. */
export function publicKeyOf(modulus: bigint): PaillierPublicKey {
  return {
    modulus,
    modulusSquared: modulus * modulus,
    modulusBytes: Math.ceil(bitLength(modulus) / 8),
  };
}

/** @throws {ThresholdError} `threshold/parameters` unless bits is even and in 2048 … 8192. */
export function assertModulusBits(bits: number): void {
  if (bits % 2 !== 0 || !(bits >= MODULUS_BITS_MIN && bits <= MODULUS_BITS_MAX)) {
    throw new ThresholdError({ code: "threshold/parameters" });
  }
}

/** The modulus, big-endian. */
export function encodePaillierKey({ modulus, modulusBytes }: PaillierPublicKey): Uint8Array {
  return integerToBytes(modulus, modulusBytes, false);
}

/**
 * Size, oddness, small factors and primality are checked here. That it is the product of two
 * primes its owner has to prove: {@link verifyModulus}.
 *
 * @throws {ThresholdError} `threshold/length`, `threshold/key`.
 */
export function decodePaillierKey(bytes: Uint8Array): PaillierPublicKey {
  if (bytes.length * 8 < MODULUS_BITS_MIN || bytes.length * 8 > MODULUS_BITS_MAX) {
    assertLength(bytes, MODULUS_BITS / 8, "modulus");
  }
  const modulus = bytesToInteger(bytes, false);
  assertModulus(modulus, bytes.length);
  return publicKeyOf(modulus);
}

function assertModulus(modulus: bigint, lengthBytes: number): void {
  const hasSize = Math.ceil(bitLength(modulus) / 8) === lengthBytes;
  const hasFactor = primesBelow(FACTOR_MIN).some((prime) => modulus % prime === 0n);
  if (!hasSize || hasFactor || isProbablePrime(modulus, randomBytes, 2)) {
    throw new ThresholdError({ code: "threshold/key" });
  }
}
