/** A voter's key for one election, and the signatures of a ballot: the voter's, and a box's. */
import type { Group, Scalar } from "../groups/group.ts";
import { createSeededRandom } from "../protocol/random.ts";
import { RelationBuilder } from "../sigma/builder.ts";
import type { Claim } from "../sigma/claims.ts";
import { claimRelation, proveRelationBatchable } from "../sigma/linear.ts";
import { protocolTag } from "../sigma/narg.ts";
import type { LinearRelation } from "../sigma/relation.ts";

export interface Credential {
  readonly secret: Scalar;
  /** What the list of voters has. */
  readonly publicKey: Uint8Array;
}

/**
 * The credential of a seed in an election. Another election's has nothing to do with it, so who
 * sees both lists cannot tell that they have a voter in common.
 *
 * @param seed 32 secret bytes. @throws {ThresholdError} `threshold/length`.
 */
export function deriveCredential<P>(
  group: Group<P>,
  seed: Uint8Array,
  electionId: Uint8Array,
): Credential {
  const random = createSeededRandom(seed, "tacit/voting/credential/v1", electionId);
  const secret = group.randomScalar(random);
  return { secret, publicKey: group.encode(group.multiplyBase(secret)) };
}

/** Whose signature: it is good for nothing else. */
export type Signer = "voter" | "box";

const PROTOCOLS = { voter: "voting-signature/v1", box: "voting-box/v1" } as const;

export function ballotSignatureBytes<P>(group: Group<P>): number {
  return group.elementBytes + group.scalarBytes;
}

/**
 * Commitment ‖ response, so that many verify as one. The nonce is derived of secret and ballot: a
 * repeat signs the same.
 *
 * @param tracker the ballot's, which stands for every byte of it.
 */
export function signBallot<P>(
  group: Group<P>,
  { secret }: Credential,
  tracker: Uint8Array,
  signer: Signer = "voter",
): Uint8Array {
  const seed = group.encodeScalar(secret);
  const label = `tacit/${PROTOCOLS[signer]}/nonce`;
  const random = createSeededRandom(seed, label, tracker);
  const relation = knowsSecret(group, group.multiplyBase(secret));
  return proveRelationBatchable(tagOf(group, tracker, signer), relation, [secret], random);
}

/** @throws {ThresholdError} the codes of decoding. */
export function claimBallotSignature<P>(
  group: Group<P>,
  key: P,
  tracker: Uint8Array,
  signature: Uint8Array,
  signer: Signer = "voter",
): Claim<P> {
  return claimRelation(tagOf(group, tracker, signer), knowsSecret(group, key), signature);
}

export function knowsSecret<P>(group: Group<P>, key: P): LinearRelation<P> {
  const builder = new RelationBuilder(group);
  builder.equation([[key, 1n]], [[builder.secret(), group.generator]]);
  return builder.build();
}

function tagOf<P>(group: Group<P>, tracker: Uint8Array, signer: Signer): Uint8Array {
  return protocolTag(PROTOCOLS[signer], group.name, tracker);
}
