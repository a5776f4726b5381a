/**
 * Diverted proofs (Okamoto, Ohta 1989): who knows the witness answers somebody else's challenge, and
 * what that one publishes cannot be recognised by the one who answered.
 */
import type { RandomBytes, Scalar } from "../groups/group.ts";
import { assertStatement, openTranscript, type Statement, simulateStatement } from "./compose.ts";
import { ProofWriter } from "./narg.ts";

export interface DivertedProof {
  /** For the prover. */
  readonly challenge: Scalar;
  /** Of the prover's answer; a batchable proof, right if the answer is. */
  finish(scalars: readonly Scalar[]): Uint8Array;
}

/**
 * Adds a simulated conversation of challenge -γ to the prover's. Whatever conversation and
 * whatever proof of the statement, exactly one simulated conversation leads from the one to the
 * other: the proof says nothing about which conversation it came from.
 *
 * @param commitments the prover's first move, about this very statement.
 * @throws {ThresholdError} `threshold/statement`, `threshold/relation`, `threshold/identity`.
 */
export function divertStatement<P>(
  tag: Uint8Array,
  statement: Statement<P>,
  commitments: readonly P[],
  random?: RandomBytes,
): DivertedProof {
  const group = assertStatement(statement);
  const gamma = group.randomScalar(random);
  const minusGamma = group.reduce(-gamma);
  const blind = simulateStatement(statement, minusGamma, random);
  const writer = new ProofWriter(openTranscript(group, tag, statement));
  writer.sendElements(blind.commitments.map((own, i) => group.add(own, commitments[i] as P)));
  const challenge = writer.transcript.challenge();
  return {
    challenge: group.reduce(challenge + gamma),
    finish(scalars) {
      const own = blind.respond(minusGamma);
      writer.sendScalars(own.map((scalar, i) => group.reduce(scalar + (scalars[i] as Scalar))));
      return writer.finish();
    },
  };
}
