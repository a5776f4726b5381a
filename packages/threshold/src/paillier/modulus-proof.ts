/**
 * A proof that a modulus is sound: the product of two primes, each 3 modulo 4, with
 * gcd(n, φ(n)) = 1 (Canetti, Gennaro, Goldfeder, Makriyannis, Peled 2021, figure 16).
 *
 * n-th roots of random numbers exist for all only if gcd(n, φ(n)) = 1; fourth roots, up to a sign
 * and a factor w, only if n has two prime factors. Each round leaves a cheat half a chance.
 */
import { randomBytes } from "@noble/hashes/utils.js";
import { bytesToInteger, concatBytes, integerToBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { RandomBytes } from "../groups/group.ts";
import { invertModulo } from "../groups/scalars.ts";
import { protocolTag } from "../sigma/narg.ts";
import { DuplexSponge, deriveSessionId } from "../sigma/transcript.ts";
import { encodePaillierKey, type PaillierKeyPair, type PaillierPublicKey } from "./keys.ts";
import { gcd, isProbablePrime, jacobi, modPow, modulo, randomBelow } from "./modular.ts";

/** A cheat passes with 2^-80; each attempt costs it a proof. */
const ROUNDS = 80;

/**
 * @param binding whom it is for. @returns w, then for each round x ‖ z ‖ one byte of signs.
 * @throws {ThresholdError} `threshold/key` if the primes are not 3 modulo 4.
 */
export function proveModulus(
  pair: PaillierKeyPair,
  binding: Uint8Array,
  random: RandomBytes = randomBytes,
): Uint8Array {
  const { publicKey, p, q } = pair;
  const { modulus, modulusBytes } = publicKey;
  if ((p.prime & 3n) !== 3n || (q.prime & 3n) !== 3n) {
    throw new ThresholdError({ code: "threshold/key" });
  }
  const order = (p.prime - 1n) * (q.prime - 1n);
  const rootExponent = invertModulo(modulus % order, order);
  // Raising a square to this power takes its square root that is a square; twice, the fourth.
  const squareExponent = ((order + 4n) / 8n) ** 2n % order;
  let w = randomBelow(modulus, random);
  while (jacobi(w, modulus) !== -1) w = randomBelow(modulus, random);
  const parts = [integerToBytes(w, modulusBytes, false)];
  for (const y of challengesOf(publicKey, binding, w)) {
    const signs = [0, 1, 2, 3].find((candidate) => {
      const value = withSigns(y, candidate, w, modulus);
      return jacobi(value, p.prime) === 1 && jacobi(value, q.prime) === 1;
    });
    if (signs === undefined) throw new ThresholdError({ code: "threshold/key" });
    const root = modPow(withSigns(y, signs, w, modulus), squareExponent, modulus);
    parts.push(
      integerToBytes(root, modulusBytes, false),
      integerToBytes(modPow(y, rootExponent, modulus), modulusBytes, false),
      Uint8Array.of(signs),
    );
  }
  return concatBytes(...parts);
}

/** @throws {ThresholdError} `threshold/length`, `threshold/scalar`, `threshold/proof`. */
export function verifyModulus(
  key: PaillierPublicKey,
  binding: Uint8Array,
  proof: Uint8Array,
): void {
  const { modulus, modulusBytes } = key;
  const roundBytes = 2 * modulusBytes + 1;
  assertLength(proof, modulusBytes + ROUNDS * roundBytes, "proof");
  const read = (start: number): bigint => {
    const value = bytesToInteger(proof.subarray(start, start + modulusBytes), false);
    if (value >= modulus) throw new ThresholdError({ code: "threshold/scalar" });
    return value;
  };
  const refuse = (): never => {
    throw new ThresholdError({ code: "threshold/proof" });
  };
  if ((modulus & 1n) === 0n || isProbablePrime(modulus, randomBytes)) refuse();
  const w = read(0);
  if (jacobi(w, modulus) !== -1) refuse();
  for (const [round, y] of challengesOf(key, binding, w).entries()) {
    const start = modulusBytes + round * roundBytes;
    const [x, z] = [read(start), read(start + modulusBytes)];
    const signs = proof[start + 2 * modulusBytes] as number;
    if (signs > 3 || modPow(z, modulus, modulus) !== y) refuse();
    if (modPow(x, 4n, modulus) !== withSigns(y, signs, w, modulus)) refuse();
  }
}

/** (-1)^a · w^b · y for the bits a and b of `signs`. */
function withSigns(y: bigint, signs: number, w: bigint, modulus: bigint): bigint {
  const scaled = (signs & 2) === 0 ? y : (y * w) % modulus;
  return (signs & 1) === 0 ? scaled : modulo(-scaled, modulus);
}

/** Numbers coprime to n, drawn from n, w and the binding. */
function challengesOf(key: PaillierPublicKey, binding: Uint8Array, w: bigint): bigint[] {
  const { modulus, modulusBytes } = key;
  const sponge = new DuplexSponge(
    deriveSessionId(protocolTag("paillier-modulus/v1", `Z/${8 * modulusBytes}`, binding)),
  );
  sponge.absorb(encodePaillierKey(key));
  sponge.absorb(integerToBytes(w, modulusBytes, false));
  const challenges: bigint[] = [];
  while (challenges.length < ROUNDS) {
    const y = bytesToInteger(sponge.squeeze(modulusBytes + 16), true) % modulus;
    // A factor in common would be a factor of n: of a sound one nobody draws that.
    if (gcd(y, modulus) !== 1n) throw new ThresholdError({ code: "threshold/proof" });
    challenges.push(y);
  }
  return challenges;
}
