import { expect, it } from "vitest";
import { deviation, measureBias } from "./dkg-bias.ts";

// The seeds are fixed, so the counts are too; `npm run soak -- dkg-bias` takes 10,000 runs.
const RUNS = 64;

it("a holder who deals last cannot bias the key, and would have biased Joint-Feldman's", () => {
  const { ours, feldman } = measureBias(RUNS);
  expect(deviation(ours, RUNS)).toBeLessThan(3);
  expect(deviation(feldman, RUNS)).toBeGreaterThan(3);
});
