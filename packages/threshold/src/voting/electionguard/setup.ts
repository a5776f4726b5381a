/** Parameters, guardians and their key: verifications 1 to 4 of the specification 2.0.0. */
import { equalBytes, utf8 } from "../../bytes.ts";
import { readCount, readJson, readObject, readText } from "../json.ts";
import { demand, refuse } from "../refuse.ts";
import { COFACTOR, G, P, Q } from "./group.ts";
import { elementBytes, exponentBytes, hash, hashToExponent, indexBytes } from "./hash.ts";
import { GUARDIANS_MAX } from "./limits.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { Base, FixedBase, generatorPower, times } from "./powers.ts";
import { check } from "./refuse.ts";
import {
  type Proof,
  readElement,
  readExponent,
  readFlag,
  readHash,
  readMetadata,
  readName,
  readProof,
  readSome,
} from "./values.ts";

const VERSION = "v2.0.0";

export interface Config {
  readonly guardians: number;
  readonly quorum: number;
  readonly parameterBaseHash: Uint8Array;
  readonly manifestHash: Uint8Array;
  readonly electionBaseHash: Uint8Array;
  readonly isChaining: boolean;
  /** What names the device in confirmation codes. */
  readonly deviceInformation: Uint8Array;
}

export interface Guardian {
  readonly id: string;
  readonly coordinate: number;
  /** The first is the guardian's key. */
  readonly commitments: readonly bigint[];
  readonly proofs: readonly Proof[];
}

/** What proofs of an election are checked with. */
export interface ElectionKey {
  /** Powers of K. */
  readonly keyBase: FixedBase;
  readonly keyBytes: Uint8Array;
  /** H_E, which everything is bound to. */
  readonly extendedBaseHash: Uint8Array;
}

/** An election whose verifications 1 to 4 have passed. */
export interface Setup extends ElectionKey {
  readonly config: Config;
  readonly manifest: Manifest;
  readonly guardians: readonly Guardian[];
}

/** Reads one of the record's files by name. */
export type ReadFile = <T>(path: string, read: (text: string) => T) => T;

/** @throws {ThresholdError} `threshold/electionguard` with 1.A to 4.A, or `threshold/record`. */
export function readSetup(readFile: ReadFile): Setup {
  const config = readFile("election_config.json", readConfig);
  readFile("constants.json", verifyConstants);
  const manifest = readFile("manifest.json", (text) => {
    verifyParameters(config, utf8(text));
    return readManifest(text);
  });
  const { guardians, key, extendedBaseHash } = readFile("election_initialized.json", (text) => {
    const initialized = readInitialized(text);
    verifyGuardians(config, initialized.guardians);
    return initialized;
  });
  verifyElectionKey(guardians, key);
  const keyBytes = elementBytes(key);
  verifyExtendedBaseHash(config, keyBytes, extendedBaseHash);
  const keyBase = new FixedBase(key);
  return { config, manifest, guardians, keyBase, keyBytes, extendedBaseHash };
}

function readConfig(text: string): Config {
  const fields = readObject(
    readJson(text),
    [
      "config_version",
      "number_of_guardians",
      "quorum",
      "parameter_base_hash",
      "manifest_hash",
      "election_base_hash",
      "chain_confirmation_codes",
      "baux0",
    ],
    ["metadata"],
  );
  readMetadata(fields.metadata);
  check(readText(fields.config_version) === VERSION, "1.A");
  return {
    guardians: readCount(fields.number_of_guardians),
    quorum: readCount(fields.quorum),
    parameterBaseHash: readHash(fields.parameter_base_hash),
    manifestHash: readHash(fields.manifest_hash),
    electionBaseHash: readHash(fields.election_base_hash),
    isChaining: readFlag(fields.chain_confirmation_codes),
    deviceInformation: readSignedBytes(fields.baux0),
  };
}

/** A list of numbers as the JVM has bytes, -128 to 127. */
function readSignedBytes(value: unknown): Uint8Array {
  const isBytes =
    Array.isArray(value) &&
    value.length <= 1_024 &&
    value.every((byte) => Number.isInteger(byte) && byte >= -128 && byte < 128);
  return isBytes ? Uint8Array.from(value) : refuse("bytes are something else");
}

/** 1.B to 1.E: the numbers are those of the specification. */
export function verifyConstants(text: string): void {
  const fields = readObject(readJson(text), [
    "name",
    "large_prime",
    "small_prime",
    "cofactor",
    "generator",
  ]);
  readText(fields.name);
  check(readElement(fields.large_prime) === P, "1.B");
  check(readExponent(fields.small_prime) === Q, "1.C");
  check(readElement(fields.cofactor) === COFACTOR, "1.D");
  check(readElement(fields.generator) === G, "1.E");
}

/** 1.F to 1.H: version, numbers, manifest, and how many guardians there are and are needed. */
export function verifyParameters(config: Config, manifest: Uint8Array): void {
  const base = parameterBaseHash();
  check(equalBytes(config.parameterBaseHash, base), "1.F");
  const manifestHash = hash(base, 0x01, indexBytes(manifest.length), manifest);
  check(equalBytes(config.manifestHash, manifestHash), "1.G");
  const { guardians, quorum } = config;
  const numbers = [indexBytes(guardians), indexBytes(quorum)];
  const electionHash = hash(base, 0x02, manifestHash, ...numbers);
  check(equalBytes(config.electionBaseHash, electionHash), "1.H");
  const isSane = quorum >= 1 && quorum <= guardians && guardians <= GUARDIANS_MAX;
  demand(isSane, "numbers of guardians make no sense");
}

/** H_P = H(version; 0, p, q, g). */
export function parameterBaseHash(): Uint8Array {
  const version = new Uint8Array(32);
  version.set(utf8(VERSION));
  return hash(version, 0x00, elementBytes(P), exponentBytes(Q), elementBytes(G));
}

function readInitialized(text: string): {
  key: bigint;
  extendedBaseHash: Uint8Array;
  guardians: readonly Guardian[];
} {
  const fields = readObject(
    readJson(text),
    ["joint_public_key", "extended_base_hash", "guardians"],
    ["metadata"],
  );
  readMetadata(fields.metadata);
  return {
    key: readElement(fields.joint_public_key),
    extendedBaseHash: readHash(fields.extended_base_hash),
    guardians: readSome(fields.guardians, GUARDIANS_MAX, readGuardian),
  };
}

function readGuardian(value: unknown): Guardian {
  const fields = readObject(value, ["guardian_id", "x_coordinate", "coefficient_proofs"]);
  const coefficients = readSome(fields.coefficient_proofs, GUARDIANS_MAX, (item) => {
    const { public_key: key, ...proof } = readObject(item, ["public_key", "challenge", "response"]);
    return { key: readElement(key), proof: readProof(proof) };
  });
  return {
    id: readName(fields.guardian_id),
    coordinate: readCount(fields.x_coordinate),
    commitments: coefficients.map(({ key }) => key),
    proofs: coefficients.map(({ proof }) => proof),
  };
}

/** 2.A to 2.C: as many guardians as were agreed on, who know what they committed to. */
export function verifyGuardians(config: Config, guardians: readonly Guardian[]): void {
  const names = new Set(guardians.map(({ id }) => id));
  const isWhole = guardians.length === config.guardians && names.size === guardians.length;
  demand(isWhole, "other guardians than were agreed on");
  for (const [at, { id, coordinate, commitments, proofs }] of guardians.entries()) {
    demand(coordinate === at + 1, "guardians are not in their order");
    demand(commitments.length === config.quorum, "a guardian's polynomial has another degree");
    for (const [j, commitment] of commitments.entries()) {
      const proof = proofs[j] as Proof;
      verifyCommitment(
        config.parameterBaseHash,
        { guardian: id, coordinate, j },
        commitment,
        proof,
      );
    }
  }
}

function verifyCommitment(
  base: Uint8Array,
  { guardian, coordinate, j }: { readonly guardian: string; coordinate: number; j: number },
  commitment: bigint,
  { challenge, response }: Proof,
): void {
  const powers = new Base(commitment);
  check(powers.isMember(), "2.A", { guardian });
  check(response < Q, "2.B", { guardian });
  const nonce = times(generatorPower(response), powers.power(challenge));
  const parts = [indexBytes(coordinate), indexBytes(j)];
  const elements = [elementBytes(commitment), elementBytes(nonce)];
  check(challenge === hashToExponent(base, 0x10, ...parts, ...elements), "2.C", { guardian });
}

/** 3.A and 3.B: K is the product of the guardians' keys, none of which is 1. */
export function verifyElectionKey(guardians: readonly Guardian[], key: bigint): void {
  let product = 1n;
  for (const { id, commitments } of guardians) {
    const [own = 1n] = commitments;
    check(own !== 1n, "3.A", { guardian: id });
    product = times(product, own);
  }
  check(product === key, "3.B");
}

/** 4.A. */
export function verifyExtendedBaseHash(
  { electionBaseHash }: Pick<Config, "electionBaseHash">,
  keyBytes: Uint8Array,
  extendedBaseHash: Uint8Array,
): void {
  check(equalBytes(hash(electionBaseHash, 0x12, keyBytes), extendedBaseHash), "4.A");
}
