/** Committed versions on LMDB, read in one transaction beside the writer. */
import type { Transaction } from "lmdb";
import type { TreeNode } from "../iavl/node.ts";
import type { CommitRecord, ReadBackend } from "./backend.ts";
import type { GenerationCache } from "./generation-cache.ts";
import { blobKey } from "./lmdb.ts";
import type { Tables } from "./lmdb-env.ts";
import { LmdbNodes } from "./lmdb-nodes.ts";
import { earliestVersion, lastVersion, readCommit, StoreTable } from "./versions.ts";

/** What readers of one directory share: none of it ever changes. */
export interface ReaderCache {
  readonly nodes: GenerationCache<number, TreeNode>;
  readonly records: GenerationCache<number, CommitRecord>;
}

export class LmdbSnapshot implements ReadBackend {
  readonly nodes: LmdbNodes;
  readonly #tables: Tables;
  readonly #options: { readonly transaction: Transaction };
  readonly #cache: ReaderCache;

  constructor(tables: Tables, transaction: Transaction, cache: ReaderCache) {
    this.#tables = tables;
    this.#options = { transaction };
    this.#cache = cache;
    this.nodes = new LmdbNodes(tables.pages, this.#options, cache.nodes);
  }

  last(): CommitRecord | undefined {
    const version = lastVersion(this.#tables, this.#options);
    return version === 0 ? undefined : this.record(version);
  }

  earliestVersion(): number {
    return earliestVersion(this.#tables, this.#options);
  }

  record(version: number): CommitRecord | undefined {
    if (!this.#tables.commits.doesExist(version, undefined as never, this.#options))
      return undefined;
    let record = this.#cache.records.get(version);
    if (record === undefined) {
      const names = StoreTable.load(this.#tables, this.#options);
      record = readCommit(this.#tables, version, names, this.#options).record;
      this.#cache.records.set(version, record);
    }
    return record;
  }

  blob(key: string): Uint8Array | undefined {
    const bytes = this.#tables.blobs.get(blobKey(key), this.#options);
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  }
}
