import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Checks, countsText } from "../conformance/part.ts";

/** Where no other implementation can be found. */
function conformance(...args: string[]) {
  const { stdout, status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "conformance.ts"), ...args],
    { encoding: "utf8", env: { PATH: "/nonexistent" } },
  );
  return { lines: stdout.trimEnd().split("\n"), status };
}

describe("npm run conformance", () => {
  it("counts a part whose other side is missing as skipped, and says which", () => {
    const { lines, status } = conformance("frost");
    expect(status).toBe(0);
    expect(lines).toContain("  skipped  the whole part: no cargo on this machine");
    expect(lines.at(-1)).toBe("0 passed, 0 failed, 1 skipped");
  });

  it("refuses a part that it does not know", () => {
    expect(conformance("frost", "rsa").status).toBe(2);
  });

  it("counts what throws as failed, and goes on", async () => {
    const checks = new Checks();
    expect(await checks.check("one", () => 7)).toBe(7);
    expect(await checks.check("two", () => Promise.reject(new RangeError("no")))).toBe(undefined);
    checks.skip("three", "no such tool");
    expect(countsText(checks.counts)).toBe("1 passed, 1 failed, 1 skipped");
  });
});
