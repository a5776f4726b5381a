/** The answer to one question: a ciphertext for each option, proven to be one that is allowed. */
import { concatBytes, u32LittleEndian } from "../bytes.ts";
import {
  type Ciphertext,
  type Encryption,
  scaleCiphertext,
  sumCiphertexts,
} from "../elgamal/ciphertext.ts";
import { ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { areBits, bitWitness, inSet, setWitness, sumEncryptions } from "../proofs/encryption.ts";
import type { Statement, Witness } from "../sigma/compose.ts";
import { protocolTag } from "../sigma/narg.ts";
import { ciphertextsOf, type Election, type Question } from "./election.ts";

/** Numbers of the options, from 0 on and ascending; or a blank vote, which is not choosing none. */
export type Choice = readonly number[] | "blank";

/** 0 or 1 for each ciphertext. @throws {ThresholdError} `threshold/ballot` with `choice`. */
export function choiceToValues(question: Question, choice: Choice): bigint[] {
  const { options, min, max, blank } = question;
  const values = Array.from({ length: ciphertextsOf(question) }, () => 0n);
  const isAllowed =
    choice === "blank"
      ? blank
      : choice.length >= min &&
        choice.length <= max &&
        choice.every((option, i) => i === 0 || option > (choice[i - 1] as number)) &&
        choice.every((option) => Number.isInteger(option) && option in options);
  if (!isAllowed) throw new ThresholdError({ code: "threshold/ballot", reason: "choice" });
  for (const option of choice === "blank" ? [options.length] : choice) values[option] = 1n;
  return values;
}

/** Inverse of {@link choiceToValues}. @param values a choice that is allowed. */
export function valuesToChoice({ options }: Question, values: readonly bigint[]): Choice {
  if (values[options.length] === 1n) return "blank";
  return values.flatMap((value, i) => (value === 1n ? [i] : []));
}

/**
 * Every message is a bit, and their sum is allowed. A blank vote counts n + 1 in that sum, which
 * is more than all n options together: the sum is n + 1 only if nothing else is chosen.
 */
export function answerStatement<P>(
  { group, key }: Election<P>,
  question: Question,
  ciphertexts: readonly Ciphertext<P>[],
): Statement<P> {
  const sums = allowedSums(question);
  if (sums.length === 1) return areBits(group, key, ciphertexts, sums[0]);
  const options = ciphertexts.slice(0, question.options.length);
  const blanks = ciphertexts
    .slice(question.options.length)
    .map((blank) => scaleCiphertext(group, blank, blankFactor(question)));
  const ciphertext = sumCiphertexts(group, [...options, ...blanks]);
  return {
    kind: "all",
    of: [areBits(group, key, ciphertexts), inSet({ group, key, ciphertext }, sums)],
  };
}

export function answerWitness<P>(
  { group }: Election<P>,
  question: Question,
  encryptions: readonly Encryption<P>[],
): Witness {
  const bits = bitWitness(group, encryptions);
  const sums = allowedSums(question);
  if (sums.length === 1) return bits;
  const factor = blankFactor(question);
  const weighted = encryptions.map((item, i) =>
    i < question.options.length
      ? item
      : {
          ciphertext: scaleCiphertext(group, item.ciphertext, factor),
          message: group.reduce(item.message * factor),
          randomness: group.reduce(item.randomness * factor),
        },
  );
  const sum = sumEncryptions(group, weighted);
  return { kind: "all", of: [bits, setWitness(group, sum, sums)] };
}

/** What the proof of {@link answerStatement} has, which the question alone determines. */
export function answerProofCounts(question: Question): { elements: number; scalars: number } {
  const count = ciphertextsOf(question);
  const sums = allowedSums(question).length;
  const isOne = sums === 1;
  return {
    elements: 4 * count + (isOne ? 1 : 2 * sums),
    scalars: 3 * count + (isOne ? 0 : 2 * sums - 1),
  };
}

export function answerProofBytes<P>({ group }: Election<P>, question: Question): number {
  const { elements, scalars } = answerProofCounts(question);
  return elements * group.elementBytes + scalars * group.scalarBytes;
}

/**
 * The answer that the same commitments need once the ciphertexts were re-randomised: what is
 * linear in the randomness r follows r + δ.
 *
 * @param scalars the prover's answer to `challenge`. @param deltas one for each ciphertext.
 */
export function moveAnswerScalars<P>(
  { group }: Election<P>,
  question: Question,
  { scalars, challenge }: { readonly scalars: readonly Scalar[]; readonly challenge: Scalar },
  deltas: readonly Scalar[],
): Scalar[] {
  const bits = deltas.flatMap((delta, i) => {
    const [message, random, product] = scalars.slice(3 * i, 3 * i + 3) as [Scalar, Scalar, Scalar];
    return [
      message,
      group.reduce(random + challenge * delta),
      group.reduce(product + delta * (challenge - message)),
    ];
  });
  const rest = scalars.slice(bits.length);
  if (rest.length === 0) return bits;
  const sums = allowedSums(question).length;
  const given = rest.slice(0, sums - 1);
  const last = given.reduce((left, value) => left - value, challenge);
  const total = deltas.reduce(
    (sum, delta, i) => sum + delta * (i < question.options.length ? 1n : blankFactor(question)),
    0n,
  );
  const branches = [...given, last].map((own, i) =>
    group.reduce((rest[sums - 1 + i] as Scalar) + own * total),
  );
  return [...bits, ...given, ...branches];
}

/** An answer is good in one election, of one credential, to one question. */
export function answerTag<P>(
  { group, fingerprint }: Election<P>,
  credential: Uint8Array,
  position: number,
): Uint8Array {
  const binding = concatBytes(fingerprint, credential, u32LittleEndian(position));
  return protocolTag("voting-answer/v1", group.name, binding);
}

function allowedSums(question: Question): bigint[] {
  const { min, max, blank } = question;
  const sums = Array.from({ length: max - min + 1 }, (_, i) => BigInt(min + i));
  return blank ? [...sums, blankFactor(question)] : sums;
}

function blankFactor({ options }: Question): bigint {
  return BigInt(options.length + 1);
}
