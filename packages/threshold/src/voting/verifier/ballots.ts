/** Proofs and signature of a ballot, as the verifier checks them. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { concatBytes, equalBytes, utf8 } from "../../bytes.ts";
import type { Group } from "../../groups/group.ts";
import { demand } from "../refuse.ts";
import type { AskedQuestion, ReadElection } from "./definition.ts";
import { type Known, ProofBytes, Relation, type ZeroSum } from "./equations.ts";
import { RecordReader } from "./reader.ts";
import { u32, VerifierTranscript } from "./transcript.ts";

/** C and D of a ciphertext, C = m·G + r·key and D = r·G. */
export type Pair<P> = readonly [Known<P>, Known<P>];

export interface ReadBallot<P> {
  readonly tracker: Uint8Array;
  /** Credential, in hex. */
  readonly voter: string;
  readonly pairs: readonly Pair<P>[];
  /** All must be zero. */
  readonly zeros: readonly ZeroSum<P>[];
}

/** A ballot without its signature. */
export function readBallotBody<P>(
  group: Group<P>,
  election: ReadElection<P>,
  body: Uint8Array,
): ReadBallot<P> {
  const reader = new RecordReader(body, "ballot");
  demand(equalBytes(reader.take(32), election.fingerprint), "election of a ballot");
  const credential = reader.take(32);
  const voter = bytesToHex(credential);
  demand(election.voters.has(voter), "voter of a ballot");
  const pairs: Pair<P>[] = [];
  const zeros: ZeroSum<P>[] = [];
  for (const [position, asked] of election.questions.entries()) {
    const count = asked.options + Number(asked.hasBlank);
    const element = (): Known<P> => {
      const encoding = reader.take(32);
      return { point: group.decode(encoding), encoding };
    };
    const own = Array.from({ length: count }, (): Pair<P> => [element(), element()]);
    pairs.push(...own);
    const k = asked.sums.length;
    const [lines, scalars] =
      k === 1 ? [4 * count + 1, 3 * count] : [4 * count + 2 * k, 3 * count + 2 * k - 1];
    const proof = reader.take(32 * (lines + scalars));
    const binding = [election.fingerprint, credential, u32(position)];
    const transcript = new VerifierTranscript(group.order, "voting-answer/v1", group.name, binding);
    zeros.push(...answerZeros(group, { election, asked, pairs: own }, transcript, proof));
  }
  reader.end();
  const tracker = sha256(concatBytes(utf8("tacit/voting/tracker/v1"), body));
  return { tracker, voter, pairs, zeros };
}

export function readSignedBallot<P>(
  group: Group<P>,
  election: ReadElection<P>,
  bytes: Uint8Array,
): ReadBallot<P> {
  const bodyBytes = bytes.length - (election.box === undefined ? 64 : 128);
  demand(bodyBytes > 0, "length of ballot");
  const ballot = readBallotBody(group, election, bytes.slice(0, bodyBytes));
  const voter = election.voters.get(ballot.voter);
  demand(voter !== undefined, "voter of a ballot");
  const signers: (readonly [string, Known<P>])[] = [["voting-signature/v1", voter.key]];
  if (election.box !== undefined) signers.unshift(["voting-box/v1", election.box]);
  const zeros = signers.flatMap(([protocol, key], i) => {
    const signature = bytes.slice(bodyBytes + 64 * i, bodyBytes + 64 * (i + 1));
    return signatureZeros(group, { protocol, key, tracker: ballot.tracker }, signature);
  });
  return { ...ballot, zeros: [...ballot.zeros, ...zeros] };
}

function signatureZeros<P>(
  group: Group<P>,
  {
    protocol,
    key,
    tracker,
  }: { readonly protocol: string; readonly key: Known<P>; readonly tracker: Uint8Array },
  signature: Uint8Array,
): ZeroSum<P>[] {
  const generator = { point: group.generator, encoding: group.encode(group.generator) };
  const relation = new Relation(group, generator);
  relation.line([[key, 1n]], [[relation.secret(), generator]]);
  const transcript = new VerifierTranscript(group.order, protocol, group.name, [tracker]);
  transcript.absorb(relation.encode());
  const proof = new ProofBytes(group, transcript, signature);
  const commitments = proof.elements(1).map(({ point }) => point);
  return relation.zeroSums(commitments, transcript.challenge(), proof.scalars(1));
}

interface Answer<P> {
  readonly election: ReadElection<P>;
  readonly asked: AskedQuestion;
  readonly pairs: readonly Pair<P>[];
}

/** Bits, and their sum: in the same relation if one is allowed, else in one of several branches. */
function answerZeros<P>(
  group: Group<P>,
  answer: Answer<P>,
  transcript: VerifierTranscript,
  bytes: Uint8Array,
): ZeroSum<P>[] {
  const bits = bitsRelation(group, answer);
  const branches = answer.asked.sums.length === 1 ? [] : sumBranches(group, answer);
  transcript.absorb(encodeTree(bits, branches));
  const proof = new ProofBytes(group, transcript, bytes);
  const commitments = proof.elements(bits.lines + 2 * branches.length).map(({ point }) => point);
  const challenge = transcript.challenge();
  const zeros = bits.zeroSums(commitments, challenge, proof.scalars(bits.secrets));
  if (branches.length > 0) {
    const given = proof.scalars(branches.length - 1);
    const rest = given.reduce((left, value) => left - value, challenge);
    const challenges = [...given, group.reduce(rest)];
    branches.forEach((branch, i) => {
      const own = commitments.slice(bits.lines + 2 * i, bits.lines + 2 * i + 2);
      zeros.push(...branch.zeroSums(own, challenges[i] as bigint, proof.scalars(1)));
    });
  }
  proof.end();
  return zeros;
}

/** (C, D) = (m·G + r·H, r·G) = m·(C, D) + s·(H, G), which leaves m no value but 0 and 1. */
function bitsRelation<P>(group: Group<P>, { election, asked, pairs }: Answer<P>): Relation<P> {
  const G = { point: group.generator, encoding: group.encode(group.generator) };
  const H = election.key;
  const relation = new Relation(group, G);
  const randomness = pairs.map(([C, D]) => {
    const [m, r, s] = [relation.secret(), relation.secret(), relation.secret()];
    relation.line(
      [[C, 1n]],
      [
        [m, G],
        [r, H],
      ],
    );
    relation.line([[D, 1n]], [[r, G]]);
    relation.line(
      [[C, 1n]],
      [
        [m, C],
        [s, H],
      ],
    );
    relation.line(
      [[D, 1n]],
      [
        [m, D],
        [s, G],
      ],
    );
    return r;
  });
  const [sum] = asked.sums;
  if (asked.sums.length === 1 && sum !== undefined) {
    const left: (readonly [Known<P>, bigint])[] = pairs.map(([C]) => [C, 1n]);
    if (sum !== 0n) left.push([G, -sum]);
    relation.line(
      left,
      randomness.map((r) => [r, H] as const),
    );
  }
  return relation;
}

function sumBranches<P>(group: Group<P>, { election, asked, pairs }: Answer<P>): Relation<P>[] {
  const G = { point: group.generator, encoding: group.encode(group.generator) };
  const factors = pairs.map((_, i) => (i < asked.options ? 1n : BigInt(asked.options + 1)));
  const [C, D] = [0, 1].map((side) => {
    const points = pairs.map((pair) => (pair[side] as Known<P>).point);
    const point = group.sumOfProducts(points, factors);
    return { point, encoding: group.encode(point) };
  }) as [Known<P>, Known<P>];
  return asked.sums.map((sum) => {
    const relation = new Relation(group, G);
    const r = relation.secret();
    const left: [Known<P>, bigint][] = [[C, 1n]];
    if (sum !== 0n) left.push([G, -sum]);
    relation.line(left, [[r, election.key]]);
    relation.line([[D, 1n]], [[r, G]]);
    return relation;
  });
}

/** 0, then the tree: leaf 0 with its length, "all" 1 and "any" 2 with their numbers of children. */
function encodeTree<P>(bits: Relation<P>, branches: readonly Relation<P>[]): Uint8Array[] {
  const leaf = (relation: Relation<P>): Uint8Array[] => {
    const encoded = concatBytes(...relation.encode());
    return [u32(0), u32(encoded.length), encoded];
  };
  if (branches.length === 0) return [u32(0), ...leaf(bits)];
  const any = [u32(2), u32(branches.length), ...branches.flatMap(leaf)];
  return [u32(0), u32(1), u32(2), ...leaf(bits), ...any];
}
