/** From the tallied ballots to the result (sections 4.17 to 4.20). */

import { readCount, readInteger, readList, readObject } from "../json.ts";
import { demand, refuse } from "../refuse.ts";
import { type Ballot, readCiphertext } from "./ballot.ts";
import type { Credentials, Election } from "./election.ts";
import { isElement, multiply, power } from "./group.ts";
import { type Ciphertext, readProof, verifyFactor } from "./proofs.ts";
import type { TrusteeSet } from "./trustees.ts";

/** For each question, for each of its choices. */
export type EncryptedTally = readonly (readonly Ciphertext[])[];

/** The last ballot of each credential, in the order in which they stand. */
export function lastBallots(ballots: readonly Ballot[]): readonly Ballot[] {
  const last = new Map<bigint, Ballot>();
  for (const ballot of ballots) {
    last.delete(ballot.credential);
    last.set(ballot.credential, ballot);
  }
  return [...last.values()];
}

export function addBallots(
  { group, questions }: Election,
  credentials: Credentials,
  ballots: readonly Ballot[],
): EncryptedTally {
  return questions.map((question, i) => {
    const count = question.answers.length + (question.blank ? 1 : 0);
    return Array.from({ length: count }, (_, j) => {
      const parts = ballots.map(({ credential, choices }) => {
        const weight = credentials.get(credential) ?? 1n;
        const { alpha, beta } = choices[i]![j]!;
        return [power(group, alpha, weight), power(group, beta, weight)] as const;
      });
      return {
        alpha: multiply(group, ...parts.map(([alpha]) => alpha)),
        beta: multiply(group, ...parts.map(([, beta]) => beta)),
      };
    });
  });
}

/** The published tally is the sum of the ballots. */
export function checkTally(election: Election, value: unknown, computed: EncryptedTally): void {
  const published = readList(value, (question) =>
    readList(question, (one) => readCiphertext(election.group, one)),
  );
  const text = (tally: EncryptedTally) =>
    tally
      .map((question) => question.map(({ alpha, beta }) => `${alpha},${beta}`).join(";"))
      .join("|");
  demand(text(published) === text(computed), "the published tally is not the sum of the ballots");
}

/** A trustee's factors, verified. */
export interface PartialDecryption {
  /** From 1, in the order of the trustees. */
  readonly owner: number;
  readonly factors: readonly (readonly bigint[])[];
}

export function readPartialDecryption(
  election: Election,
  trustees: readonly TrusteeSet[],
  tally: EncryptedTally,
  owner: number,
  value: unknown,
): PartialDecryption {
  const { group, fingerprint } = election;
  const key = trustees.flatMap(({ keys }) => keys)[owner - 1] ?? refuse("a decryption by nobody");
  const fields = readObject(value, ["decryption_factors", "decryption_proofs"]);
  const factors = readList(fields.decryption_factors, (list) => readList(list, readInteger));
  const proofs = readList(fields.decryption_proofs, (list) =>
    readList(list, (one) => readProof(group, one)),
  );
  const shape = (lists: readonly (readonly unknown[])[]) =>
    lists.map(({ length }) => length).join();
  const isWhole = shape(factors) === shape(tally) && shape(proofs) === shape(tally);
  demand(isWhole, "a decryption has another shape than the tally");
  for (const [i, list] of factors.entries()) {
    for (const [j, factor] of list.entries()) {
      const alpha = tally[i]?.[j]?.alpha as bigint;
      const proof = proofs[i]?.[j] as (typeof proofs)[number][number];
      demand(isElement(group, factor), "a factor is no element");
      const isGood = verifyFactor(group, fingerprint, key, alpha, factor, proof);
      demand(isGood, "a decryption is not shown to be right");
    }
  }
  return { owner, factors };
}

/** The product of all sets' factors for one ciphertext. @throws if a set has not enough. */
function factorOf(
  { group }: Election,
  trustees: readonly TrusteeSet[],
  partials: readonly PartialDecryption[],
  [i, j]: readonly [number, number],
): bigint {
  let offset = 0;
  const parts = trustees.map(({ keys, threshold, isShared }) => {
    const base = offset;
    offset += keys.length;
    const own = partials.filter(({ owner }) => owner > base && owner <= base + keys.length);
    demand(own.length >= threshold, "too few trustees have decrypted");
    const used = own.slice(0, threshold);
    const indices = used.map(({ owner }) => BigInt(owner - base));
    return multiply(
      group,
      ...used.map(({ factors }, at) => {
        const factor = factors[i]?.[j] as bigint;
        return isShared ? power(group, factor, lagrange(group.q, indices, at)) : factor;
      }),
    );
  });
  return multiply(group, ...parts);
}

/** ∏ k / (k − δ) modulo q, for the index at a position. */
function lagrange(q: bigint, indices: readonly bigint[], at: number): bigint {
  const own = indices[at] as bigint;
  let [top, bottom] = [1n, 1n];
  for (const [i, index] of indices.entries()) {
    if (i === at) continue;
    top = (top * index) % q;
    bottom = (bottom * (index - own + q)) % q;
  }
  return (top * inverse(bottom, q)) % q;
}

/** By Euclid; both are public. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return ((x % modulus) + modulus) % modulus;
}

/** The published result is what the factors leave of the tally. */
export function checkResult(
  election: Election,
  trustees: readonly TrusteeSet[],
  tally: EncryptedTally,
  partials: readonly PartialDecryption[],
  value: unknown,
): readonly (readonly number[])[] {
  const { group } = election;
  const { result } = readObject(value, ["result"]);
  const published = readList(result, (question) => readList(question, readCount));
  demand(published.length === tally.length, "the result has another shape");
  for (const [i, question] of tally.entries()) {
    const counts = published[i] as readonly number[];
    demand(counts.length === question.length, "the result has another shape");
    for (const [j, { beta }] of question.entries()) {
      const factor = factorOf(election, trustees, partials, [i, j]);
      const count = BigInt(counts[j] as number);
      const isRight = multiply(group, power(group, group.g, count), factor) === beta;
      demand(isRight, "the result is not what the tally holds");
    }
  }
  return published;
}
