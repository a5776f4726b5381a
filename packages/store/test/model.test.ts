/** The stores against a plain sorted map: reads, iterators, branches, commits, reopening. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import {
  type CacheMultiStore,
  type CommitMultiStore,
  createMemoryMultiStore,
  type KVStore,
  openMultiStore,
  openMultiStoreReader,
} from "../src/index.ts";

const directory = mkdtempSync(join(tmpdir(), "tacit-model-"));
afterAll(() => rmSync(directory, { recursive: true }));

type Model = Map<string, string>;
const storeNames = ["a", "b"];
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"));

/** Few different keys, so that they meet; some too long for the flat index. */
const shortKey = fc.array(fc.constantFrom(0x00, 0x01, 0x7f, 0xff), { minLength: 1, maxLength: 3 });
const longKey = fc
  .tuple(fc.constantFrom(0x00, 0x7f), fc.constantFrom(1890, 1898, 1899, 2500), shortKey)
  .map(([first, length, tail]) => [first, ...new Array<number>(length).fill(0x33), ...tail]);
const anyKey = fc
  .oneof({ weight: 12, arbitrary: shortKey }, { weight: 1, arbitrary: longKey })
  .map((bytes) => hex(Uint8Array.from(bytes)));
const value = fc
  .oneof(
    { weight: 8, arbitrary: fc.uint8Array({ maxLength: 8 }) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 505, max: 5000 }).map((n) => new Uint8Array(n).fill(n)),
    },
  )
  .map(hex);
const bound = fc.option(anyKey, { nil: undefined });
const store = fc.constantFrom(...storeNames);

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant("set" as const), store, key: anyKey, value }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("delete" as const), store, key: anyKey }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("get" as const), store, key: anyKey }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("iterate" as const),
      store,
      start: bound,
      end: bound,
      reverse: fc.boolean(),
      /** Writes in the middle of the iteration, which must not show. */
      writes: fc.array(fc.tuple(anyKey, fc.option(value, { nil: undefined })), { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("branch" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("write" as const, "drop" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom("commit" as const, "reopen" as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rollback" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type StoreStep = Extract<Step, { do: "set" | "delete" | "get" | "iterate" }>;

interface Level {
  readonly branch: CacheMultiStore;
  readonly models: Map<string, Model>;
}

const copyOf = (models: ReadonlyMap<string, Model>) =>
  new Map([...models].map(([name, model]) => [name, new Map(model)]));

function rangeOf(model: Model, from: Extract<Step, { do: "iterate" }>): string[][] {
  const pairs = [...model]
    .filter(([key]) => from.start === undefined || key >= from.start)
    .filter(([key]) => from.end === undefined || key < from.end)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return from.reverse ? pairs.reverse() : pairs;
}

/** Runs steps on both; the open branches are a stack, its bottom a branch of the stores. */
class Runner {
  readonly #open: () => CommitMultiStore;
  readonly #levels: Level[] = [];
  readonly versions: Map<string, Model>[] = [];
  stores: CommitMultiStore;
  #base = new Map(storeNames.map((name) => [name, new Map<string, string>()]));

  constructor(open: () => CommitMultiStore) {
    this.#open = open;
    this.stores = open();
    this.#start();
  }

  async run(one: Step): Promise<void> {
    const top = this.#levels.at(-1) as Level;
    if (one.do === "branch") this.#push(top.branch.branch(), top.models);
    else if (one.do === "write") this.#write();
    else if (one.do === "drop") this.#drop();
    else if (one.do === "commit") this.commit();
    else if (one.do === "rollback") this.#rollback();
    else if (one.do === "reopen") await this.reopen();
    else if ("store" in one)
      this.#onStore(one, top.branch.kvStore(one.store), top.models.get(one.store) as Model);
  }

  commit(): void {
    while (this.#levels.length > 1) this.#write();
    this.#levels[0]!.branch.write();
    this.versions.push(copyOf(this.#levels[0]!.models));
    const working = hex(this.stores.workingHash());
    const id = this.stores.commit();
    expect(hex(id.hash)).toBe(working);
    expect(id.version).toBe(BigInt(this.versions.length));
    this.#rollback();
  }

  async reopen(): Promise<void> {
    const before = this.stores.lastCommitId();
    await this.stores.close();
    this.stores = this.#open();
    expect(this.stores.lastCommitId()).toEqual(before);
    this.#rollback();
  }

  #onStore(one: StoreStep, kv: KVStore, model: Model): void {
    if (one.do === "set") set(kv, model, one.key, one.value);
    else if (one.do === "delete") set(kv, model, one.key, undefined);
    else if (one.do === "get") {
      const found = kv.get(unhex(one.key));
      expect(found && hex(found)).toBe(model.get(one.key));
      expect(kv.has(unhex(one.key))).toBe(model.has(one.key));
    } else {
      const expected = rangeOf(model, one);
      const [start, end] = [one.start, one.end].map((bound) =>
        bound === undefined ? undefined : unhex(bound),
      );
      const pairs = one.reverse ? kv.reverseIterator(start, end) : kv.iterator(start, end);
      for (const [key, written] of one.writes) set(kv, model, key, written);
      expect([...pairs].map(([k, v]) => [hex(k), hex(v)])).toEqual(expected);
    }
  }

  #start(): void {
    this.#levels.length = 0;
    this.#base = copyOf(this.versions.at(-1) ?? this.#emptyModels());
    this.#push(this.stores.branch(), this.#base);
  }

  #emptyModels(): Map<string, Model> {
    return new Map(storeNames.map((name) => [name, new Map()]));
  }

  #push(branch: CacheMultiStore, models: ReadonlyMap<string, Model>): void {
    this.#levels.push({ branch, models: copyOf(models) });
  }

  #write(): void {
    if (this.#levels.length < 2) return;
    const top = this.#levels.pop() as Level;
    top.branch.write();
    const below = this.#levels.pop() as Level;
    this.#levels.push({ branch: below.branch, models: top.models });
  }

  #drop(): void {
    if (this.#levels.length > 1) this.#levels.pop();
  }

  #rollback(): void {
    this.stores.rollback();
    this.#start();
  }
}

function set(kv: KVStore, model: Model, key: string, written: string | undefined): void {
  if (written === undefined) {
    kv.delete(unhex(key));
    model.delete(key);
  } else {
    kv.set(unhex(key), unhex(written));
    model.set(key, written);
  }
}

function checkVersion(kv: KVStore, model: Model): void {
  const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
  expect([...kv.iterator()].map(([k, v]) => [hex(k), hex(v)])).toEqual(sorted);
  expect([...kv.reverseIterator()].map(([k, v]) => [hex(k), hex(v)])).toEqual(sorted.reverse());
  for (const [key, expected] of model) expect(hex(kv.get(unhex(key))!)).toBe(expected);
}

it("behaves as a sorted map in memory, with every version kept", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80, size: "max" }), async (steps) => {
      const stores = createMemoryMultiStore(storeNames);
      const runner = new Runner(() => stores);
      for (const one of steps) if (one.do !== "reopen") await runner.run(one);
      runner.versions.forEach((models, i) => {
        const view = stores.atVersion(BigInt(i + 1));
        for (const [name, model] of models) checkVersion(view.kvStore(name), model);
      });
    }),
    { numRuns: 300 },
  );
});

it("behaves as a sorted map on disk, reopened, with no memory for nodes", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80, size: "max" }), async (steps) => {
      const path = join(directory, `model-${run++}`);
      const open = () =>
        openMultiStore({
          directory: path,
          storeNames,
          fsync: false,
          nodeCacheBytes: 0,
        });
      const runner = new Runner(open);
      for (const one of steps) await runner.run(one);
      runner.commit();
      const reader = openMultiStoreReader({ directory: path });
      runner.versions.forEach((models, i) => {
        const version = BigInt(i + 1);
        const views = [runner.stores.atVersion(version), reader.atVersion(version)];
        for (const view of views) {
          for (const [name, model] of models) checkVersion(view.kvStore(name), model);
          expect(view.appHash).toEqual(views[0]!.appHash);
          view.close();
        }
      });
      await reader.close();
      await runner.stores.close();
      rmSync(path, { recursive: true });
    }),
    { numRuns: 60 },
  );
});
