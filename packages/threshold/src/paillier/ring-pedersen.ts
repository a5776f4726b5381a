/**
 * A verifier's parameters: a modulus N that is the product of two safe primes, and s = t^λ modulo N.
 * With them others commit to integers, s^x · t^r, before this verifier: whoever knows no root of 1
 * cannot open such a commitment twice, and whoever trusts that s is a power of t gives nothing away.
 * That it is, a proof shows (Canetti, Gennaro, Goldfeder, Makriyannis, Peled 2021, figure 17).
 */
import { randomBytes } from "@noble/hashes/utils.js";
import { bytesToInteger, concatBytes, integerToBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { RandomBytes } from "../groups/group.ts";
import { protocolTag } from "../sigma/narg.ts";
import { DuplexSponge, deriveSessionId } from "../sigma/transcript.ts";
import { assertModulusBits, decodePaillierKey, MODULUS_BITS, publicKeyOf } from "./keys.ts";
import { gcd, isSafePrime, modPow, randomBelow, randomSafePrime } from "./modular.ts";

/** A cheat passes with 2^-80; each attempt costs it a proof. */
const ROUNDS = 80;

export interface RingPedersen {
  readonly modulus: bigint;
  readonly modulusBytes: number;
  readonly s: bigint;
  readonly t: bigint;
}

/** Secret; needed for the proof alone. */
export interface RingPedersenSecret {
  readonly parameters: RingPedersen;
  /** (p - 1)(q - 1) for the modulus' primes. */
  readonly order: bigint;
  readonly logarithm: bigint;
}

/**
 * Takes from half a minute (2,048 bits) to several.
 *
 * @throws {ThresholdError} `threshold/parameters` unless bits is even and in 2048 … 8192.
 */
export function createRingPedersen(
  bits: number = MODULUS_BITS,
  random: RandomBytes = randomBytes,
): RingPedersenSecret {
  assertModulusBits(bits);
  const p = randomSafePrime(bits / 2, random);
  for (;;) {
    const q = randomSafePrime(bits / 2, random);
    if (p !== q) return derive(p, q, random);
  }
}

/** @throws {ThresholdError} `threshold/key` unless both are safe primes, and not the same. */
export function importRingPedersen(
  p: bigint,
  q: bigint,
  random: RandomBytes = randomBytes,
): RingPedersenSecret {
  if (p === q || !isSafePrime(p, random) || !isSafePrime(q, random)) {
    throw new ThresholdError({ code: "threshold/key" });
  }
  return derive(p, q, random);
}

function derive(p: bigint, q: bigint, random: RandomBytes): RingPedersenSecret {
  const { modulus, modulusBytes } = publicKeyOf(p * q);
  const order = (p - 1n) * (q - 1n);
  // A square generates all squares, but with negligible probability.
  const t = randomBelow(modulus, random) ** 2n % modulus;
  const logarithm = randomBelow(order, random);
  const parameters = { modulus, modulusBytes, s: modPow(t, logarithm, modulus), t };
  assertBases(parameters);
  return { parameters, order, logarithm };
}

/** `modulus || s || t`, big-endian, of one length. */
export function encodeRingPedersen({ modulus, modulusBytes, s, t }: RingPedersen): Uint8Array {
  return concatBytes(...[modulus, s, t].map((item) => integerToBytes(item, modulusBytes, false)));
}

/**
 * The modulus' size and small factors are checked here; for the rest there is
 * {@link verifyRingPedersen}.
 *
 * @throws {ThresholdError} `threshold/length`, `threshold/key`.
 */
export function decodeRingPedersen(bytes: Uint8Array): RingPedersen {
  const third = Math.floor(bytes.length / 3);
  assertLength(bytes, 3 * third, "parameters");
  const { modulus, modulusBytes } = decodePaillierKey(bytes.slice(0, third));
  const [s, t] = [third, 2 * third].map((at) =>
    bytesToInteger(bytes.slice(at, at + third), false),
  ) as [bigint, bigint];
  const parameters = { modulus, modulusBytes, s, t };
  assertBases(parameters);
  return parameters;
}

function assertBases({ modulus, s, t }: RingPedersen): void {
  const areGood = [s, t].every(
    (base) => base > 1n && base < modulus - 1n && gcd(base, modulus) === 1n,
  );
  if (!areGood) throw new ThresholdError({ code: "threshold/key" });
}

/** @param binding whom it is for. @returns for each round A ‖ z. */
export function proveRingPedersen(
  { parameters, order, logarithm }: RingPedersenSecret,
  binding: Uint8Array,
  random: RandomBytes = randomBytes,
): Uint8Array {
  const { modulus, modulusBytes, t } = parameters;
  const nonces = Array.from({ length: ROUNDS }, () => randomBelow(order, random));
  const commitments = nonces.map((nonce) => modPow(t, nonce, modulus));
  const bits = challengesOf(parameters, binding, commitments);
  return concatBytes(
    ...nonces.flatMap((nonce, i) => [
      integerToBytes(commitments[i] as bigint, modulusBytes, false),
      integerToBytes((nonce + (bits[i] ? logarithm : 0n)) % order, modulusBytes, false),
    ]),
  );
}

/** @throws {ThresholdError} `threshold/length`, `threshold/key`, `threshold/proof`. */
export function verifyRingPedersen(
  parameters: RingPedersen,
  binding: Uint8Array,
  proof: Uint8Array,
): void {
  const { modulus, modulusBytes, s, t } = parameters;
  assertBases(parameters);
  assertLength(proof, 2 * ROUNDS * modulusBytes, "proof");
  const read = (item: number): bigint =>
    bytesToInteger(proof.subarray(item * modulusBytes, (item + 1) * modulusBytes), false);
  const commitments = Array.from({ length: ROUNDS }, (_, i) => read(2 * i));
  const bits = challengesOf(parameters, binding, commitments);
  commitments.forEach((commitment, i) => {
    const response = read(2 * i + 1);
    const right = (commitment * (bits[i] ? s : 1n)) % modulus;
    const isGood =
      response < modulus &&
      commitment < modulus &&
      gcd(commitment, modulus) === 1n &&
      modPow(t, response, modulus) === right;
    if (!isGood) throw new ThresholdError({ code: "threshold/proof" });
  });
}

function challengesOf(
  parameters: RingPedersen,
  binding: Uint8Array,
  commitments: readonly bigint[],
): boolean[] {
  const { modulusBytes } = parameters;
  const tag = protocolTag("ring-pedersen/v1", `Z/${8 * modulusBytes}`, binding);
  const sponge = new DuplexSponge(deriveSessionId(tag));
  sponge.absorb(encodeRingPedersen(parameters));
  for (const item of commitments) sponge.absorb(integerToBytes(item, modulusBytes, false));
  const bytes = sponge.squeeze(ROUNDS / 8);
  return commitments.map((_, i) => (((bytes[i >> 3] as number) >> (i & 7)) & 1) === 1);
}
