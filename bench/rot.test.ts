/** Runs every benchmark with tiny sizes, so that none can rot. */
import { describe, expect, it } from "vitest";
import { loadBenchmarks } from "./run.ts";

const benchmarks = await loadBenchmarks();

describe("benchmarks", () => {
  it.each(benchmarks.map((benchmark) => [benchmark.name, benchmark] as const))(
    "%s runs with tiny sizes and prints at least one figure",
    async (_name, benchmark) => {
      const lines: string[] = [];
      await benchmark.run({ tiny: true, log: (line) => lines.push(line) });
      expect(lines.some((line) => /\d/.test(line))).toBe(true);
    },
    300_000,
  );
});
