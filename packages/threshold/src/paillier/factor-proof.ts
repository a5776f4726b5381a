/**
 * A proof that a modulus n has no small factor, before one verifier: the owner commits to both
 * factors by the verifier's parameters, and shows that what is in the commitments multiplies to n and
 * is about as long as the root of n (Canetti, Gennaro, Goldfeder, Makriyannis, Peled 2021, figure
 * 28). No factor is then below root(n) / 2^769: 2^255 for 2,048 bits, 2^767 for 3,072.
 *
 * That n has two prime factors at all, {@link verifyModulus} shows; who relies on this needs both.
 */
import { randomBytes } from "@noble/hashes/utils.js";
import { bytesToInteger, concatBytes, integerToBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { RandomBytes } from "../groups/group.ts";
import { ByteReader } from "../protocol/codec.ts";
import { protocolTag } from "../sigma/narg.ts";
import { DuplexSponge, deriveSessionId } from "../sigma/transcript.ts";
import { encodePaillierKey, type PaillierKeyPair, type PaillierPublicKey } from "./keys.ts";
import { gcd, integerRoot, modPow, modPowSigned, randomAround } from "./modular.ts";
import { encodeRingPedersen, type RingPedersen } from "./ring-pedersen.ts";

/** ℓ: bits of a challenge. */
const CHALLENGE_BITS = 256;
/** ε: what responses hide the factors by; they differ from random by 2^-512. */
const SLACK_BITS = 512;

/** Both factors, committed to, and the masks. */
export interface FactorCommitments {
  readonly p: bigint;
  readonly q: bigint;
  readonly maskP: bigint;
  readonly maskQ: bigint;
  /** Of the product, by q's commitment. */
  readonly product: bigint;
  /** σ, which opens the product as n; an integer of either sign. */
  readonly shift: bigint;
}

export interface FactorResponses {
  readonly p: bigint;
  readonly q: bigint;
  readonly randomP: bigint;
  readonly randomQ: bigint;
  readonly product: bigint;
}

/** The widest that each integer is, as the powers of 2 that sizes are bounded by. */
function boundsOf({ modulus, modulusBytes }: PaillierPublicKey, parameters: RingPedersen) {
  const [own, foreign] = [8 * modulusBytes, 8 * parameters.modulusBytes];
  const wide = CHALLENGE_BITS + SLACK_BITS;
  return {
    /** Exact: what a response for a factor must not exceed. */
    factor: integerRoot(modulus) << BigInt(wide),
    factorBytes: Math.ceil((wide + own / 2) / 8) + 1,
    randomBytes: Math.ceil((wide + foreign) / 8) + 1,
    productBytes: Math.ceil((wide + own + foreign) / 8) + 1,
    shiftBytes: Math.ceil((CHALLENGE_BITS + own + foreign) / 8) + 1,
  };
}

/**
 * @param parameters the verifier's, whose own proof was verified: by others it would tell the
 * factors. @param binding whom it is for.
 * @throws {ThresholdError} `threshold/key` if a factor is longer than the root of n by 256 bits.
 */
export function proveFactors(
  pair: PaillierKeyPair,
  parameters: RingPedersen,
  binding: Uint8Array,
  random: RandomBytes = randomBytes,
): Uint8Array {
  const { publicKey } = pair;
  const [p, q] = [pair.p.prime, pair.q.prime];
  const { modulus: n } = publicKey;
  const { modulus, s, t } = parameters;
  const root = integerRoot(n);
  if ((p > q ? p : q) > root << BigInt(CHALLENGE_BITS)) {
    throw new ThresholdError({ code: "threshold/key" });
  }
  const around = (bound: bigint, bits: number) => randomAround(bound << BigInt(bits), random);
  const commit = (value: bigint, blind: bigint, base = s) =>
    (modPowSigned(base, value, modulus) * modPowSigned(t, blind, modulus)) % modulus;
  const wide = CHALLENGE_BITS + SLACK_BITS;
  const bound = boundsOf(publicKey, parameters).factor;
  for (;;) {
    const [alpha, beta] = [around(root, wide), around(root, wide)];
    const [mu, nu] = [around(modulus, CHALLENGE_BITS), around(modulus, CHALLENGE_BITS)];
    const [x, y] = [around(modulus, wide), around(modulus, wide)];
    const shift = around(n * modulus, CHALLENGE_BITS);
    const r = around(n * modulus, wide);
    const inQ = commit(q, nu);
    const commitments = {
      p: commit(p, mu),
      q: inQ,
      maskP: commit(alpha, x),
      maskQ: commit(beta, y),
      product: commit(alpha, r, inQ),
      shift,
    };
    const e = factorChallenge(publicKey, parameters, binding, commitments);
    const responses = {
      p: alpha + e * p,
      q: beta + e * q,
      randomP: x + e * mu,
      randomQ: y + e * nu,
      product: r + e * (shift - nu * p),
    };
    // But with 2^-512 the first attempt is within the bounds that the verifier keeps.
    if (isWithin(responses.p, bound) && isWithin(responses.q, bound)) {
      return encodeFactorProof(publicKey, parameters, commitments, responses);
    }
  }
}

function isWithin(value: bigint, bound: bigint): boolean {
  return value <= bound && value >= -bound;
}

/** @throws {ThresholdError} `threshold/length`, `threshold/scalar`, `threshold/proof`. */
export function verifyFactors(
  key: PaillierPublicKey,
  parameters: RingPedersen,
  binding: Uint8Array,
  proof: Uint8Array,
): void {
  const { modulus, s, t } = parameters;
  const { commitments, responses } = decodeFactorProof(key, parameters, proof);
  const { factor } = boundsOf(key, parameters);
  const e = factorChallenge(key, parameters, binding, commitments);
  const power = (base: bigint, exponent: bigint) => modPowSigned(base, exponent, modulus);
  const isEqual = (left: [bigint, bigint, bigint], mask: bigint, committed: bigint): boolean => {
    const [base, value, blind] = left;
    const made = (power(base, value) * power(t, blind)) % modulus;
    return made === (mask * power(committed, e)) % modulus;
  };
  const elements = [commitments.p, commitments.q, commitments.maskP, commitments.maskQ];
  const whole = (modPow(s, key.modulus, modulus) * power(t, commitments.shift)) % modulus;
  const isGood =
    [...elements, commitments.product].every((item) => gcd(item, modulus) === 1n) &&
    isWithin(responses.p, factor) &&
    isWithin(responses.q, factor) &&
    isEqual([s, responses.p, responses.randomP], commitments.maskP, commitments.p) &&
    isEqual([s, responses.q, responses.randomQ], commitments.maskQ, commitments.q) &&
    isEqual([commitments.q, responses.p, responses.product], commitments.product, whole);
  if (!isGood) throw new ThresholdError({ code: "threshold/proof" });
}

/** In -2^256 … 2^256 - 1, of everything that was sent. */
export function factorChallenge(
  key: PaillierPublicKey,
  parameters: RingPedersen,
  binding: Uint8Array,
  commitments: FactorCommitments,
): bigint {
  const bits = `Z/${8 * key.modulusBytes}/${8 * parameters.modulusBytes}`;
  const sponge = new DuplexSponge(
    deriveSessionId(protocolTag("paillier-factors/v1", bits, binding)),
  );
  sponge.absorb(encodePaillierKey(key));
  sponge.absorb(encodeRingPedersen(parameters));
  for (const part of encodeCommitments(key, parameters, commitments)) sponge.absorb(part);
  const drawn = bytesToInteger(sponge.squeeze(CHALLENGE_BITS / 8 + 1), true);
  return BigInt.asIntN(CHALLENGE_BITS + 1, drawn);
}

function encodeCommitments(
  key: PaillierPublicKey,
  parameters: RingPedersen,
  { p, q, maskP, maskQ, product, shift }: FactorCommitments,
): Uint8Array[] {
  const { shiftBytes } = boundsOf(key, parameters);
  return [
    ...[p, q, maskP, maskQ, product].map((item) =>
      integerToBytes(item, parameters.modulusBytes, false),
    ),
    encodeSigned(shift, shiftBytes),
  ];
}

/** Elements of the verifier's modulus, then integers: a byte of sign, and big-endian. */
export function encodeFactorProof(
  key: PaillierPublicKey,
  parameters: RingPedersen,
  commitments: FactorCommitments,
  responses: FactorResponses,
): Uint8Array {
  const bounds = boundsOf(key, parameters);
  return concatBytes(
    ...encodeCommitments(key, parameters, commitments),
    encodeSigned(responses.p, bounds.factorBytes),
    encodeSigned(responses.q, bounds.factorBytes),
    encodeSigned(responses.randomP, bounds.randomBytes),
    encodeSigned(responses.randomQ, bounds.randomBytes),
    encodeSigned(responses.product, bounds.productBytes),
  );
}

function decodeFactorProof(key: PaillierPublicKey, parameters: RingPedersen, proof: Uint8Array) {
  const bounds = boundsOf(key, parameters);
  const reader = new ByteReader(proof);
  const element = (): bigint => {
    const value = bytesToInteger(reader.fixed(parameters.modulusBytes), false);
    if (value >= parameters.modulus) throw new ThresholdError({ code: "threshold/scalar" });
    return value;
  };
  const commitments = {
    p: element(),
    q: element(),
    maskP: element(),
    maskQ: element(),
    product: element(),
    shift: readSigned(reader, bounds.shiftBytes),
  };
  const responses = {
    p: readSigned(reader, bounds.factorBytes),
    q: readSigned(reader, bounds.factorBytes),
    randomP: readSigned(reader, bounds.randomBytes),
    randomQ: readSigned(reader, bounds.randomBytes),
    product: readSigned(reader, bounds.productBytes),
  };
  reader.end();
  return { commitments, responses };
}

function encodeSigned(value: bigint, lengthBytes: number): Uint8Array {
  const size = value < 0n ? -value : value;
  return concatBytes(Uint8Array.of(value < 0n ? 1 : 0), integerToBytes(size, lengthBytes, false));
}

/** @throws {ThresholdError} `threshold/scalar` for another sign, or for 0 with one. */
function readSigned(reader: ByteReader, lengthBytes: number): bigint {
  const sign = reader.unsigned(1);
  const size = bytesToInteger(reader.fixed(lengthBytes), false);
  if (sign > 1 || (sign === 1 && size === 0n)) {
    throw new ThresholdError({ code: "threshold/scalar" });
  }
  return sign === 1 ? -size : size;
}
