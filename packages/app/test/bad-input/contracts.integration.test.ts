import { afterAll, describe, expect, it } from "vitest";
import { runContractMutations } from "./contracts.ts";
import { startEnclaveProcess } from "./enclave-process.ts";

/** Its threads have the stack that contracts are metered for; those of the test may not. */
const { enclave, deaths, stop } = startEnclaveProcess();
afterAll(stop);

/** A busy machine takes several times the usual seconds. */
const PATIENCE_MS = 300_000;

describe("ten thousand changed contracts", () => {
  it(
    "are refused or run, each with a documented result, and the enclave lives on",
    async () => {
      const report = await runContractMutations({ count: 10_000, seed: 1 }, { enclave });
      expect(report.uploads["compute/15"]).toBeGreaterThan(5_000);
      expect(report.calls.ok).toBeGreaterThan(500);
      expect(report.calls["compute/3"]).toBeGreaterThan(30);
      expect(await deaths()).toBe(0);
    },
    PATIENCE_MS,
  );
});
