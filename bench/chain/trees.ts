/** Commit time against the size of a tree: blocks that change the same number of random keys. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "@tacit/crypto";
import { type CommitMultiStore, openMultiStore } from "@tacit/store";
import { cpuMs, median, spread } from "../support/statistics.ts";

const KEYS_PER_BLOCK = 1_000;
const FILL_BATCH = 100_000;

export async function benchTrees(
  sizes: readonly number[],
  { blocks, log }: { readonly blocks: number; readonly log: (line: string) => void },
): Promise<void> {
  let first: { readonly size: number; readonly ms: number } | undefined;
  for (const size of sizes) {
    const directory = mkdtempSync(join(tmpdir(), "tacit-bench-trees-"));
    const stores = openMultiStore({ directory, storeNames: ["bank"] });
    fill(stores, size);
    const times: number[] = [];
    const cpu = Array.from({ length: blocks }, (_, block) =>
      cpuMs(() => times.push(commitTime(stores, size, block))),
    );
    const ms = median(cpu);
    first ??= { size, ms };
    const ratio = changedNodes(size) / changedNodes(first.size);
    log(
      `commit of ${KEYS_PER_BLOCK} changed keys in a tree of ${size}: ${spread(times, 1)} ms, of CPU ${spread(cpu, 1)}; ` +
        `${(ms / first.ms).toFixed(2)} times the CPU of ${first.size} keys, the sketch says ${ratio.toFixed(2)}`,
    );
    await stores.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Paths to k random leaves share their upper log2(k) levels: k · (log2(n / k) + 2) nodes. */
function changedNodes(size: number): number {
  return KEYS_PER_BLOCK * (Math.max(0, Math.log2(size / KEYS_PER_BLOCK)) + 2);
}

/** Spread evenly, the same for the same number. */
function keyOf(index: number): Uint8Array {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, index);
  return sha256(number).subarray(0, 24);
}

const amountOf = (index: number) => new TextEncoder().encode(`${1_000_000_007 + index}`);

function fill(stores: CommitMultiStore, size: number): void {
  for (let start = 0; start < size; start += FILL_BATCH) {
    const branch = stores.branch();
    const store = branch.kvStore("bank");
    for (let index = start; index < Math.min(size, start + FILL_BATCH); index++) {
      store.set(keyOf(index), amountOf(index));
    }
    branch.write();
    stores.commit();
  }
}

/** From the branch's write to the end of the commit. */
function commitTime(stores: CommitMultiStore, size: number, block: number): number {
  const branch = stores.branch();
  const store = branch.kvStore("bank");
  for (let change = 0; change < KEYS_PER_BLOCK; change++) {
    const index = (block * 7_919 + change * 104_729) % size;
    store.set(keyOf(index), amountOf(index + block + 1));
  }
  const begun = performance.now();
  branch.write();
  stores.workingHash();
  stores.commit();
  return performance.now() - begun;
}
