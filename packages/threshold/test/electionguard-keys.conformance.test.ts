/**
 * Vectors that ElectionGuard's Kotlin library wrote, and a key ceremony of its Rust library.
 *
 * The step vectors are of July 2023, between two drafts: other version, integers of two bytes, no
 * length before the manifest, date and place in H_B, all commitments in H_E, a contest's label in
 * the place of its number. Where that shows, the test hashes by the draft; all else is as in 2.0.0.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bytesToInteger, utf8 } from "../src/bytes.ts";
import { COFACTOR, G, P, Q } from "../src/voting/electionguard/group.ts";
import {
  elementBytes,
  exponentBytes,
  hash,
  hashToExponent,
  indexBytes,
} from "../src/voting/electionguard/hash.ts";
import { Base, generatorPower, times } from "../src/voting/electionguard/powers.ts";
import {
  parameterBaseHash,
  verifyElectionKey,
  verifyExtendedBaseHash,
} from "../src/voting/electionguard/setup.ts";
import { readElement, readExponent, readHash } from "../src/voting/electionguard/values.ts";
import { all, type Fields, open, short, upper } from "./electionguard-vectors.ts";
import { findVectors, listFiles } from "./vectors.ts";

const directory = findVectors("electionguard-2.0-kotlin");

describe.runIf(directory !== undefined)("key ceremonies in vectors of ElectionGuard 2.0", () => {
  if (directory === undefined) return;
  const read = (name: string): Fields =>
    JSON.parse(readFileSync(join(directory, name), "utf8")) as Fields;
  const vector = (name: string, names: string) =>
    open(read(`${name}TestVector.json`), `desc ${names}`);

  it("are the files that this test knows", () => {
    expect(listFiles(directory)).toEqual([
      "BallotAggregationTestVector.json",
      "BallotChainingTestVector.json",
      "BallotEncryptionTestVector.json",
      "ConfirmationCodeTestVector.json",
      "DecryptBallotTestVector.json",
      "DecryptWithNonceTestVector.json",
      "KeyCeremonyTestVector.json",
      "ParametersTestVector.json",
      "PreEncryptionRecordedTestVector.json",
      "PreEncryptionTestVector.json",
      "SOURCE.txt",
      // Shares that guardians send to each other: no record has them.
      "ShareEncryptionTestVector.json",
      "TallyDecryptionTestVector.json",
      "TallyPartialDecryptionTestVector.json",
      "egrust-public",
    ]);
  });

  it("have these parameters, and the draft's hashes of them", () => {
    const { parameter_base_hash: base, election_base_hash: election } = vector(
      "Parameters",
      "parameter_base_hash election_base_hash",
    );
    const { protocolVersion, primes, expected } = open(
      base,
      "task protocolVersion primes expected",
    );
    const numbers = open(primes, "large_prime small_prime generator");
    expect(readElement(numbers.large_prime)).toBe(P);
    expect(readExponent(numbers.small_prime)).toBe(Q);
    expect(readElement(numbers.generator)).toBe(G);
    const version = new Uint8Array(32);
    version.set(utf8(protocolVersion as string));
    const parts = [elementBytes(P), exponentBytes(Q), elementBytes(G)];
    const parameterHash = hash(version, 0x00, ...parts);
    expect(upper(parameterHash)).toBe(expected);
    const setup = open(
      election,
      "task parameterBaseHash numberOfGuardians quorum date jurisdiction_info manifest_hash expected",
    );
    expect(upper(parameterHash)).toBe(setup.parameterBaseHash);
    const counts = [short(setup.numberOfGuardians), short(setup.quorum)];
    const place = [utf8(setup.date as string), utf8(setup.jurisdiction_info as string)];
    const manifestHash = readHash(setup.manifest_hash);
    const electionHash = hash(parameterHash, 0x02, ...counts, ...place, manifestHash);
    expect(upper(electionHash)).toBe(setup.expected);
  });

  it("have guardians whose proofs are right, and the key that is their product", () => {
    const ceremony = vector(
      "KeyCeremony",
      "guardians task election_base_hash expected_joint_public_key expected_extended_base_hash",
    );
    const base = readHash("AB91D83C3DC3FEB76E57C2783CFE2CA85ADB4BC01FC5123EEAE3124CC3FB6CDE");
    const guardians = all(ceremony.guardians, (item) => {
      const guardian = open(
        item,
        "name coordinate polynomial_coefficients proof_nonces task expected_proofs",
      );
      const secrets = all(guardian.polynomial_coefficients, readExponent);
      const nonces = all(guardian.proof_nonces, readExponent);
      const proofs = all(guardian.expected_proofs, (one) => {
        const { public_key: key, ...proof } = open(one, "public_key challenge response");
        const { challenge, response } = proof;
        return [readElement(key), readExponent(challenge), readExponent(response)] as const;
      });
      expect(proofs.length).toBeGreaterThan(0);
      for (const [j, [key, challenge, response]] of proofs.entries()) {
        const powers = new Base(key);
        expect(powers.isMember()).toBe(true);
        expect(generatorPower(secrets[j] as bigint)).toBe(key);
        const nonce = times(generatorPower(response), powers.power(challenge));
        expect(nonce).toBe(generatorPower(nonces[j] as bigint));
        const place = [short(guardian.coordinate), short(j)];
        const elements = [elementBytes(key), elementBytes(nonce)];
        expect(hashToExponent(base, 0x10, ...place, ...elements)).toBe(challenge);
      }
      const commitments = proofs.map(([key]) => key);
      return { id: guardian.name as string, coordinate: 0, commitments, proofs: [] };
    });
    const key = readElement(ceremony.expected_joint_public_key);
    verifyElectionKey(guardians, key);
    const commitments = guardians.flatMap((one) => one.commitments.map(elementBytes));
    const electionHash = readHash(ceremony.election_base_hash);
    const extended = hash(electionHash, 0x12, elementBytes(key), ...commitments);
    expect(upper(extended)).toBe(ceremony.expected_extended_base_hash);
  });
});

describe.runIf(directory !== undefined)("a key ceremony of ElectionGuard's Rust library", () => {
  if (directory === undefined) return;
  const top = join(directory, "egrust-public");
  const read = (name: string): unknown => JSON.parse(readFileSync(join(top, name), "utf8"));
  const bytes = (text: unknown) =>
    new Uint8Array(Buffer.from((text as string).replace("base64:", ""), "base64"));
  const integer = (text: unknown) => bytesToInteger(bytes(text), false);
  const hashIn = (text: unknown) => readHash(/^H\(([0-9A-F]{64})\)$/.exec(text as string)?.[1]);

  it("has the parameters, hashes, guardians and key of 2.0.0", () => {
    const { fixed_parameters: fixed, varying_parameters: varying } = open(
      read("election_parameters.json"),
      "fixed_parameters varying_parameters",
    );
    const numbers = open(fixed, "ElectionGuard_Design_Specification generation_parameters p q r g");
    expect([numbers.p, numbers.q, numbers.r, numbers.g].map(integer)).toEqual([P, Q, COFACTOR, G]);
    const { n, k } = open(varying, "n k date info ballot_chaining");
    const hashes = open(read("hashes.json"), "h_p h_m h_b");
    const parameterHash = parameterBaseHash();
    expect(parameterHash).toEqual(hashIn(hashes.h_p));
    const manifest = new Uint8Array(readFileSync(join(top, "election_manifest_canonical.bin")));
    const manifestHash = hash(parameterHash, 0x01, indexBytes(manifest.length), manifest);
    expect(manifestHash).toEqual(hashIn(hashes.h_m));
    const guardians = [1, 2, 3, 4, 5].map((i) => {
      const own = open(read(`guardian_${i}.public_key.json`), "i name coefficient_commitments");
      expect(own.i).toBe(i);
      const commitments = all(own.coefficient_commitments, integer);
      for (const commitment of commitments) expect(new Base(commitment).isMember()).toBe(true);
      return { id: own.name as string, coordinate: i, commitments, proofs: [] };
    });
    expect([n, k]).toEqual([guardians.length, guardians[0]?.commitments.length]);
    const { joint_election_public_key: joint } = open(
      read("joint_election_public_key.json"),
      "joint_election_public_key",
    );
    verifyElectionKey(guardians, integer(joint));
    const electionBaseHash = hashIn(hashes.h_b);
    const { h_e: extended } = open(read("hashes_ext.json"), "h_e");
    verifyExtendedBaseHash({ electionBaseHash }, bytes(joint), hashIn(extended));
  });
});
