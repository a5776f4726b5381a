/** Proofs about linear relations: draft-irtf-cfrg-sigma-protocols, compact and batchable. */
import { concatBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { RandomBytes, Scalar } from "../groups/group.ts";
import { type Claim, checkClaims } from "./claims.ts";
import { ProofReader, ProofWriter, Transcript } from "./narg.ts";
import {
  assertRelation,
  countScalars,
  encodeRelation,
  evaluateImages,
  evaluateMap,
  type LinearRelation,
  simulateCommitments,
} from "./relation.ts";

/**
 * Proves that the prover knows `witness`: `challenge || responses`.
 *
 * The challenge is made here of the tag, the statement and the commitments; no caller can leave
 * one out. Secrets are multiplied with the group's functions for secrets.
 *
 * @param tag names protocol, ciphersuite, and all that the proof is bound to.
 * @throws {ThresholdError} `threshold/relation`, `threshold/witness`.
 */
export function proveRelation<P>(
  tag: Uint8Array,
  relation: LinearRelation<P>,
  witness: readonly Scalar[],
  random?: RandomBytes,
): Uint8Array {
  const { group } = relation;
  assertWitness(relation, witness);
  const nonces = witness.map(() => group.randomScalar(random));
  const transcript = openTranscript(tag, relation);
  transcript.absorbElements(evaluateMap(relation, nonces));
  const challenge = transcript.challenge();
  const responses = respond(relation, nonces, witness, challenge);
  return concatBytes(...[challenge, ...responses].map((scalar) => group.encodeScalar(scalar)));
}

/**
 * @throws {ThresholdError} `threshold/relation`, `threshold/length`, `threshold/scalar`,
 * `threshold/identity` (a commitment would be the identity), `threshold/proof`.
 */
export function verifyRelation<P>(
  tag: Uint8Array,
  relation: LinearRelation<P>,
  proof: Uint8Array,
): void {
  assertRelation(relation);
  const { group } = relation;
  const width = group.scalarBytes;
  assertLength(proof, width * (1 + countScalars(relation)), "proof");
  const [challenge, ...responses] = Array.from({ length: proof.length / width }, (_, i) =>
    group.decodeScalar(proof.subarray(i * width, (i + 1) * width)),
  ) as [Scalar, ...Scalar[]];
  const transcript = openTranscript(tag, relation);
  transcript.absorbElements(
    simulateCommitments(relation, challenge, responses).map(({ points, scalars }) =>
      group.sumOfProducts(points, scalars),
    ),
  );
  if (transcript.challenge() !== challenge) throw new ThresholdError({ code: "threshold/proof" });
}

/** As {@link proveRelation}, but `commitments || responses`: longer, and checked in batches. */
export function proveRelationBatchable<P>(
  tag: Uint8Array,
  relation: LinearRelation<P>,
  witness: readonly Scalar[],
  random?: RandomBytes,
): Uint8Array {
  assertWitness(relation, witness);
  const nonces = witness.map(() => relation.group.randomScalar(random));
  const writer = new ProofWriter(openTranscript(tag, relation));
  writer.sendElements(evaluateMap(relation, nonces));
  const challenge = writer.transcript.challenge();
  writer.sendScalars(respond(relation, nonces, witness, challenge));
  return writer.finish();
}

/**
 * Reads a batchable proof; what it claims is checked by {@link checkClaims}.
 *
 * @throws {ThresholdError} `threshold/relation`, `threshold/length`, `threshold/scalar`,
 * `threshold/element`, `threshold/identity`.
 */
export function claimRelation<P>(
  tag: Uint8Array,
  relation: LinearRelation<P>,
  proof: Uint8Array,
): Claim<P> {
  assertRelation(relation);
  const { group } = relation;
  const [equations, scalars] = [relation.equations.length, countScalars(relation)];
  const lengthBytes = equations * group.elementBytes + scalars * group.scalarBytes;
  const reader = new ProofReader(openTranscript(tag, relation), proof, lengthBytes);
  const commitments = reader.readElements(equations);
  const challenge = reader.transcript.challenge();
  const responses = reader.readScalars(scalars);
  const sums = simulateCommitments(relation, challenge, responses).map((sum, i) => ({
    points: [...sum.points, commitments[i] as P],
    scalars: [...sum.scalars, group.order - 1n],
  }));
  return { digest: reader.transcript.digest(), sums };
}

/** @throws {ThresholdError} as {@link claimRelation}, and `threshold/proof`. */
export function verifyRelationBatchable<P>(
  tag: Uint8Array,
  relation: LinearRelation<P>,
  proof: Uint8Array,
): void {
  checkClaims(relation.group, [claimRelation(tag, relation, proof)]);
}

/** @throws {ThresholdError} `threshold/relation`, `threshold/witness`. */
export function assertWitness<P>(relation: LinearRelation<P>, witness: readonly Scalar[]): void {
  assertRelation(relation);
  const { group } = relation;
  if (witness.length !== countScalars(relation)) {
    throw new ThresholdError({ code: "threshold/witness" });
  }
  const images = evaluateImages(relation);
  const mapped = evaluateMap(relation, witness);
  if (!images.every((image, i) => group.equal(image, mapped[i] as P))) {
    throw new ThresholdError({ code: "threshold/witness" });
  }
}

function openTranscript<P>(tag: Uint8Array, relation: LinearRelation<P>): Transcript<P> {
  const transcript = new Transcript(relation.group, tag);
  transcript.absorbStatement(encodeRelation(relation));
  return transcript;
}

export function respond<P>(
  { group }: LinearRelation<P>,
  nonces: readonly Scalar[],
  witness: readonly Scalar[],
  challenge: Scalar,
): Scalar[] {
  return witness.map((secret, i) => group.reduce((nonces[i] as Scalar) + secret * challenge));
}
