/** A ballot of Belenios 2.0: encrypted answers with their proofs, signed by a credential. */
import { randomBytes } from "@noble/hashes/utils.js";
import type { RandomBytes } from "../../groups/group.ts";
import { randomBelow } from "../../paillier/modular.ts";
import { type Choice, choiceToValues } from "../answer.ts";
import { refuseBallot } from "../ballot.ts";
import { sumOf } from "../belenios/ballot.ts";
import { type Election, jsonHash, type Question, readElection } from "../belenios/election.ts";
import { multiply, power } from "../belenios/group.ts";
import type { Ciphertext } from "../belenios/proofs.ts";
import type { BeleniosKey } from "./election.ts";
import { type ProverContext, proofJson, proveExponent, proveOneOf } from "./proofs.ts";

/**
 * Makes the text of a ballot.
 *
 * @param electionText `election.json`, as it was published.
 * @param choices one for each question.
 * @throws {ThresholdError} `threshold/ballot` with `choice`; `threshold/record` for an election
 * that is none of Belenios 2.0 with homomorphic questions.
 */
export function makeBeleniosBallot(
  electionText: string,
  credential: BeleniosKey,
  choices: readonly Choice[],
  random: RandomBytes = randomBytes,
): string {
  const election = readElection(electionText);
  const { uuid, fingerprint, questions, group } = election;
  if (choices.length !== questions.length) refuseBallot("choice");
  const prover = { group, random };
  const context = `${fingerprint}|${credential.publicKey}`;
  const answers = questions.map((question, i) =>
    makeAnswer(prover, election, context, question, choices[i] as Choice),
  );
  const unsigned = {
    election_uuid: uuid,
    election_hash: fingerprint,
    credential: `${credential.publicKey}`,
    answers,
  };
  const hash = jsonHash(JSON.stringify(unsigned));
  const proof = proveExponent(prover, `sig|${hash}`, [group.g], credential.secret);
  return JSON.stringify({ ...unsigned, signature: { hash, proof: proofJson(proof) } });
}

interface Encryption {
  readonly ciphertext: Ciphertext;
  readonly randomness: bigint;
  readonly value: bigint;
}

function makeAnswer(
  prover: ProverContext,
  { publicKey }: Election,
  context: string,
  question: Question,
  choice: Choice,
): object {
  const encryptions = valuesOf(question, choice).map((value) => encrypt(prover, publicKey, value));
  const individual = encryptions.map((one) => {
    const ways = [0n, 1n].map((value) => ({ ciphertext: one.ciphertext, value }));
    const { alpha, beta } = one.ciphertext;
    const known = { at: Number(one.value), randomness: one.randomness };
    return proveOneOf(prover, publicKey, `prove|${context}|${alpha},${beta}`, ways, known);
  });
  const ciphertexts = encryptions.map(({ ciphertext }) => ciphertext);
  const all = ciphertexts.map(({ alpha, beta }) => `${alpha},${beta}`).join(",");
  const proofs = proveNumber(prover, publicKey, `${context}|${all}`, question, encryptions);
  return {
    choices: ciphertexts.map(({ alpha, beta }) => ({ alpha: `${alpha}`, beta: `${beta}` })),
    individual_proofs: individual.map((list) => list.map(proofJson)),
    ...proofs,
  };
}

/** 0 or 1 for each ciphertext; Belenios has the blank vote's first. */
function valuesOf(question: Question, choice: Choice): readonly bigint[] {
  const { text, answers, min, max, blank } = question;
  const values = choiceToValues({ text, options: answers, min, max, blank }, choice);
  return blank ? [values.at(-1) as bigint, ...values.slice(0, -1)] : values;
}

function encrypt({ group, random }: ProverContext, key: bigint, value: bigint): Encryption {
  const randomness = randomBelow(group.q, random);
  const beta = multiply(group, power(group, key, randomness), power(group, group.g, value));
  return { ciphertext: { alpha: power(group, group.g, randomness), beta }, randomness, value };
}

/** That as many are chosen as the question allows, or none with a blank vote. */
function proveNumber(
  prover: ProverContext,
  key: bigint,
  context: string,
  { min, max, blank }: Question,
  encryptions: readonly Encryption[],
): object {
  const [first, ...rest] = encryptions as readonly [Encryption, ...Encryption[]];
  const sum = addEncryptions(prover, blank ? rest : encryptions);
  const counts = Array.from({ length: max - min + 1 }, (_, i) => BigInt(min + i));
  const ways = counts.map((value) => ({ ciphertext: sum.ciphertext, value }));
  const at = Number(sum.value) - min;
  if (!blank) {
    const { alpha, beta } = sum.ciphertext;
    const prefix = `prove|${context}|${alpha},${beta}`;
    const overall = proveOneOf(prover, key, prefix, ways, { at, randomness: sum.randomness });
    return { overall_proof: overall.map(proofJson) };
  }
  const isBlank = first.value === 1n;
  const blankWays = [
    { ciphertext: first.ciphertext, value: 0n },
    { ciphertext: sum.ciphertext, value: 0n },
  ];
  const overallWays = [{ ciphertext: first.ciphertext, value: 1n }, ...ways];
  const blankKnown = isBlank
    ? { at: 1, randomness: sum.randomness }
    : { at: 0, randomness: first.randomness };
  const overallKnown = isBlank
    ? { at: 0, randomness: first.randomness }
    : { at: at + 1, randomness: sum.randomness };
  const overall = proveOneOf(prover, key, `bproof1|${context}`, overallWays, overallKnown);
  const blankProof = proveOneOf(prover, key, `bproof0|${context}`, blankWays, blankKnown);
  return { overall_proof: overall.map(proofJson), blank_proof: blankProof.map(proofJson) };
}

function addEncryptions({ group }: ProverContext, list: readonly Encryption[]): Encryption {
  return {
    ciphertext: sumOf(
      group,
      list.map(({ ciphertext }) => ciphertext),
    ),
    randomness: list.reduce((sum, { randomness }) => sum + randomness, 0n),
    value: list.reduce((sum, { value }) => sum + value, 0n),
  };
}
