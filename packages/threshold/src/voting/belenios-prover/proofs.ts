/** Proofs of Belenios 2.0 (specification, sections 4.5 to 4.17), made. Time depends on secrets. */

import type { RandomBytes } from "../../groups/group.ts";
import { randomBelow } from "../../paillier/modular.ts";
import { type BeleniosGroup, hashToExponent, multiply, power } from "../belenios/group.ts";
import type { Ciphertext, Proof } from "../belenios/proofs.ts";

/** What is proven, and by whom: the text that a challenge begins with, and where nonces come from. */
export interface ProverContext {
  readonly group: BeleniosGroup;
  readonly random: RandomBytes;
}

/**
 * That one exponent lies between each base and its power: of a key, of a signature, of a factor.
 *
 * @param prefix the text of the challenge before the commitments.
 */
export function proveExponent(
  { group, random }: ProverContext,
  prefix: string,
  bases: readonly bigint[],
  secret: bigint,
): Proof {
  const nonce = randomBelow(group.q, random);
  const commitments = bases.map((base) => power(group, base, nonce));
  const challenge = hashToExponent(group, `${prefix}|${commitments.join(",")}`);
  return { challenge, response: reduce(group, nonce - challenge * secret) };
}

/** One way of a disjunction: the ciphertext holds `value`. */
export interface ProvenWay {
  readonly ciphertext: Ciphertext;
  readonly value: bigint;
}

/**
 * That one of the ways is true (Cramer, Damgård, Schoenmakers), without saying which.
 *
 * @param known the true one, and the randomness of its ciphertext.
 */
export function proveOneOf(
  { group, random }: ProverContext,
  key: bigint,
  prefix: string,
  ways: readonly ProvenWay[],
  known: { readonly at: number; readonly randomness: bigint },
): readonly Proof[] {
  const nonce = randomBelow(group.q, random);
  const simulated = ways.map(() => ({
    challenge: randomBelow(group.q, random),
    response: randomBelow(group.q, random),
  }));
  const commitments = ways.map(({ ciphertext, value }, i) => {
    if (i === known.at) return [power(group, group.g, nonce), power(group, key, nonce)];
    const { challenge, response } = simulated[i] as Proof;
    const rest = multiply(group, ciphertext.beta, power(group, group.g, -value));
    return [
      multiply(group, power(group, group.g, response), power(group, ciphertext.alpha, challenge)),
      multiply(group, power(group, key, response), power(group, rest, challenge)),
    ];
  });
  const all = hashToExponent(group, `${prefix}|${commitments.flat().join(",")}`);
  const others = simulated.reduce(
    (sum, { challenge }, i) => (i === known.at ? sum : sum + challenge),
    0n,
  );
  const challenge = reduce(group, all - others);
  const response = reduce(group, nonce - challenge * known.randomness);
  return simulated.map((proof, i) => (i === known.at ? { challenge, response } : proof));
}

export function reduce({ q }: BeleniosGroup, value: bigint): bigint {
  const rest = value % q;
  return rest < 0n ? rest + q : rest;
}

/** As the format has numbers. */
export function proofJson({ challenge, response }: Proof): object {
  return { challenge: `${challenge}`, response: `${response}` };
}
