/**
 * A holder who lost a share gets it back from `threshold` others, who learn nothing by it and do
 * not change theirs (the repairable scheme of Laing and Stinson, with commitments).
 *
 * Each helper splits its weighted share into one part per helper, shows every part times the
 * generator, and sends the parts in secret; each sums what it got and sends the sum to the one
 * who lost the share. All parts are checked against what was shown, so a cheater has a name.
 */
import { ThresholdError } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";
import { lagrangeWeightsAt, type Share } from "../vss.ts";

export interface RepairPlan<P> {
  readonly group: Group<P>;
  /** Exactly as many shares as the threshold; their indices differ. */
  readonly helpers: readonly number[];
  readonly lost: number;
  /** The public share of an index. */
  readonly publicShare: (index: number) => P;
}

/** What a helper publishes and sends: one part for each helper, in their order. */
export interface RepairParts<P> {
  readonly helper: number;
  readonly parts: readonly Scalar[];
  readonly commitments: readonly P[];
}

/** @throws {ThresholdError} `threshold/index`, `threshold/duplicate_index`. */
export function splitForRepair<P>(
  plan: RepairPlan<P>,
  share: Share,
  random?: RandomBytes,
): RepairParts<P> {
  const { group, helpers } = plan;
  const whole = group.reduce(share.value * weightOf(plan, share.index));
  const parts = helpers.slice(1).map(() => group.randomScalar(random));
  parts.push(group.reduce(whole - parts.reduce((sum, part) => sum + part, 0n)));
  return { helper: share.index, parts, commitments: parts.map((part) => group.multiplyBase(part)) };
}

function weightOf<P>({ group, helpers, lost }: RepairPlan<P>, helper: number): Scalar {
  const position = helpers.indexOf(helper);
  if (position < 0 || helpers.includes(lost)) {
    throw new ThresholdError({ code: "threshold/index", index: helper });
  }
  return lagrangeWeightsAt(group, helpers, lost)[position] as Scalar;
}

/**
 * Anybody's check of what a helper published.
 *
 * @throws {ThresholdError} `threshold/bad_share` with the helper's index.
 */
export function verifyRepairCommitments<P>(
  plan: RepairPlan<P>,
  helper: number,
  commitments: readonly P[],
): void {
  const { group } = plan;
  const sum = commitments.reduce((left, right) => group.add(left, right), group.identity);
  const expected = group.multiplyPublic(plan.publicShare(helper), weightOf(plan, helper));
  if (commitments.length !== plan.helpers.length || !group.equal(sum, expected)) {
    throw new ThresholdError({ code: "threshold/bad_share", indices: [helper] });
  }
}

/**
 * A helper's sum of the parts that it got, for the one who lost the share.
 *
 * @param received by helper, in their order: its commitments, and the part for `self`.
 * @throws {ThresholdError} `threshold/bad_share` with the indices of who sent another part.
 */
export function sumForRepair<P>(
  plan: RepairPlan<P>,
  self: number,
  received: readonly { readonly part: Scalar; readonly commitments: readonly P[] }[],
): Scalar {
  const { group, helpers } = plan;
  const position = helpers.indexOf(self);
  assertCount(received.length, helpers.length);
  const indices = helpers.filter((_, i) => {
    const { part, commitments } = received[i] as (typeof received)[0];
    return !group.equal(group.multiplyBase(part), commitments[position] as P);
  });
  if (indices.length > 0) throw new ThresholdError({ code: "threshold/bad_share", indices });
  return group.reduce(received.reduce((sum, { part }) => sum + part, 0n));
}

/**
 * The share, from every helper's sum and every helper's verified commitments, in their order.
 *
 * @throws {ThresholdError} `threshold/bad_share` with the indices of who sent another sum.
 */
export function finishRepair<P>(
  plan: RepairPlan<P>,
  sums: readonly Scalar[],
  commitments: readonly (readonly P[])[],
): Share {
  const { group, helpers, lost } = plan;
  assertCount(sums.length, helpers.length);
  assertCount(commitments.length, helpers.length);
  const indices = helpers.filter((_, position) => {
    const shown = commitments.reduce(
      (sum, list) => group.add(sum, list[position] as P),
      group.identity,
    );
    return !group.equal(group.multiplyBase(sums[position] as Scalar), shown);
  });
  if (indices.length > 0) throw new ThresholdError({ code: "threshold/bad_share", indices });
  return { index: lost, value: group.reduce(sums.reduce((sum, value) => sum + value, 0n)) };
}

function assertCount(have: number, need: number): void {
  if (have !== need) throw new ThresholdError({ code: "threshold/too_few", have, need });
}
