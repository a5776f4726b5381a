import { describe, expect, it } from "vitest";
import { createDice } from "./simulator.ts";
import { largestT, T_SUSPECT } from "./timing.ts";

const dice = createDice("timing");

/** Times around a mean, some of them far above it, as interruptions make them. */
function times(mean: number, count = 4_000): number[] {
  return Array.from({ length: count }, () => {
    const noise = dice.below(1_000) / 10_000;
    return mean + noise + (dice.below(50) === 0 ? dice.below(100) : 0);
  });
}

describe("the statistics of timing", () => {
  it("finds no difference between samples of one distribution", () => {
    expect(largestT(times(1), times(1))).toBeLessThan(T_SUSPECT);
  });

  it("finds a hundredth of the mean under interruptions a hundred times as long", () => {
    expect(largestT(times(1), times(1.01))).toBeGreaterThan(T_SUSPECT);
  });

  it("finds no difference where there is nothing to compare", () => {
    expect(largestT([], [])).toBe(0);
    expect(largestT([1], [2, 3])).toBe(0);
  });
});
