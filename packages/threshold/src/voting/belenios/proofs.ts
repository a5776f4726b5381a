/** Verification of Belenios' proofs (specification 2.0, sections 4.5 to 4.17). */

import { readInteger, readObject } from "../json.ts";
import { demand } from "../refuse.ts";
import { type BeleniosGroup, hashToExponent, multiply, power } from "./group.ts";

export interface Proof {
  readonly challenge: bigint;
  readonly response: bigint;
}

export interface Ciphertext {
  readonly alpha: bigint;
  readonly beta: bigint;
}

export function readProof({ q }: BeleniosGroup, value: unknown): Proof {
  const fields = readObject(value, ["challenge", "response"]);
  const challenge = readInteger(fields.challenge);
  const response = readInteger(fields.response);
  demand(challenge < q && response < q, "an exponent is not below the order");
  return { challenge, response };
}

/** g^response · base^challenge. */
export function commitment(
  group: BeleniosGroup,
  base: bigint,
  element: bigint,
  proof: Proof,
): bigint {
  return multiply(
    group,
    power(group, base, proof.response),
    power(group, element, proof.challenge),
  );
}

/** A key's proof that its secret is known. */
export function verifyKey(group: BeleniosGroup, name: string, key: bigint, proof: Proof): boolean {
  const a = commitment(group, group.g, key, proof);
  return proof.challenge === hashToExponent(group, `pok|${name}|${key}|${a}`);
}

/** A trustee's signature; its challenge is not reduced. */
export function verifyMessage(
  group: BeleniosGroup,
  key: bigint,
  message: string,
  proof: Proof,
): boolean {
  const a = commitment(group, group.g, key, proof);
  return proof.challenge === hashToExponent(group, `sigmsg|${message}|${a}`);
}

export function verifySignature(
  group: BeleniosGroup,
  credential: bigint,
  hash: string,
  proof: Proof,
): boolean {
  const a = commitment(group, group.g, credential, proof);
  return proof.challenge === hashToExponent(group, `sig|${hash}|${a}`);
}

/** One way of a disjunction: the ciphertext holds `value`. */
interface Way {
  readonly ciphertext: Ciphertext;
  readonly value: bigint;
  readonly proof: Proof;
}

function commitments(group: BeleniosGroup, key: bigint, way: Way): string {
  const { ciphertext, value, proof } = way;
  const rest = multiply(group, ciphertext.beta, power(group, group.g, -value));
  const a = commitment(group, group.g, ciphertext.alpha, proof);
  const b = commitment(group, key, rest, proof);
  return `${a},${b}`;
}

function holds(group: BeleniosGroup, key: bigint, prefix: string, ways: readonly Way[]): boolean {
  const hash = hashToExponent(
    group,
    `${prefix}|${ways.map((way) => commitments(group, key, way)).join(",")}`,
  );
  const sum = ways.reduce((total, { proof }) => total + proof.challenge, 0n);
  return hash === sum % group.q;
}

/** The ciphertext holds one of `values`, which are as many as the proofs. */
export function verifyInterval(
  group: BeleniosGroup,
  key: bigint,
  context: string,
  ciphertext: Ciphertext,
  values: readonly bigint[],
  proofs: readonly Proof[],
): boolean {
  if (proofs.length !== values.length) return false;
  const ways = proofs.map((proof, i) => ({ ciphertext, value: values[i] as bigint, proof }));
  const { alpha, beta } = ciphertext;
  return holds(group, key, `prove|${context}|${alpha},${beta}`, ways);
}

/** Not blank, or nothing chosen. */
export function verifyBlank(
  group: BeleniosGroup,
  key: bigint,
  context: string,
  blank: Ciphertext,
  sum: Ciphertext,
  proofs: readonly Proof[],
): boolean {
  const [first, second] = proofs;
  if (first === undefined || second === undefined || proofs.length !== 2) return false;
  return holds(group, key, `bproof0|${context}`, [
    { ciphertext: blank, value: 0n, proof: first },
    { ciphertext: sum, value: 0n, proof: second },
  ]);
}

/** Blank, or as many chosen as `values` says. */
export function verifyBlankOrInterval(
  group: BeleniosGroup,
  key: bigint,
  context: string,
  blank: Ciphertext,
  sum: Ciphertext,
  values: readonly bigint[],
  proofs: readonly Proof[],
): boolean {
  const [first, ...others] = proofs;
  if (first === undefined || others.length !== values.length) return false;
  return holds(group, key, `bproof1|${context}`, [
    { ciphertext: blank, value: 1n, proof: first },
    ...others.map((proof, i) => ({ ciphertext: sum, value: values[i] as bigint, proof })),
  ]);
}

/** A trustee's factor has the same exponent as its key. */
export function verifyFactor(
  group: BeleniosGroup,
  fingerprint: string,
  key: bigint,
  alpha: bigint,
  factor: bigint,
  proof: Proof,
): boolean {
  const a = commitment(group, group.g, key, proof);
  const b = commitment(group, alpha, factor, proof);
  return proof.challenge === hashToExponent(group, `decrypt|${fingerprint}|${key}|${a},${b}`);
}
