/** Committed versions on LMDB, read in one transaction beside the writer. */
import type { Transaction } from "lmdb";
import type { TreeNode } from "../iavl/node.ts";
import type { CommitRecord, ReadBackend } from "./backend.ts";
import type { GenerationCache } from "./generation-cache.ts";
import { blobKey } from "./lmdb.ts";
import type { Tables } from "./lmdb-env.ts";
import { LmdbNodes } from "./lmdb-nodes.ts";
import { earliestVersion, lastVersion, readCommit, StoreTable } from "./versions.ts";

export class LmdbSnapshot implements ReadBackend {
  readonly nodes: LmdbNodes;
  readonly #tables: Tables;
  readonly #options: { readonly transaction: Transaction };
  readonly #names: StoreTable;
  readonly #last: CommitRecord | undefined;
  readonly #earliest: number;

  constructor(tables: Tables, transaction: Transaction, cache: GenerationCache<number, TreeNode>) {
    this.#tables = tables;
    this.#options = { transaction };
    this.nodes = new LmdbNodes(tables.pages, this.#options, cache);
    this.#names = StoreTable.load(tables, this.#options);
    this.#earliest = earliestVersion(tables, this.#options);
    const version = lastVersion(tables, this.#options);
    if (version > 0) this.#last = readCommit(tables, version, this.#names, this.#options).record;
  }

  last(): CommitRecord | undefined {
    return this.#last;
  }

  earliestVersion(): number {
    return this.#earliest;
  }

  record(version: number): CommitRecord | undefined {
    if (version === this.#last?.version) return this.#last;
    if (version < this.#earliest || version > (this.#last?.version ?? 0)) return undefined;
    return readCommit(this.#tables, version, this.#names, this.#options).record;
  }

  blob(key: string): Uint8Array | undefined {
    const bytes = this.#tables.blobs.get(blobKey(key), this.#options);
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  }
}
