/** Arithmetic modulo large numbers, in bigints: time depends on every operand. */
import { bytesToInteger } from "../bytes.ts";
import type { RandomBytes } from "../groups/group.ts";
import { invertModulo } from "../groups/scalars.ts";

/** Bits of the exponent that one multiplication takes care of. */
const WINDOW_BITS = 5;
/** Rounds of Miller and Rabin: a composite of the attacker's choice passes with 4^-40. */
const ROUNDS = 40;

export function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

export function gcd(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** @param exponent at least 0. */
export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (exponent === 0n) return 1n % modulus;
  const powers: bigint[] = [1n];
  const reduced = modulo(base, modulus);
  for (let i = 1; i < 2 ** WINDOW_BITS; i++) {
    powers.push(((powers[i - 1] as bigint) * reduced) % modulus);
  }
  const digits = exponent.toString(2 ** WINDOW_BITS);
  let result = 1n;
  for (const digit of digits) {
    for (let i = 0; i < WINDOW_BITS; i++) result = (result * result) % modulus;
    const value = Number.parseInt(digit, 2 ** WINDOW_BITS);
    if (value !== 0) result = (result * (powers[value] as bigint)) % modulus;
  }
  return result;
}

/** @param exponent any; a negative one takes the inverse. @param base coprime to the modulus. */
export function modPowSigned(base: bigint, exponent: bigint, modulus: bigint): bigint {
  if (exponent >= 0n) return modPow(base, exponent, modulus);
  return invertModulo(modPow(base, -exponent, modulus), modulus);
}

/** The largest integer whose square is at most `value`, which is at least 0. */
export function integerRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt((bitLength(value) + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Uniform in -bound … bound, but for a bias below 2^-128. */
export function randomAround(bound: bigint, random: RandomBytes): bigint {
  return randomBelow(2n * bound + 1n, random) - bound;
}

/** Jacobi's symbol. @param modulus odd. */
export function jacobi(value: bigint, modulus: bigint): -1 | 0 | 1 {
  let [a, n, sign] = [modulo(value, modulus), modulus, 1];
  while (a !== 0n) {
    while ((a & 1n) === 0n) {
      a >>= 1n;
      if ((n & 7n) === 3n || (n & 7n) === 5n) sign = -sign;
    }
    [a, n] = [n, a];
    if ((a & 3n) === 3n && (n & 3n) === 3n) sign = -sign;
    a %= n;
  }
  return n === 1n ? (sign as -1 | 1) : 0;
}

/** Uniform in 0 … bound - 1, but for a bias below 2^-128. */
export function randomBelow(bound: bigint, random: RandomBytes): bigint {
  const lengthBytes = Math.ceil(bitLength(bound) / 8) + 16;
  return bytesToInteger(random(lengthBytes), true) % bound;
}

export const SMALL_PRIMES: readonly bigint[] = primesBelow(2 ** 12);

/** Eratosthenes. */
export function primesBelow(bound: number): bigint[] {
  const composite = new Uint8Array(bound);
  const primes: bigint[] = [];
  for (let i = 2; i < bound; i++) {
    if (composite[i] === 1) continue;
    primes.push(BigInt(i));
    for (let j = i * i; j < bound; j += i) composite[j] = 1;
  }
  return primes;
}

export function isProbablePrime(value: bigint, random: RandomBytes, rounds = ROUNDS): boolean {
  if (value < 2n) return false;
  for (const prime of SMALL_PRIMES) {
    if (value === prime) return true;
    if (value % prime === 0n) return false;
  }
  const even = value - 1n;
  let shift = 0n;
  while (((even >> shift) & 1n) === 0n) shift += 1n;
  for (let round = 0; round < rounds; round++) {
    const base = 2n + randomBelow(value - 3n, random);
    if (isWitness(base, value, even >> shift, shift)) return false;
  }
  return true;
}

/** Whether `base` shows that the odd `value` = odd · 2^shift + 1 is composite. */
function isWitness(base: bigint, value: bigint, odd: bigint, shift: bigint): boolean {
  let power = modPow(base, odd, value);
  if (power === 1n || power === value - 1n) return false;
  for (let i = 1n; i < shift; i++) {
    power = (power * power) % value;
    if (power === value - 1n) return false;
  }
  return true;
}

/**
 * A prime p of exactly `bits` bits, the two highest set, with (p - 1) / 2 prime too. Takes long:
 * seconds for 1,024 bits, a minute or more for 1,536.
 */
export function randomSafePrime(bits: number, random: RandomBytes): bigint {
  for (;;) {
    const drawn = bytesToInteger(random(Math.ceil(bits / 8)), true);
    const half = (3n << BigInt(bits - 3)) | BigInt.asUintN(bits - 3, drawn) | 1n;
    const prime = 2n * half + 1n;
    const isDivided = SMALL_PRIMES.some((small) => {
      const rest = half % small;
      return rest === 0n || rest === (small - 1n) / 2n;
    });
    if (!isDivided && isSafePrime(prime, random)) return prime;
  }
}

/** Whether p and (p - 1) / 2 are prime. */
export function isSafePrime(prime: bigint, random: RandomBytes): boolean {
  const half = prime >> 1n;
  return (
    isProbablePrime(half, random, 1) &&
    isProbablePrime(prime, random) &&
    isProbablePrime(half, random)
  );
}

/** A prime of exactly `bits` bits, the two highest set, that is 3 modulo 4. */
export function randomBlumPrime(bits: number, random: RandomBytes): bigint {
  for (;;) {
    const drawn = bytesToInteger(random(Math.ceil(bits / 8)), true);
    const low = BigInt.asUintN(bits - 2, drawn) | 3n;
    const candidate = (3n << BigInt(bits - 2)) | low;
    if (isProbablePrime(candidate, random, 1) && isProbablePrime(candidate, random)) {
      return candidate;
    }
  }
}
