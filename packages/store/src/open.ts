/** Opening a multistore on disk, for the one writer and for readers beside it. */
import { mkdirSync } from "node:fs";
import type { CommitRecord } from "./backend/backend.ts";
import { GenerationCache } from "./backend/generation-cache.ts";
import { LmdbBackend } from "./backend/lmdb.ts";
import { openTables, type Tables } from "./backend/lmdb-env.ts";
import { LmdbSnapshot, type ReaderCache } from "./backend/lmdb-snapshot.ts";
import { nodeBytes, type TreeNode } from "./iavl/node.ts";
import { NODE_CACHE_BYTES, READER_CACHE_BYTES, READER_RECORDS_MAX } from "./limits.ts";
import { lockDirectory } from "./lock.ts";
import { commitIdOf, MultiStoreImpl, NO_COMMIT, recordOf } from "./multistore.ts";
import type { CommitId, CommitMultiStore, MultiStoreReader, MultiStoreView } from "./types.ts";
import { View } from "./view.ts";

export interface MultiStoreOptions {
  /** Made if it does not exist. */
  readonly directory: string;
  /** ASCII. New names start as empty stores with the next version. */
  readonly storeNames: readonly string[];
  /** How many of the newest versions can be read; all of them by default. At least 1. */
  readonly keepVersions?: number;
  /**
   * Whether a commit waits until the disk has it. True by default: a committed version survives
   * the loss of power. False: it survives the end of the process by any means, but losing power
   * may damage the file; for networks that hold nothing of value.
   */
  readonly fsync?: boolean;
  readonly nodeCacheBytes?: number;
}

/**
 * Opens the directory for writing; one at a time.
 * @throws {StoreError} `store/locked`, `store/format_unknown`, `store/stores_missing`.
 */
export function openMultiStore(options: MultiStoreOptions): CommitMultiStore {
  const { directory, storeNames } = options;
  mkdirSync(directory, { recursive: true });
  const lock = lockDirectory(directory);
  try {
    const tables = openTables({ directory, readOnly: false, fsync: options.fsync ?? true });
    const keepVersions = options.keepVersions ?? Number.POSITIVE_INFINITY;
    const backend = new LmdbBackend(tables, storeNames, keepVersions);
    return new MultiStoreImpl(storeNames, backend, {
      nodeCacheBytes: options.nodeCacheBytes ?? NODE_CACHE_BYTES,
      onClose: () => lock.release(),
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

export interface ReaderOptions {
  readonly directory: string;
  readonly nodeCacheBytes?: number;
}

/**
 * Opens a directory that a writer has, in this or another process.
 * @throws {StoreError} `store/not_found`, `store/format_unknown`.
 */
export function openMultiStoreReader(options: ReaderOptions): MultiStoreReader {
  const tables = openTables({ directory: options.directory, readOnly: true, fsync: false });
  return new Reader(tables, options.nodeCacheBytes ?? READER_CACHE_BYTES);
}

class Reader implements MultiStoreReader {
  readonly #tables: Tables;
  readonly #cache: ReaderCache;

  constructor(tables: Tables, cacheBytes: number) {
    this.#tables = tables;
    this.#cache = {
      nodes: new GenerationCache<number, TreeNode>(cacheBytes, nodeBytes),
      records: new GenerationCache<number, CommitRecord>(READER_RECORDS_MAX, () => 1),
    };
  }

  lastCommitId(): CommitId {
    return this.#during((snapshot) => {
      const last = snapshot.last();
      return last === undefined ? NO_COMMIT : commitIdOf(last);
    });
  }

  earliestVersion(): bigint {
    return this.#during((snapshot) => BigInt(snapshot.earliestVersion()));
  }

  blob(key: string): Uint8Array | undefined {
    return this.#during((snapshot) => snapshot.blob(key));
  }

  latest(): MultiStoreView {
    return this.#view((snapshot) => BigInt(snapshot.last()?.version ?? 0));
  }

  atVersion(version: bigint): MultiStoreView {
    return this.#view(() => version);
  }

  async close(): Promise<void> {
    await this.#tables.root.close();
  }

  #view(versionOf: (snapshot: LmdbSnapshot) => bigint): MultiStoreView {
    const { snapshot, done } = this.#begin();
    try {
      const record = recordOf(snapshot, versionOf(snapshot));
      return new View(record, snapshot, undefined, done);
    } catch (error) {
      done();
      throw error;
    }
  }

  #during<T>(read: (snapshot: LmdbSnapshot) => T): T {
    const { snapshot, done } = this.#begin();
    try {
      return read(snapshot);
    } finally {
      done();
    }
  }

  #begin(): { readonly snapshot: LmdbSnapshot; readonly done: () => void } {
    this.#tables.root.resetReadTxn();
    const transaction = this.#tables.root.useReadTransaction();
    let open = true;
    const done = () => {
      if (open) transaction.done();
      open = false;
    };
    return { snapshot: new LmdbSnapshot(this.#tables, transaction, this.#cache), done };
  }
}
