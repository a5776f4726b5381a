/**
 * Proofs of "all of" and "any of" (Cramer, Damgård, Schoenmakers 1994) over linear relations.
 *
 * Batchable: `commitments || scalars`; compact: `challenge || scalars`. Scalars come in the order
 * of the tree; "any of" k has k - 1 challenges of its branches before theirs, and the last
 * branch's challenge is what is missing to the node's.
 */
import { concatBytes, u32LittleEndian } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";
import { type Claim, checkClaims, type ProductSum } from "./claims.ts";
import { assertWitness, respond } from "./linear.ts";
import { ProofReader, ProofWriter, Transcript } from "./narg.ts";
import {
  assertRelation,
  countScalars,
  encodeRelation,
  evaluateMap,
  type LinearRelation,
  simulateCommitments,
} from "./relation.ts";

export type Statement<P> =
  | { readonly kind: "relation"; readonly relation: LinearRelation<P> }
  /** Every one holds. */
  | { readonly kind: "all"; readonly of: readonly Statement<P>[] }
  /** At least one holds; the proof does not say which. */
  | { readonly kind: "any"; readonly of: readonly Statement<P>[] };

export type Witness =
  | { readonly kind: "relation"; readonly scalars: readonly Scalar[] }
  | { readonly kind: "all"; readonly of: readonly Witness[] }
  /** `index` of the branch that holds. */
  | { readonly kind: "any"; readonly index: number; readonly witness: Witness };

export type ProofFlavor = "compact" | "batchable";

/** Most nodes of a statement, and how deep it may be. */
const NODES_MAX = 4096;
const DEPTH_MAX = 16;

/** What a prover keeps between commitment and response. */
export interface Opening<P> {
  readonly commitments: readonly P[];
  /** The scalars that the branch sends once it knows its challenge. */
  respond(challenge: Scalar): Scalar[];
}

/**
 * @throws {ThresholdError} `threshold/relation`, `threshold/statement`, `threshold/witness`.
 */
export function proveStatement<P>(
  tag: Uint8Array,
  statement: Statement<P>,
  witness: Witness,
  options: { readonly flavor?: ProofFlavor; readonly random?: RandomBytes } = {},
): Uint8Array {
  const group = assertStatement(statement);
  const opening = commitStatement(statement, witness, options.random);
  const transcript = openTranscript(group, tag, statement);
  if (options.flavor === "compact") {
    transcript.absorbElements(opening.commitments);
    const challenge = transcript.challenge();
    const scalars = [challenge, ...opening.respond(challenge)];
    return concatBytes(...scalars.map((scalar) => group.encodeScalar(scalar)));
  }
  const writer = new ProofWriter(transcript);
  writer.sendElements(opening.commitments);
  writer.sendScalars(opening.respond(transcript.challenge()));
  return writer.finish();
}

/**
 * @throws {ThresholdError} `threshold/statement`, `threshold/relation`, `threshold/length`,
 * `threshold/scalar`, `threshold/element`, `threshold/identity`, `threshold/proof`.
 */
export function verifyStatement<P>(
  tag: Uint8Array,
  statement: Statement<P>,
  proof: Uint8Array,
  flavor: ProofFlavor = "batchable",
): void {
  const group = assertStatement(statement);
  if (flavor === "batchable") {
    checkClaims(group, [claimStatement(tag, statement, proof)]);
    return;
  }
  const width = group.scalarBytes;
  assertLength(proof, width * (1 + scalarsOf(statement)), "proof");
  const [challenge, ...scalars] = Array.from({ length: proof.length / width }, (_, i) =>
    group.decodeScalar(proof.subarray(i * width, (i + 1) * width)),
  ) as [Scalar, ...Scalar[]];
  const transcript = openTranscript(group, tag, statement);
  transcript.absorbElements(
    replay(statement, challenge, scalars).sums.map((sum) =>
      group.sumOfProducts(sum.points, sum.scalars),
    ),
  );
  if (transcript.challenge() !== challenge) throw new ThresholdError({ code: "threshold/proof" });
}

/** Reads a batchable proof. @throws as {@link verifyStatement} but for `threshold/proof`. */
export function claimStatement<P>(
  tag: Uint8Array,
  statement: Statement<P>,
  proof: Uint8Array,
): Claim<P> {
  const group = assertStatement(statement);
  const [equations, count] = [equationsOf(statement), scalarsOf(statement)];
  const transcript = openTranscript(group, tag, statement);
  const reader = new ProofReader(transcript, proof, statementProofBytes(statement));
  const commitments = reader.readElements(equations);
  const challenge = reader.transcript.challenge();
  const { sums } = replay(statement, challenge, reader.readScalars(count));
  return {
    digest: reader.transcript.digest(),
    sums: sums.map((sum, i) => ({
      points: [...sum.points, commitments[i] as P],
      scalars: [...sum.scalars, group.order - 1n],
    })),
  };
}

/** Length of a batchable proof. @throws {ThresholdError} `threshold/statement`. */
export function statementProofBytes<P>(statement: Statement<P>): number {
  const group = groupOf(statement);
  return equationsOf(statement) * group.elementBytes + scalarsOf(statement) * group.scalarBytes;
}

/** A proof's first move. @throws {ThresholdError} `threshold/witness`, `threshold/relation`. */
export function commitStatement<P>(
  statement: Statement<P>,
  witness: Witness,
  random?: RandomBytes,
): Opening<P> {
  if (statement.kind === "relation" && witness.kind === "relation") {
    return commitRelation(statement.relation, witness.scalars, random);
  }
  if (statement.kind === "all" && witness.kind === "all") {
    if (witness.of.length !== statement.of.length) {
      throw new ThresholdError({ code: "threshold/witness" });
    }
    const openings = statement.of.map((child, i) =>
      commitStatement(child, witness.of[i] as Witness, random),
    );
    return {
      commitments: openings.flatMap(({ commitments }) => commitments),
      respond: (challenge) => openings.flatMap((opening) => opening.respond(challenge)),
    };
  }
  if (statement.kind === "any" && witness.kind === "any") {
    return commitAny(statement.of, witness, random);
  }
  throw new ThresholdError({ code: "threshold/witness" });
}

function commitRelation<P>(
  relation: LinearRelation<P>,
  secrets: readonly Scalar[],
  random?: RandomBytes,
): Opening<P> {
  assertWitness(relation, secrets);
  const nonces = secrets.map(() => relation.group.randomScalar(random));
  return {
    commitments: evaluateMap(relation, nonces),
    respond: (challenge) => respond(relation, nonces, secrets, challenge),
  };
}

function commitAny<P>(
  branches: readonly Statement<P>[],
  { index, witness }: Witness & { readonly kind: "any" },
  random?: RandomBytes,
): Opening<P> {
  const real = branches[index];
  if (real === undefined) throw new ThresholdError({ code: "threshold/witness" });
  const group = groupOf(real);
  const challenges = branches.map(() => group.randomScalar(random));
  const openings = branches.map((branch, i) =>
    i === index
      ? commitStatement(branch, witness, random)
      : simulateStatement(branch, challenges[i] as Scalar, random),
  );
  return {
    commitments: openings.flatMap(({ commitments }) => commitments),
    respond(challenge) {
      const others = challenges.reduce((sum, value, i) => (i === index ? sum : sum + value), 0n);
      challenges[index] = group.reduce(challenge - others);
      const scalars = openings.flatMap((opening, i) => opening.respond(challenges[i] as Scalar));
      return [...challenges.slice(0, -1), ...scalars];
    },
  };
}

/** An accepting conversation for a challenge that is known before. */
export function simulateStatement<P>(
  statement: Statement<P>,
  challenge: Scalar,
  random?: RandomBytes,
): Opening<P> {
  const group = groupOf(statement);
  const scalars = Array.from({ length: scalarsOf(statement) }, () => group.randomScalar(random));
  const { sums } = replay(statement, challenge, scalars);
  return {
    // Which branch is simulated is secret, and so are its scalars until they are sent.
    commitments: sums.map((sum) => group.sumOfSecretProducts(sum.points, sum.scalars)),
    respond: () => scalars,
  };
}

/** The commitments that fit the scalars, as sums, in the tree's order; and what is left over. */
function replay<P>(
  statement: Statement<P>,
  challenge: Scalar,
  scalars: readonly Scalar[],
): { readonly sums: readonly ProductSum<P>[]; readonly rest: readonly Scalar[] } {
  if (statement.kind === "relation") {
    const count = countScalars(statement.relation);
    const sums = simulateCommitments(statement.relation, challenge, scalars.slice(0, count));
    return { sums, rest: scalars.slice(count) };
  }
  const children = statement.of;
  const group = groupOf(statement);
  const isAny = statement.kind === "any";
  const given = isAny ? scalars.slice(0, children.length - 1) : [];
  const last = group.reduce(challenge - given.reduce((sum, value) => sum + value, 0n));
  let rest = scalars.slice(given.length);
  const sums = children.flatMap((child, i) => {
    const result = replay(child, isAny ? (given[i] ?? last) : challenge, rest);
    rest = result.rest.slice();
    return result.sums;
  });
  return { sums, rest };
}

export function openTranscript<P>(
  group: Group<P>,
  tag: Uint8Array,
  statement: Statement<P>,
): Transcript<P> {
  const transcript = new Transcript(group, tag);
  // No relation has 0 equations: a composed statement cannot be read as a plain one.
  transcript.absorbStatement(concatBytes(u32LittleEndian(0), encodeStatement(statement)));
  return transcript;
}

const KIND_CODES = { relation: 0, all: 1, any: 2 } as const;

function encodeStatement<P>(statement: Statement<P>): Uint8Array {
  const kind = u32LittleEndian(KIND_CODES[statement.kind]);
  if (statement.kind === "relation") {
    const relation = encodeRelation(statement.relation);
    return concatBytes(kind, u32LittleEndian(relation.length), relation);
  }
  return concatBytes(
    kind,
    u32LittleEndian(statement.of.length),
    ...statement.of.map(encodeStatement),
  );
}

function equationsOf<P>(statement: Statement<P>): number {
  return statement.kind === "relation"
    ? statement.relation.equations.length
    : statement.of.reduce((sum, child) => sum + equationsOf(child), 0);
}

function scalarsOf<P>(statement: Statement<P>): number {
  if (statement.kind === "relation") return countScalars(statement.relation);
  const own = statement.kind === "any" ? statement.of.length - 1 : 0;
  return statement.of.reduce((sum, child) => sum + scalarsOf(child), own);
}

function groupOf<P>(statement: Statement<P>): Group<P> {
  if (statement.kind === "relation") return statement.relation.group;
  const [first] = statement.of;
  if (first === undefined) throw new ThresholdError({ code: "threshold/statement" });
  return groupOf(first);
}

/**
 * One group throughout, no empty list (which would hold without a proof), bounds kept.
 * @throws {ThresholdError} `threshold/statement`, `threshold/relation`.
 */
export function assertStatement<P>(root: Statement<P>): Group<P> {
  let nodes = 0;
  const visit = (statement: Statement<P>, depth: number): void => {
    nodes += 1;
    if (nodes > NODES_MAX || depth > DEPTH_MAX) {
      throw new ThresholdError({ code: "threshold/statement" });
    }
    if (statement.kind === "relation") {
      assertRelation(statement.relation);
      if (statement.relation.group !== group) {
        throw new ThresholdError({ code: "threshold/statement" });
      }
      return;
    }
    if (statement.of.length === 0) throw new ThresholdError({ code: "threshold/statement" });
    for (const child of statement.of) visit(child, depth + 1);
  };
  const group = groupOf(root);
  visit(root, 0);
  return group;
}
