/** Commit records and the numbers of stores, as they are on disk. */
import { StoreError } from "../errors.ts";
import type { CommitRecord, StoreRoot } from "./backend.ts";
import { type ReadOptions, STORES_KEY, type Tables } from "./lmdb-env.ts";
import { corrupt, decodeCommit } from "./records.ts";

interface StoreEntry {
  readonly number: number;
  hasLongKeys: boolean;
}

/** Which number each store has in flat keys and commit records, kept as JSON. */
export class StoreTable {
  readonly #tables: Tables;
  readonly #entries: Map<string, StoreEntry>;
  #changed = false;

  static load(tables: Tables, options: ReadOptions = {}): StoreTable {
    const text = tables.root.get(STORES_KEY, options as never);
    const entries = text === undefined ? [] : JSON.parse(Buffer.from(text).toString("utf8"));
    return new StoreTable(tables, new Map(entries));
  }

  private constructor(tables: Tables, entries: Map<string, StoreEntry>) {
    this.#tables = tables;
    this.#entries = entries;
  }

  /** @throws {StoreError} `store/stores_missing` if the directory has stores beyond `names`. */
  mount(names: readonly string[]): void {
    const missing = [...this.#entries.keys()].filter((name) => !names.includes(name));
    if (missing.length > 0) {
      throw new StoreError(
        { code: "store/stores_missing", stores: missing },
        `the directory also has the stores ${missing.join(", ")}`,
      );
    }
    for (const name of names) {
      if (this.#entries.has(name)) continue;
      this.#entries.set(name, { number: this.#entries.size + 1, hasLongKeys: false });
      this.#changed = true;
    }
  }

  /** @throws {StoreError} `store/store_unknown`. */
  entry(name: string): StoreEntry {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return entry;
    throw new StoreError({ code: "store/store_unknown", store: name }, `no store named ${name}`);
  }

  names(): Map<number, string> {
    return new Map([...this.#entries].map(([name, { number }]) => [number, name]));
  }

  markLongKeys(name: string): void {
    const entry = this.entry(name);
    if (entry.hasLongKeys) return;
    entry.hasLongKeys = true;
    this.#changed = true;
  }

  /** Inside the commit's transaction. */
  save(): void {
    if (!this.#changed) return;
    const text = JSON.stringify([...this.#entries]);
    this.#tables.root.putSync(STORES_KEY, Buffer.from(text, "utf8"));
    this.#changed = false;
  }
}

/** 0 before the first commit. */
export function lastVersion(tables: Tables, options: ReadOptions): number {
  const range = { end: 0, reverse: true, limit: 1, ...options };
  for (const version of tables.commits.getKeys(range)) return version;
  return 0;
}

/** 0 before the first commit. */
export function earliestVersion(tables: Tables, options: ReadOptions): number {
  for (const version of tables.commits.getKeys({ start: 0, limit: 1, ...options })) return version;
  return 0;
}

export function readCommit(
  tables: Tables,
  version: number,
  stores: StoreTable,
  options: ReadOptions,
): { readonly record: CommitRecord; readonly lastRef: number } {
  const bytes = tables.commits.get(version, options as never);
  if (bytes === undefined) throw corrupt(`commit ${version}`);
  const { roots, lastRef } = decodeCommit(bytes);
  const names = stores.names();
  const named = new Map<string, StoreRoot>();
  for (const [number, root] of roots) {
    const name = names.get(number);
    if (name === undefined) throw corrupt(`store ${number}`);
    named.set(name, root);
  }
  return { record: { version, roots: named }, lastRef };
}
