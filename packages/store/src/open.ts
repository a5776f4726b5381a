/** Opening a multistore on disk, for the one writer and for readers beside it. */
import { mkdirSync } from "node:fs";
import { LmdbBackend } from "./backend/lmdb.ts";
import { openTables } from "./backend/lmdb-env.ts";
import { NODE_CACHE_BYTES, VALUE_CACHE_BYTES } from "./limits.ts";
import { lockDirectory } from "./lock.ts";
import { MultiStoreImpl } from "./multistore.ts";
import type { CommitMultiStore } from "./types.ts";

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
  readonly valueCacheBytes?: number;
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
    const backend = new LmdbBackend(tables, storeNames, {
      keepVersions: options.keepVersions ?? Number.POSITIVE_INFINITY,
      valueCacheBytes: options.valueCacheBytes ?? VALUE_CACHE_BYTES,
    });
    return new MultiStoreImpl(storeNames, backend, {
      nodeCacheBytes: options.nodeCacheBytes ?? NODE_CACHE_BYTES,
      onClose: () => lock.release(),
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}
