import { describe, expect, it } from "vitest";
import { codeOf } from "../test/vectors.ts";
import { ristretto255Group as group } from "./groups/noble-group.ts";
import { combineShares, dealShares, lagrangeWeights, publicShare, verifyShare } from "./vss.ts";

const secret = group.randomScalar();
const threshold = 3;
const { shares, commitments } = dealShares(group, { secret, threshold, count: 7 });
const [first, second, third] = shares as [
  (typeof shares)[0],
  (typeof shares)[0],
  (typeof shares)[0],
];

describe("verifiable sharing", () => {
  it("restores the secret of any threshold of shares, in any order, and of more", () => {
    expect(combineShares(group, shares.slice(4).toReversed(), threshold)).toBe(secret);
    expect(combineShares(group, [third, first, shares[5] ?? first], threshold)).toBe(secret);
    expect(combineShares(group, shares, threshold)).toBe(secret);
  });

  it("restores another value of one share too few, and refuses to", () => {
    expect(combineShares(group, [first, second], 2)).not.toBe(secret);
    expect(codeOf(() => combineShares(group, [first, second], threshold))).toBe(
      "threshold/too_few",
    );
    expect(codeOf(() => lagrangeWeights(group, []))).toBe("threshold/too_few");
  });

  it("accepts each share against the commitments, which name each public share", () => {
    for (const share of shares) {
      verifyShare(group, { commitments, threshold }, share);
      const expected = group.multiplyBase(share.value);
      expect(group.equal(publicShare(group, commitments, share.index), expected)).toBe(true);
    }
  });

  it("names the share that is wrong or somebody else's", () => {
    const dealing = { commitments, threshold };
    for (const value of [first.value + 1n, second.value]) {
      const run = () => verifyShare(group, dealing, { index: 1, value });
      expect(codeOf(run)).toBe("threshold/bad_share");
    }
  });

  it("refuses commitments that would raise or lower the threshold", () => {
    for (const list of [[...commitments, group.identity], commitments.slice(1), []]) {
      const run = () => verifyShare(group, { commitments: list, threshold }, first);
      expect(codeOf(run)).toBe("threshold/parameters");
    }
  });

  it("refuses index 0, indices out of range and an index twice", () => {
    for (const index of [0, -1, 1.5, 65_536, Number.NaN]) {
      expect(codeOf(() => lagrangeWeights(group, [1, index]))).toBe("threshold/index");
      expect(codeOf(() => publicShare(group, commitments, index))).toBe("threshold/index");
    }
    expect(codeOf(() => combineShares(group, [first, second, first], 3))).toBe(
      "threshold/duplicate_index",
    );
  });

  it("refuses thresholds that no number of shares reaches", () => {
    for (const [low, count] of [
      [0, 3],
      [4, 3],
      [1.5, 3],
      [1, 65_536],
    ] as const) {
      expect(codeOf(() => dealShares(group, { secret, threshold: low, count }))).toBe(
        "threshold/parameters",
      );
    }
  });
});
