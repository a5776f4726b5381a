import { describe, expect, it } from "vitest";
import { agree } from "./agreement.ts";
import { readCorpus, runFuzz } from "./fuzz.ts";

describe("the corpus of modules", () => {
  const corpus = readCorpus();

  it("has modules that run, and a refusal of every kind that mutations reach", () => {
    const reasons = [...corpus.values()].map((wasm) => agree(wasm));
    expect(reasons.filter(({ verdict }) => verdict === "agreed").length).toBeGreaterThan(20);
    const refusals = new Set(reasons.map(({ reason }) => reason.split(" ")[0]).filter(Boolean));
    expect([...refusals].sort()).toMatchInlineSnapshot(`
      [
        "vm/export_missing",
        "vm/floating_point",
        "vm/import_signature",
        "vm/import_unknown",
        "vm/invalid_wasm",
        "vm/limit_exceeded",
        "vm/memory_declaration",
        "vm/start_function",
        "vm/unsupported_feature",
      ]
    `);
  });

  it.each([...corpus])("%s is refused with a typed error or runs as it does plain", (_, wasm) => {
    const { verdict, reason } = agree(wasm);
    expect([verdict === "differed", reason]).toEqual([false, reason]);
  });

  it("and what it becomes by mutation neither crash nor hang the checks, nor run otherwise", () => {
    const finds: unknown[] = [];
    const report = runFuzz({ seed: 4, rounds: 1_500 }, (find) => finds.push(find));
    expect(finds).toEqual([]);
    expect(report.modules).toBe(1_500);
    expect(report.agreed).toBeGreaterThan(100);
    expect(report.slowestMs).toBeLessThan(10_000);
  });
});
