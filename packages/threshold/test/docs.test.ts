/** What docs/threshold says of tests is true: each that a table quotes is there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../../..");
const pages = readdirSync(join(root, "docs/threshold"));
const sources = ["packages/threshold/test", "packages/threshold/src", "e2e"]
  .flatMap((folder) => readdirSync(join(root, folder)).map((file) => join(root, folder, file)))
  .filter((path) => path.endsWith(".test.ts"))
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");

/** Of the last cell of each row; `…` stands for what was left out. */
function quotedTests(page: string): string[] {
  const rows = page.split("\n").filter((line) => line.startsWith("|"));
  return rows.flatMap((row) => {
    const cell = row.split("|").at(-2) ?? "";
    return [...cell.matchAll(/"([^"]+)"/g)].flatMap(([, name]) => (name as string).split("…"));
  });
}

describe("the pages of docs/threshold", () => {
  it("quote tests", () => {
    const all = pages.flatMap((file) =>
      quotedTests(readFileSync(join(root, "docs/threshold", file), "utf8")),
    );
    expect(all.length).toBeGreaterThan(100);
  });

  it.each(pages)("%s quotes only tests that are there", (file) => {
    const page = readFileSync(join(root, "docs/threshold", file), "utf8");
    const missing = quotedTests(page)
      .map((part) => part.trim())
      .filter((part) => part !== "" && !sources.includes(part));
    expect(missing).toEqual([]);
  });

  it.each(pages.filter((file) => !["groups.md", "paillier.md"].includes(file)))(
    "%s says what breaks if holders collude",
    (file) => {
      const page = readFileSync(join(root, "docs/threshold", file), "utf8");
      expect(page).toMatch(/\bcollu(d|sion)/);
    },
  );
});
