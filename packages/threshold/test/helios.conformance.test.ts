/**
 * An election of Helios of 2010: why this package has no verifier for such. Its challenges are
 * hashes of the commitments alone, so who proves can choose the statement last (Bernhard, Pereira,
 * Warinschi 2012). The vectors hold under these rules, and so does a forgery that this test makes;
 * Belenios's rule, which hashes the ciphertext too, refuses it.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { modPow } from "../src/paillier/modular.ts";
import {
  type BeleniosGroup,
  hashToExponent,
  multiply,
  power,
} from "../src/voting/belenios/group.ts";
import { type Ciphertext, commitment, verifyInterval } from "../src/voting/belenios/proofs.ts";
import { readInteger, readJson, readList, readObject, readText } from "../src/voting/json.ts";
import { findVectors, listFiles } from "./vectors.ts";

const directory = findVectors("helios");

/** A proof as Helios writes it, with its commitments. */
interface HeliosProof {
  readonly A: bigint;
  readonly B: bigint;
  readonly challenge: bigint;
  readonly response: bigint;
}

const open = (value: unknown, names: string) => readObject(value, names.split(" "));

function readProof(value: unknown): HeliosProof {
  const fields = open(value, "challenge commitment response");
  const commitment = open(fields.commitment, "A B");
  return {
    A: readInteger(commitment.A),
    B: readInteger(commitment.B),
    challenge: readInteger(fields.challenge),
    response: readInteger(fields.response),
  };
}

function readCiphertext(value: unknown): Ciphertext {
  const { alpha, beta } = open(value, "alpha beta");
  return { alpha: readInteger(alpha), beta: readInteger(beta) };
}

/** SHA-1 of decimal numbers with commas between them. */
function heliosHash(...numbers: readonly bigint[]): bigint {
  return BigInt(`0x${createHash("sha1").update(numbers.join(",")).digest("hex")}`);
}

/** Both of base and element have one exponent. */
function holds(
  group: BeleniosGroup,
  base: bigint,
  element: bigint,
  made: bigint,
  proof: HeliosProof,
) {
  const right = multiply(group, made, power(group, element, proof.challenge));
  return power(group, base, proof.response) === right;
}

/** The ciphertext holds one of 0, 1, …: as Helios says. */
function isHeliosRange(
  group: BeleniosGroup,
  key: bigint,
  { alpha, beta }: Ciphertext,
  proofs: readonly HeliosProof[],
): boolean {
  const sum = proofs.reduce((total, { challenge }) => total + challenge, 0n);
  const isSum = sum % group.q === heliosHash(...proofs.flatMap(({ A, B }) => [A, B])) % group.q;
  return proofs.reduce((isGood, proof, value) => {
    const rest = multiply(group, beta, power(group, group.g, -BigInt(value)));
    const isFirst = holds(group, group.g, alpha, proof.A, proof);
    return isGood && isFirst && holds(group, key, rest, proof.B, proof);
  }, isSum);
}

describe.runIf(directory !== undefined)("an election of Helios of 2010", () => {
  if (directory === undefined) return;
  const read = (name: string) => readJson(readFileSync(join(directory, name), "utf8"));
  const election = open(
    read("legacy-election-expected.json"),
    "cast_url description frozen_at name openreg public_key questions short_name use_voter_aliases uuid voters_hash voting_ends_at voting_starts_at",
  );
  const numbers = open(election.public_key, "g p q y");
  const [g, p, q, key] = [numbers.g, numbers.p, numbers.q, numbers.y].map(readInteger) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const group = { g, p, q };
  const [trusteeJson] = readList(read("legacy-trustees-expected.json"), (one) =>
    open(one, "decryption_factors decryption_proofs email pok public_key public_key_hash uuid"),
  );
  const data = readList(read("legacy-data.json"), (one) => open(one, "pk model fields"));
  const fieldsOf = (model: string) =>
    data.filter((one) => one.model === model).map((one) => one.fields as Record<string, unknown>);
  const [cast] = fieldsOf("helios.castvote");
  const vote = open(readJson(readText(cast?.vote)), "election_uuid election_hash answers");
  const [answer] = readList(vote.answers, (one) => {
    const own = open(one, "individual_proofs overall_proof choices");
    return {
      choices: readList(own.choices, readCiphertext),
      individual: readList(own.individual_proofs, (list) => readList(list, readProof)),
      overall: readList(own.overall_proof, readProof),
    };
  });

  it("is in the files that this test knows", () => {
    expect(listFiles(directory)).toEqual([
      "SOURCE.txt",
      "legacy-ballots-expected.json",
      "legacy-data.json",
      "legacy-election-expected.json",
      "legacy-election-metadata-expected.json",
      "legacy-election-voters-expected.json",
      "legacy-trustees-expected.json",
    ]);
    expect(new Set(data.map(({ model }) => model))).toEqual(
      new Set([
        "sessions.session",
        "helios_auth.user",
        "helios.election",
        "helios.electionlog",
        "helios.voterfile",
        "helios.voter",
        "helios.castvote",
        "helios.trustee",
      ]),
    );
  });

  it("is told of the same ballot and voters in all files", () => {
    const shown = readList(read("legacy-ballots-expected.json"), (one) =>
      open(one, "cast_at vote_hash voter_hash voter_uuid"),
    );
    const voters = readList(read("legacy-election-voters-expected.json"), (one) =>
      open(one, "election_uuid name uuid voter_id_hash voter_type"),
    );
    open(
      read("legacy-election-metadata-expected.json"),
      "help_email private_p randomize_answer_order use_advanced_audit_features",
    );
    const stored = fieldsOf("helios.voter");
    const names = (list: readonly { readonly uuid?: unknown }[]) => list.map(({ uuid }) => uuid);
    expect(names(voters).sort()).toEqual(names(stored).sort());
    expect(shown.map((one) => one.vote_hash)).toEqual([cast?.vote_hash]);
    expect(vote.election_uuid).toBe(election.uuid);
  });

  it("holds under its own rules: key, ballot, decryption and result", () => {
    const pok = open(trusteeJson?.pok, "challenge commitment response");
    const commitment = readInteger(pok.commitment);
    const proof = { challenge: readInteger(pok.challenge), response: readInteger(pok.response) };
    expect(holds(group, g, key, commitment, { ...proof, A: commitment, B: 1n })).toBe(true);
    expect(proof.challenge).toBe(heliosHash(commitment));
    for (const [i, choice] of answer!.choices.entries()) {
      expect(isHeliosRange(group, key, choice, answer!.individual[i]!)).toBe(true);
    }
    const product = (side: "alpha" | "beta") =>
      multiply(group, ...answer!.choices.map((choice) => choice[side]));
    const sum = { alpha: product("alpha"), beta: product("beta") };
    expect(isHeliosRange(group, key, sum, answer!.overall)).toBe(true);
    const [factors = []] = readList(trusteeJson?.decryption_factors, (list) =>
      readList(list, readInteger),
    );
    const [proofs = []] = readList(trusteeJson?.decryption_proofs, (list) =>
      readList(list, readProof),
    );
    const result = readJson(readText(fieldsOf("helios.election")[0]?.result)) as number[][];
    expect(factors.length).toBe(answer!.choices.length);
    for (const [i, factor] of factors.entries()) {
      const { alpha, beta } = answer!.choices[i] as Ciphertext;
      const own = proofs[i] as HeliosProof;
      expect(own.challenge).toBe(heliosHash(own.A, own.B));
      expect(holds(group, g, key, own.A, own) && holds(group, alpha, factor, own.B, own)).toBe(
        true,
      );
      expect(multiply(group, factor, power(group, g, BigInt(result[0]![i]!)))).toBe(beta);
    }
  });

  it("would have taken a ballot that is neither 0 nor 1", () => {
    const { message, ciphertext, proofs } = forge(group, key, (made) => heliosHash(...made));
    expect([0n, 1n]).not.toContain(message);
    const { alpha, beta } = ciphertext;
    const randomness = power(group, group.g, RANDOMNESS);
    const rest = multiply(group, power(group, key, RANDOMNESS), power(group, g, message));
    expect({ alpha, beta }).toEqual({ alpha: randomness, beta: rest });
    expect(isHeliosRange(group, key, ciphertext, proofs)).toBe(true);
  });

  it("shows a forgery that Belenios's rule refuses for the ciphertext in its hash alone", () => {
    const context = "the same election|the same voter";
    const { alpha: guess, beta } = answer!.choices[0]!;
    const guessed = (made: readonly bigint[]) => {
      const [a, b, c, d] = made;
      return hashToExponent(group, `prove|${context}|${guess},${beta}|${a},${b},${c},${d}`);
    };
    // Belenios has the challenges with the other sign.
    const forged = forge(group, key, (made) => q - guessed(made));
    const proofs = forged.proofs.map(({ challenge, response }) => ({
      challenge: (q - challenge) % q,
      response,
    }));
    const made = forged.proofs.flatMap(({ A, B }) => [A, B]);
    for (const [i, { A, B }] of forged.proofs.entries()) {
      const rest = multiply(group, forged.ciphertext.beta, power(group, g, -BigInt(i)));
      const proof = proofs[i]!;
      expect(commitment(group, g, forged.ciphertext.alpha, proof)).toBe(A);
      expect(commitment(group, key, rest, proof)).toBe(B);
    }
    const sum = proofs.reduce((total, { challenge }) => total + challenge, 0n);
    expect(sum % q).toBe(guessed(made));
    expect(verifyInterval(group, key, context, forged.ciphertext, [0n, 1n], proofs)).toBe(false);
  });
});

const RANDOMNESS = 1234567890123456789n;

/**
 * With A = g^a and B = key^a · g^b, the equations want b = -c (m - i) of each way i. The challenge
 * is known before m is chosen, so m solves c m² + (b₀ + b₁ - c) m - b₀ = 0.
 */
function forge(
  group: BeleniosGroup,
  key: bigint,
  challengeOf: (made: readonly bigint[]) => bigint,
): { message: bigint; ciphertext: Ciphertext; proofs: readonly HeliosProof[] } {
  const { g, q } = group;
  const mod = (value: bigint) => ((value % q) + q) % q;
  const divide = (top: bigint, bottom: bigint) => mod(top * modPow(mod(bottom), q - 2n, q));
  for (let draw = 1n; ; draw++) {
    const a = [draw + 17n, draw + 19n] as const;
    const b = [draw * draw + 3n, draw + 5n] as const;
    const made = a.flatMap((exponent, i) => [
      power(group, g, exponent),
      multiply(group, power(group, key, exponent), power(group, g, b[i] as bigint)),
    ]);
    const all = mod(challengeOf(made));
    const middle = b[0] + b[1] - all;
    const root = squareRoot(mod(middle * middle + 4n * all * b[0]), q);
    if (root === undefined) continue;
    const message = divide(root - middle, 2n * all);
    const first = divide(-b[0], message);
    const proofs = [first, mod(all - first)].map((challenge, i) => ({
      A: made[2 * i] as bigint,
      B: made[2 * i + 1] as bigint,
      challenge,
      response: mod((a[i] as bigint) + challenge * RANDOMNESS),
    }));
    const beta = multiply(group, power(group, key, RANDOMNESS), power(group, g, message));
    return { message, ciphertext: { alpha: power(group, g, RANDOMNESS), beta }, proofs };
  }
}

/** Atkin's, for a prime that is 5 modulo 8. */
function squareRoot(value: bigint, q: bigint): bigint | undefined {
  const v = modPow(2n * value, (q - 5n) / 8n, q);
  const i = (2n * value * v * v) % q;
  const root = (((value * v) % q) * (i - 1n + q)) % q;
  return (root * root) % q === value ? root : undefined;
}
