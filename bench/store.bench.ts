/**
 * The store under the load of a busy chain: blocks of 3,000 bank sends on a tree of many accounts,
 * from the first read to the end of the commit, beside two baselines in the same run.
 *
 * Sketch: a send reads and writes three keys, one of them always the same, so a block changes 6,000;
 * on a million keys each brings about 9 nodes of its own. 54,000 nodes × (0.5 µs to hash, 0.4 µs to
 * write, 0.4 µs to copy) = 70 ms, the cold paths 10 µs a key: some 130 ms for three seconds' worth.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ReadVerifier, verifyRead } from "@tacit/light";
import { type CommitMultiStore, openMultiStore } from "@tacit/store";
import { median } from "./support/statistics.ts";

export const name = "store";

interface Options {
  readonly tiny: boolean;
  readonly log: (line: string) => void;
}

const VALUE_BYTES = 24;
const KEY_BYTES = 28;

export async function run({ tiny, log }: Options): Promise<void> {
  const sizes = tiny ? [1_000, 4_000] : [10_000, 100_000, 1_000_000];
  const sends = tiny ? 50 : 3_000;
  for (const accounts of sizes) await benchSize({ accounts, sends, blocks: tiny ? 3 : 9, log });
}

interface Size {
  readonly accounts: number;
  readonly sends: number;
  readonly blocks: number;
  readonly log: (line: string) => void;
}

async function benchSize({ accounts, sends, blocks, log }: Size): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "tacit-bench-store-"));
  const stores = openMultiStore({ directory, storeNames: ["bank"] });
  const keys = makeKeys(accounts);
  const filled = timeOf(() => fill(stores, keys));
  const size = statSync(join(directory, "data.mdb")).size / 2 ** 20;
  log(`${accounts} accounts: filled in ${filled.toFixed(0)} ms, ${size.toFixed(0)} MiB`);

  const random = generator(accounts);
  const times = {
    execute: [] as number[],
    apply: [] as number[],
    hash: [] as number[],
    commit: [] as number[],
  };
  for (let block = 0; block < blocks; block++) {
    const branch = stores.branch();
    times.execute.push(timeOf(() => execute(branch, { keys, sends, random })));
    times.apply.push(timeOf(() => branch.write()));
    times.hash.push(timeOf(() => stores.workingHash()));
    times.commit.push(timeOf(() => stores.commit()));
  }
  const [execution, apply, hash, commit] = [
    times.execute,
    times.apply,
    times.hash,
    times.commit,
  ].map(median) as [number, number, number, number];
  const total = execution + apply + hash + commit;
  log(
    `  block of ${sends} sends: execute ${ms(execution)}, apply ${ms(apply)}, hash ${ms(hash)}, commit ${ms(commit)}; ` +
      `sum ${ms(total)} = ${Math.round((sends / total) * 1000)} sends a second`,
  );
  benchProofs(stores, { keys, count: Math.min(accounts, 2_000), log });
  benchReads(stores, { keys, count: Math.min(accounts, 50_000), log });
  await stores.close();
  rmSync(directory, { recursive: true });
  benchNaive({ keys, sends, log }, total);
}

/** In key order, which is the cheapest way to so many accounts. */
function fill(stores: CommitMultiStore, keys: readonly Uint8Array[]): void {
  const step = 100_000;
  const sorted = [...keys].sort(Buffer.compare);
  for (let from = 0; from < sorted.length; from += step) {
    const branch = stores.branch();
    const bank = branch.kvStore("bank");
    for (const key of sorted.slice(from, from + step)) bank.set(key, balanceOf(from));
    branch.write();
    stores.commit();
  }
}

interface Load {
  readonly keys: readonly Uint8Array[];
  readonly sends: number;
  readonly random: () => number;
}

/** Each send in a branch of its own, as a transaction is: sender, recipient, fee collector. */
function execute(
  block: ReturnType<CommitMultiStore["branch"]>,
  { keys, sends, random }: Load,
): void {
  for (let i = 0; i < sends; i++) {
    const branch = block.branch();
    const bank = branch.kvStore("bank");
    for (const account of [random() % keys.length, random() % keys.length, 0]) {
      const key = keys[account] as Uint8Array;
      const balance = bank.get(key) as Uint8Array;
      bank.set(key, balanceOf((balance[0] as number) + i));
    }
    branch.write();
  }
}

function benchProofs(
  stores: CommitMultiStore,
  options: {
    readonly keys: readonly Uint8Array[];
    readonly count: number;
    readonly log: Options["log"];
  },
): void {
  const { count, log } = options;
  const view = stores.atVersion(stores.lastCommitId().version);
  const { storeRoot: root } = view.proveStore("bank");
  const keys = [...Array(count).keys()].map(
    (i) => options.keys[(i * 7_919) % options.keys.length] as Uint8Array,
  );
  const reads: { key: Uint8Array; value: Uint8Array | undefined; proof: Uint8Array }[] = [];
  const proving = timeOf(() => {
    for (const key of keys) reads.push({ key, ...view.proveRead("bank", key) });
  });
  const verifier = new ReadVerifier(root);
  const mustHold = (holds: boolean) => {
    if (!holds) throw new Error("a proof does not verify");
  };
  const cached = timeOf(() => {
    for (const { key, value, proof } of reads) mustHold(verifier.verify(key, value, proof));
  });
  const again = timeOf(() => {
    for (const { key, value, proof } of reads) mustHold(verifier.verify(key, value, proof));
  });
  const plain = timeOf(() => {
    for (const { key, value, proof } of reads) mustHold(verifyRead({ root, key, value, proof }));
  });
  const each = (time: number) => `${((time * 1000) / count).toFixed(1)} µs`;
  const bytes = Math.round(reads.reduce((sum, read) => sum + read.proof.length, 0) / count);
  log(
    `  proofs of ${bytes} bytes: made in ${each(proving)}; verified in ${each(plain)} alone, ` +
      `${each(cached)} with known nodes, ${each(again)} the second time`,
  );
}

function benchReads(
  stores: CommitMultiStore,
  options: {
    readonly keys: readonly Uint8Array[];
    readonly count: number;
    readonly log: Options["log"];
  },
): void {
  const { count, log } = options;
  const random = generator(count);
  const keys = [...Array(count).keys()].map(
    () => options.keys[random() % options.keys.length] as Uint8Array,
  );
  const bank = stores.branch().kvStore("bank");
  const cold = timeOf(() => {
    for (const key of keys) bank.get(key);
  });
  const warm = timeOf(() => {
    for (const key of keys) bank.get(key);
  });
  const from = keys[0] as Uint8Array;
  let pairs = 0;
  const walk = timeOf(() => {
    for (const _ of bank.iterator(from)) if (++pairs === count) break;
  });
  log(
    `  reads: ${((cold * 1e6) / count).toFixed(0)} ns the first time, ${((warm * 1e6) / count).toFixed(0)} ns after; ` +
      `iteration ${((walk * 1e6) / Math.max(pairs, 1)).toFixed(0)} ns a pair`,
  );
}

/**
 * The baseline: the same load on a sorted map, and a hash of nothing but the changed pairs, as a
 * store without any tree would pay at the least. It proves nothing.
 */
function benchNaive(
  { keys, sends, log }: Omit<Load, "random"> & Pick<Options, "log">,
  ours: number,
): void {
  const ids = keys.map((key) => Buffer.from(key).toString("latin1"));
  const pairs = new Map(ids.map((id, i) => [id, balanceOf(i)]));
  const random = generator(keys.length);
  const changed = new Map<string, Uint8Array>();
  const time = timeOf(() => {
    for (let i = 0; i < sends; i++) {
      for (const account of [random() % ids.length, random() % ids.length, 0]) {
        const key = ids[account] as string;
        const balance = changed.get(key) ?? (pairs.get(key) as Uint8Array);
        changed.set(key, balanceOf((balance[0] as number) + i));
      }
    }
    const hash = createHash("sha256");
    for (const key of [...changed.keys()].sort()) {
      hash.update(key, "latin1").update(changed.get(key) as Uint8Array);
    }
    hash.digest();
  });
  log(
    `  a map and one flat hash, no tree and no disk: ${ms(time)}; ours is ${(ours / time).toFixed(1)} times that`,
  );
}

function makeKeys(count: number): Uint8Array[] {
  return [...Array(count).keys()].map((account) => {
    const digest = createHash("sha256").update(String(account)).digest();
    return new Uint8Array(digest.subarray(0, KEY_BYTES));
  });
}

function balanceOf(number: number): Uint8Array {
  return new Uint8Array(VALUE_BYTES).fill(number & 0xff);
}

/** A linear congruential sequence, the same in every run. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 4;
  };
}

function timeOf(action: () => void): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

function ms(time: number): string {
  return `${time.toFixed(1)} ms`;
}
