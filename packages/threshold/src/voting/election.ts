/** What an election is: everything that ballots, board and tally are bound to, as canonical bytes. */
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes, utf8 } from "../bytes.ts";
import { type EncryptionKey, sharedKey } from "../elgamal/keys.ts";
import type { Group } from "../groups/group.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import { lagrangeWeights, lagrangeWeightsAt } from "../vss.ts";
import {
  CIPHERTEXTS_TOTAL_MAX,
  CREDENTIALS_MAX,
  ID_BYTES_MAX,
  OPTIONS_MAX,
  QUESTIONS_MAX,
  SUMS_MAX,
  TEXT_BYTES_MAX,
  TRUSTEES_MAX,
  WEIGHT_TOTAL_MAX,
} from "./limits.ts";
import { demand } from "./refuse.ts";

export interface Question {
  readonly text: string;
  readonly options: readonly string[];
  /** How many options are chosen, unless the vote is blank. */
  readonly min: number;
  readonly max: number;
  /** Whether one may choose nothing at all and say so, beside what `min` allows. */
  readonly blank: boolean;
}

/** Who may vote: a public key, and how much its vote counts. */
export interface Voter {
  readonly key: Uint8Array;
  /** 1 … 2^32 - 1. */
  readonly weight: bigint;
}

export interface ElectionDefinition {
  /** Names the election; credentials are derived for it. 1 to 64 bytes. */
  readonly id: Uint8Array;
  /** The trustees' key, and its shares' public keys at 1, 2, …, as a distributed generation ends. */
  readonly publicKey: Uint8Array;
  readonly publicShares: readonly Uint8Array[];
  readonly threshold: number;
  readonly questions: readonly Question[];
  /** Of the box that re-randomises ballots; with it the board takes no others. 32 bytes. */
  readonly box?: Uint8Array;
  /** In any order; the canonical one is by key. */
  readonly voters: readonly Voter[];
}

/** A definition that was checked, with its points decoded. */
export interface Election<P> {
  readonly group: Group<P>;
  readonly definition: ElectionDefinition;
  readonly bytes: Uint8Array;
  /** SHA-256 of {@link bytes}. */
  readonly fingerprint: Uint8Array;
  readonly key: EncryptionKey<P>;
  readonly publicShares: readonly P[];
  readonly box: P | undefined;
  readonly voters: ReadonlyMap<string, { readonly point: P; readonly weight: bigint }>;
}

/** Without a box, and with one. */
const MAGIC = utf8("tacit/voting/election/v1");
const MAGIC_BOX = utf8("tacit/voting/election/v2");

/** A key of maps: one character for each byte, half the memory of hex. */
export function bytesToKey(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Options, and one more for a blank vote. */
export function ciphertextsOf({ options, blank }: Question): number {
  return options.length + (blank ? 1 : 0);
}

/**
 * Checks a definition: bounds, points, that all shares lie on one polynomial of the threshold's
 * degree whose value at 0 is the key, that no voter comes twice.
 *
 * @throws {ThresholdError} `threshold/record`, and the codes of decoding points.
 */
export function openElection<P>(group: Group<P>, definition: ElectionDefinition): Election<P> {
  const { id, publicKey, publicShares, questions, voters } = definition;
  demand(group.name === "ristretto255", "group");
  demand(id.length >= 1 && id.length <= ID_BYTES_MAX, "election id");
  demand(questions.length >= 1 && questions.length <= QUESTIONS_MAX, "number of questions");
  questions.forEach(assertQuestion);
  const total = questions.reduce((sum, question) => sum + ciphertextsOf(question), 0);
  demand(total <= CIPHERTEXTS_TOTAL_MAX, "number of options");
  const element = group.decode(publicKey);
  const shares = publicShares.map((share) => group.decode(share));
  assertShares(group, element, shares, definition.threshold);
  const bytes = encodeDefinition(definition);
  return {
    group,
    definition,
    bytes,
    fingerprint: sha256(bytes),
    key: sharedKey(group, element),
    publicShares: shares,
    box: definition.box === undefined ? undefined : group.decode(definition.box),
    voters: readVoters(group, voters),
  };
}

/** Inverse of `Election.bytes`. @throws {ThresholdError} as {@link openElection}, `threshold/length`. */
export function decodeElection<P>(group: Group<P>, bytes: Uint8Array): Election<P> {
  const reader = new ByteReader(bytes);
  const magic = reader.variable();
  const hasBox = equalBytes(magic, MAGIC_BOX);
  demand(hasBox || equalBytes(magic, MAGIC), "election format");
  const definition = {
    id: reader.variable(),
    publicKey: reader.fixed(group.elementBytes),
    ...(hasBox ? { box: reader.fixed(group.elementBytes) } : {}),
    threshold: reader.unsigned(2),
    publicShares: readList(reader, 2, () => reader.fixed(group.elementBytes)),
    questions: readList(reader, 2, () => readQuestion(reader)),
    voters: readList(reader, 4, () => ({
      key: reader.fixed(group.elementBytes),
      weight: reader.unsignedBig(4),
    })),
  };
  reader.end();
  const election = openElection(group, definition);
  // Order of voters, and whatever else has a second spelling.
  demand(equalBytes(election.bytes, bytes), "canonical election");
  return election;
}

function encodeDefinition(definition: ElectionDefinition): Uint8Array {
  const { id, publicKey, box, threshold, publicShares, questions, voters } = definition;
  const writer = new ByteWriter().variable(box === undefined ? MAGIC : MAGIC_BOX);
  writer.variable(id).fixed(publicKey);
  if (box !== undefined) writer.fixed(box);
  writer.unsigned(threshold, 2).unsigned(publicShares.length, 2);
  for (const share of publicShares) writer.fixed(share);
  writer.unsigned(questions.length, 2);
  for (const { text, options, min, max, blank } of questions) {
    writer.variable(utf8(text)).unsigned(options.length, 2);
    for (const option of options) writer.variable(utf8(option));
    writer.unsigned(min, 2).unsigned(max, 2).unsigned(Number(blank), 1);
  }
  writer.unsigned(voters.length, 4);
  const sorted = voters.toSorted((left, right) => compareBytes(left.key, right.key));
  for (const { key, weight } of sorted) writer.fixed(key).unsigned(weight, 4);
  return writer.bytes();
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const at = left.findIndex((byte, i) => byte !== right[i]);
  return at < 0 ? 0 : (left[at] as number) - (right[at] ?? 0);
}

function readQuestion(reader: ByteReader): Question {
  const text = readText(reader);
  const options = readList(reader, 2, () => readText(reader));
  const [min, max, blank] = [reader.unsigned(2), reader.unsigned(2), reader.unsigned(1)];
  demand(blank <= 1, "canonical election");
  return { text, options, min, max, blank: blank === 1 };
}

function readText(reader: ByteReader): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(reader.variable());
  } catch (error) {
    demand(!(error instanceof TypeError), "text");
    throw error;
  }
}

/** Each item takes at least one byte, so a count beyond the end is refused before anything is made. */
function readList<Item>(reader: ByteReader, countBytes: number, read: () => Item): Item[] {
  const count = reader.unsigned(countBytes);
  demand(count <= reader.remainingBytes, "count");
  return Array.from({ length: count }, read);
}

function assertQuestion({ text, options, min, max, blank }: Question): void {
  const isText = (value: string) => value.isWellFormed() && utf8(value).length <= TEXT_BYTES_MAX;
  demand(isText(text) && options.every(isText), "text");
  demand(options.length >= 1 && options.length <= OPTIONS_MAX, "number of options");
  demand(Number.isInteger(min) && Number.isInteger(max), "bounds of a question");
  demand(0 <= min && min <= max && max <= options.length, "bounds of a question");
  demand(max - min + 1 + Number(blank) <= SUMS_MAX, "bounds of a question");
}

function readVoters<P>(group: Group<P>, voters: readonly Voter[]): Election<P>["voters"] {
  demand(voters.length >= 1 && voters.length <= CREDENTIALS_MAX, "number of voters");
  const known = new Map<string, { point: P; weight: bigint }>();
  let total = 0n;
  for (const { key, weight } of voters) {
    demand(weight >= 1n && weight < 1n << 32n, "weight");
    total += weight;
    known.set(bytesToKey(key), { point: group.decode(key), weight });
  }
  demand(known.size === voters.length, "voter that comes twice");
  demand(total <= WEIGHT_TOTAL_MAX, "sum of weights");
  return known;
}

function assertShares<P>(
  group: Group<P>,
  element: P,
  shares: readonly P[],
  threshold: number,
): void {
  demand(shares.length >= 1 && shares.length <= TRUSTEES_MAX, "number of trustees");
  demand(Number.isInteger(threshold), "threshold");
  demand(threshold >= 1 && threshold <= shares.length, "threshold");
  const indices = Array.from({ length: threshold }, (_, i) => i + 1);
  const first = shares.slice(0, threshold);
  const value = group.sumOfProducts(first, lagrangeWeights(group, indices));
  demand(group.equal(value, element), "trustees' key");
  for (let index = threshold + 1; index <= shares.length; index++) {
    const expected = group.sumOfProducts(first, lagrangeWeightsAt(group, indices, index));
    demand(group.equal(expected, shares[index - 1] as P), "trustees' shares");
  }
}
