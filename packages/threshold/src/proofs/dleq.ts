/** One secret between several pairs of elements: Chaum and Pedersen's proof. */
import { ThresholdError } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";
import { type Claim, checkClaims } from "../sigma/claims.ts";
import {
  claimRelation,
  proveRelation,
  proveRelationBatchable,
  verifyRelation,
} from "../sigma/linear.ts";
import { protocolTag } from "../sigma/narg.ts";
import type { LinearRelation } from "../sigma/relation.ts";

/** `image` is the secret times `base`. */
export interface DleqPair<P> {
  readonly base: P;
  readonly image: P;
}

/** Most pairs of one proof. */
export const DLEQ_PAIRS_MAX = 1024;

const PROTOCOL = "dleq/v1";

/**
 * Compact: challenge ‖ response, 64 bytes on ristretto255 for any number of pairs.
 *
 * @param binding what the proof is for: request, session, sender.
 * @throws {ThresholdError} `threshold/witness`, `threshold/relation`, `threshold/statement`.
 */
export function proveDleq<P>(
  group: Group<P>,
  binding: Uint8Array,
  pairs: readonly DleqPair<P>[],
  secret: Scalar,
  random?: RandomBytes,
): Uint8Array {
  return proveRelation(tagOf(group, binding), dleqRelation(group, pairs), [secret], random);
}

/** @throws {ThresholdError} `threshold/proof`, and the codes of decoding. */
export function verifyDleq<P>(
  group: Group<P>,
  binding: Uint8Array,
  pairs: readonly DleqPair<P>[],
  proof: Uint8Array,
): void {
  verifyRelation(tagOf(group, binding), dleqRelation(group, pairs), proof);
}

/** Batchable: one commitment for each pair ‖ response. */
export function proveDleqBatchable<P>(
  group: Group<P>,
  binding: Uint8Array,
  pairs: readonly DleqPair<P>[],
  secret: Scalar,
  random?: RandomBytes,
): Uint8Array {
  const relation = dleqRelation(group, pairs);
  return proveRelationBatchable(tagOf(group, binding), relation, [secret], random);
}

/** For {@link checkClaims}. @throws {ThresholdError} the codes of decoding. */
export function claimDleq<P>(
  group: Group<P>,
  binding: Uint8Array,
  pairs: readonly DleqPair<P>[],
  proof: Uint8Array,
): Claim<P> {
  return claimRelation(tagOf(group, binding), dleqRelation(group, pairs), proof);
}

/** @throws {ThresholdError} `threshold/proof`, and the codes of decoding. */
export function verifyDleqBatchable<P>(
  group: Group<P>,
  binding: Uint8Array,
  pairs: readonly DleqPair<P>[],
  proof: Uint8Array,
): void {
  checkClaims(group, [claimDleq(group, binding, pairs, proof)]);
}

function tagOf<P>(group: Group<P>, binding: Uint8Array): Uint8Array {
  return protocolTag(PROTOCOL, group.name, binding);
}

/** @throws {ThresholdError} `threshold/statement` unless there are 1 to {@link DLEQ_PAIRS_MAX}. */
function dleqRelation<P>(group: Group<P>, pairs: readonly DleqPair<P>[]): LinearRelation<P> {
  if (pairs.length === 0 || pairs.length > DLEQ_PAIRS_MAX) {
    throw new ThresholdError({ code: "threshold/statement" });
  }
  const elements: P[] = [group.generator];
  const add = (point: P): number => {
    if (group.equal(point, group.generator)) return 0;
    return elements.push(point) - 1;
  };
  const equations = pairs.map(({ base, image }) => {
    const terms = [{ scalar: 0, element: add(base), coefficient: 1n }];
    return { image: [{ element: add(image), coefficient: 1n }], terms };
  });
  return { group, elements, equations };
}
