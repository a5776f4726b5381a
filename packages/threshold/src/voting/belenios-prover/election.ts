/** Trustees, credentials and the definition of an election in a group of Belenios. */
import { randomBytes } from "@noble/hashes/utils.js";
import type { RandomBytes } from "../../groups/group.ts";
import { randomBelow } from "../../paillier/modular.ts";
import { readElection } from "../belenios/election.ts";
import { type BeleniosGroup, beleniosGroups, multiply, power } from "../belenios/group.ts";
import type { Question } from "../election.ts";
import { readInteger, readJson, readObject } from "../json.ts";
import { demand, refuse } from "../refuse.ts";
import { proofJson, proveExponent } from "./proofs.ts";

/** A secret exponent and g to it: of a trustee or of a voter. */
export interface BeleniosKey {
  readonly secret: bigint;
  readonly publicKey: bigint;
}

/** @throws {ThresholdError} `threshold/record` for a group that Belenios 2.0 does not have. */
export function beleniosGroup(name: string): BeleniosGroup {
  return beleniosGroups.get(name) ?? refuse("the group is not known");
}

/** Draws a key. @param groupName `BELENIOS-2048` or `RFC-3526-2048`. */
export function generateBeleniosKey(
  groupName: string,
  random: RandomBytes = randomBytes,
): BeleniosKey {
  const group = beleniosGroup(groupName);
  const secret = 1n + randomBelow(group.q - 1n, random);
  return { secret, publicKey: power(group, group.g, secret) };
}

/** A trustee's public key with the proof that its secret is known: JSON, a line of `public_keys.jsons`. */
export function beleniosTrustee(
  groupName: string,
  { secret, publicKey }: BeleniosKey,
  random: RandomBytes = randomBytes,
): string {
  const group = beleniosGroup(groupName);
  const pok = proveExponent({ group, random }, `pok|${groupName}|${publicKey}`, [group.g], secret);
  return JSON.stringify({ pok: proofJson(pok), public_key: `${publicKey}` });
}

export interface BeleniosDefinition {
  /** 14 characters of base58 or more. */
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
  readonly groupName: string;
  /** Of {@link beleniosTrustee}, or of `belenios-tool setup generate-trustee-key`. All must decrypt. */
  readonly trustees: readonly string[];
  readonly questions: readonly Question[];
  /** Public keys with weights from 1 to 2^31 - 1. */
  readonly voters: readonly { readonly publicKey: bigint; readonly weight: bigint }[];
}

/** The three files that an election begins with. */
export interface BeleniosSetup {
  readonly election: string;
  readonly trustees: string;
  readonly credentials: string;
}

/**
 * `election.json`, `trustees.json` and `public_creds.json`, to the byte as belenios-tool writes them.
 *
 * @throws {ThresholdError} `threshold/record` for what no election of Belenios is.
 */
export function defineBelenios(definition: BeleniosDefinition): BeleniosSetup {
  const { uuid, name, description, groupName, questions, voters } = definition;
  const group = beleniosGroup(groupName);
  const keys = definition.trustees.map((text) => {
    const trustee = readObject(readJson(text), ["pok", "public_key"], ["name"]);
    return { trustee, key: readInteger(trustee.public_key) };
  });
  const election = JSON.stringify({
    version: 1,
    description,
    name,
    group: groupName,
    public_key: `${multiply(group, ...keys.map(({ key }) => key))}`,
    questions: questions.map(({ text, options, min, max, blank }) => ({
      answers: options,
      ...(blank ? { blank } : {}),
      min,
      max,
      question: text,
    })),
    uuid,
  });
  readElection(election);
  const isUnique = new Set(voters.map(({ publicKey }) => publicKey)).size === voters.length;
  demand(isUnique, "a credential comes twice");
  const isWeighted = voters.some(({ weight }) => weight !== 1n);
  const credentials = voters.map(({ publicKey, weight }) =>
    isWeighted ? `${publicKey},${weight}` : `${publicKey}`,
  );
  return {
    election,
    trustees: JSON.stringify(keys.map(({ trustee }) => ["Single", trustee])),
    credentials: JSON.stringify(credentials),
  };
}
