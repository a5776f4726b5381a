import { describe, expect, it } from "vitest";
import { runSignedMutations, runTransactionMutations } from "./transactions.ts";

/** A busy machine takes several times the usual seconds. */
const PATIENCE_MS = 300_000;

describe("ten thousand changed transactions", () => {
  it(
    "are all refused, and leave the state of a chain that never saw them",
    async () => {
      const report = await runTransactionMutations({ count: 10_000, seed: 1 });
      expect(report.honest).toBe(200);
      expect(report.outcomes.ok).toBeUndefined();
      expect(report.outcomes["sdk/4"]).toBeGreaterThan(1_000);
    },
    PATIENCE_MS,
  );
});

describe("changed messages that are properly signed", () => {
  it(
    "each have a documented result, and the chain goes on",
    async () => {
      const report = await runSignedMutations({ count: 4_000, seed: 1 });
      expect(report.honest).toBe(200);
      expect(report.outcomes.ok).toBeGreaterThan(500);
      expect(report.outcomes["compute/3"]).toBeGreaterThan(30);
    },
    PATIENCE_MS,
  );
});
