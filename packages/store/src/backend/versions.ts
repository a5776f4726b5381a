/** Commit records and the numbers of stores, as they are on disk. */
import { invariant } from "@tacit/encoding/errors";
import { StoreError } from "../errors.ts";
import type { CommitRecord, StoreRoot } from "./backend.ts";
import { type ReadOptions, STORES_KEY, type Tables } from "./lmdb-env.ts";
import { corrupt, decodeCommit } from "./records.ts";

/** Which number each store has in commit records, kept as JSON. */
export class StoreTable {
  readonly #tables: Tables;
  readonly #numbers: Map<string, number>;
  #changed = false;

  static load(tables: Tables, options: ReadOptions = {}): StoreTable {
    const text = tables.root.get(STORES_KEY, options as never);
    const entries = text === undefined ? [] : JSON.parse(Buffer.from(text).toString("utf8"));
    return new StoreTable(tables, new Map(entries));
  }

  private constructor(tables: Tables, numbers: Map<string, number>) {
    this.#tables = tables;
    this.#numbers = numbers;
  }

  /** @throws {StoreError} `store/stores_missing` if the directory has stores beyond `names`. */
  mount(names: readonly string[]): void {
    const missing = [...this.#numbers.keys()].filter((name) => !names.includes(name));
    if (missing.length > 0) {
      throw new StoreError(
        { code: "store/stores_missing", stores: missing },
        `the directory also has the stores ${missing.join(", ")}`,
      );
    }
    for (const name of names) {
      if (this.#numbers.has(name)) continue;
      this.#numbers.set(name, this.#numbers.size + 1);
      this.#changed = true;
    }
  }

  number(name: string): number {
    const number = this.#numbers.get(name);
    invariant(number !== undefined, "every mounted store has a number");
    return number;
  }

  names(): Map<number, string> {
    return new Map([...this.#numbers].map(([name, number]) => [number, name]));
  }

  /** Inside the commit's transaction. */
  save(): void {
    if (!this.#changed) return;
    const text = JSON.stringify([...this.#numbers]);
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
): { readonly record: CommitRecord; readonly lastPage: number } {
  const bytes = tables.commits.get(version, options as never);
  if (bytes === undefined) throw corrupt(`commit ${version}`);
  const { roots, lastPage } = decodeCommit(bytes);
  const names = stores.names();
  const named = new Map<string, StoreRoot>();
  for (const [number, root] of roots) {
    const name = names.get(number);
    if (name === undefined) throw corrupt(`store ${number}`);
    named.set(name, root);
  }
  return { record: { version, roots: named }, lastPage };
}
