/** A ballot: encrypted answers with their proofs, signed by a credential (sections 4.14 to 4.16). */

import { readInteger, readJson, readList, readObject, readText } from "../json.ts";
import { demand } from "../refuse.ts";
import { type Credentials, type Election, jsonHash, type Question } from "./election.ts";
import { isElement, multiply } from "./group.ts";
import {
  type Ciphertext,
  type Proof,
  readProof,
  verifyBlank,
  verifyBlankOrInterval,
  verifyInterval,
  verifySignature,
} from "./proofs.ts";

export interface Ballot {
  readonly credential: bigint;
  /** For each question. */
  readonly choices: readonly (readonly Ciphertext[])[];
  /** What its voter finds it by: unpadded base64 of the hash of its text. */
  readonly tracker: string;
}

interface Answer {
  readonly choices: readonly Ciphertext[];
  readonly individual: readonly (readonly Proof[])[];
  readonly overall: readonly Proof[];
  readonly blank: readonly Proof[] | undefined;
}

/** Reads a ballot and verifies all of it. */
export function readBallot(election: Election, credentials: Credentials, text: string): Ballot {
  const { uuid, fingerprint, questions } = election;
  const fields = readObject(readJson(text), [
    "election_uuid",
    "election_hash",
    "credential",
    "answers",
    "signature",
  ]);
  const isHere = fields.election_uuid === uuid && fields.election_hash === fingerprint;
  demand(isHere, "a ballot is for another election");
  const credential = readInteger(fields.credential);
  demand(credentials.has(credential), "a ballot's credential is not on the list");
  const answers = readList(fields.answers, (answer) => readAnswer(election, answer));
  demand(answers.length === questions.length, "a ballot answers other questions");
  for (const [i, answer] of answers.entries()) {
    checkAnswer(election, `${fingerprint}|${credential}`, questions[i] as Question, answer);
  }
  checkSignature(election, text, credential, fields.signature);
  return { credential, choices: answers.map(({ choices }) => choices), tracker: jsonHash(text) };
}

function checkSignature(
  { group }: Election,
  text: string,
  credential: bigint,
  signature: unknown,
): void {
  const parts = readObject(signature, ["hash", "proof"]);
  const hash = readText(parts.hash);
  const isForText = jsonHash(unsignedText(text, signature)) === hash;
  demand(isForText, "a ballot's signature is for another text");
  const proof = readProof(group, parts.proof);
  demand(verifySignature(group, credential, hash, proof), "a ballot's signature is wrong");
}

/** The text without its last field. It must be compact JSON with its fields in the order of the format. */
function unsignedText(text: string, signature: unknown): string {
  const ending = `,"signature":${JSON.stringify(signature)}}`;
  const order =
    /^\{"election_uuid":"[^"]*","election_hash":"[^"]*","credential":"[0-9]+","answers":\[/;
  demand(text.endsWith(ending) && order.test(text), "a ballot is not in its canonical form");
  demand(JSON.stringify(JSON.parse(text)) === text, "a ballot is not in its canonical form");
  return `${text.slice(0, -ending.length)}}`;
}

function readAnswer({ group }: Election, value: unknown): Answer {
  const fields = readObject(
    value,
    ["choices", "individual_proofs", "overall_proof"],
    ["blank_proof"],
  );
  const readProofs = (list: unknown) => readList(list, (one) => readProof(group, one));
  return {
    choices: readList(fields.choices, (one) => readCiphertext(group, one)),
    individual: readList(fields.individual_proofs, readProofs),
    overall: readProofs(fields.overall_proof),
    blank: fields.blank_proof === undefined ? undefined : readProofs(fields.blank_proof),
  };
}

export function readCiphertext(group: Election["group"], value: unknown): Ciphertext {
  const fields = readObject(value, ["alpha", "beta"]);
  const [alpha, beta] = [readInteger(fields.alpha), readInteger(fields.beta)];
  demand(isElement(group, alpha) && isElement(group, beta), "a ciphertext is no pair of elements");
  return { alpha, beta };
}

function checkAnswer(
  { group, publicKey }: Election,
  context: string,
  { answers, min, max, blank }: Question,
  { choices, individual, overall, blank: blankProof }: Answer,
): void {
  const count = answers.length + (blank ? 1 : 0);
  const isWhole = choices.length === count && individual.length === count;
  demand(isWhole && (blankProof !== undefined) === blank, "an answer has another shape");
  for (const [i, choice] of choices.entries()) {
    const proofs = individual[i] as readonly Proof[];
    const isBit = verifyInterval(group, publicKey, context, choice, [0n, 1n], proofs);
    demand(isBit, "a choice is not shown to be 0 or 1");
  }
  const all = choices.map(({ alpha, beta }) => `${alpha},${beta}`).join(",");
  const whole = `${context}|${all}`;
  const values = Array.from({ length: max - min + 1 }, (_, i) => BigInt(min + i));
  if (blankProof === undefined) {
    const sum = sumOf(group, choices);
    const isInside = verifyInterval(group, publicKey, whole, sum, values, overall);
    demand(isInside, "the number of choices is not shown to be allowed");
    return;
  }
  const [first, ...others] = choices as readonly [Ciphertext, ...Ciphertext[]];
  const sum = sumOf(group, others);
  const isBlank = verifyBlank(group, publicKey, whole, first, sum, blankProof);
  demand(isBlank, "a blank vote is not shown to be empty");
  const isInside = verifyBlankOrInterval(group, publicKey, whole, first, sum, values, overall);
  demand(isInside, "the number of choices is not shown to be allowed");
}

export function sumOf(group: Election["group"], list: readonly Ciphertext[]): Ciphertext {
  return {
    alpha: multiply(group, ...list.map(({ alpha }) => alpha)),
    beta: multiply(group, ...list.map(({ beta }) => beta)),
  };
}
