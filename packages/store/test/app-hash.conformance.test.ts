import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesToId } from "@tacit/light/ids";
import { expect, it } from "vitest";
import { appHash } from "../src/app-hash.ts";

interface Block {
  readonly height: number;
  readonly expect: { app_hash: string; store_roots: Readonly<Record<string, string>> };
}

const file = join(import.meta.dirname, "../../../vectors/sdk-golden/blocks.jsonl");
const blocks = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Block)
  .filter((block) => Object.keys(block.expect.store_roots).length > 0);

it("folds the store roots of every recorded block into its app hash", () => {
  expect(blocks.length).toBeGreaterThan(80);
  for (const block of blocks) {
    const roots = Object.entries(block.expect.store_roots).map(
      ([name, root]) => [name, bytesToId(Buffer.from(root, "hex"))] as const,
    );
    const hash = Buffer.from(appHash(new Map(roots)), "latin1").toString("hex");
    expect(hash, `height ${block.height}`).toBe(block.expect.app_hash);
  }
});
