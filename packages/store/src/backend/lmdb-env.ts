/** The LMDB environment of a multistore: its tables, their keys, its format. */
import { existsSync } from "node:fs";
import { sliceToId, writeId } from "@tacit/light/ids";
import { type Database, open, type RootDatabase, type Transaction } from "lmdb";
import { StoreError } from "../errors.ts";
import { readRef, writeRef } from "./records.ts";

/** Changes with every change of a record's layout. */
export const FORMAT = 1;

/** Address space, not memory or disk. */
const MAP_BYTES = 2 ** 40;
const TABLES_MAX = 8;
const READERS_MAX = 512;

/** A read transaction to read in; absent for the newest state. */
export interface ReadOptions {
  readonly transaction?: Transaction;
}

export interface Table<K extends string | number> extends Database<Uint8Array, K> {
  /** Bytes that the next read overwrites; they are `lastSize` long, whatever `length` says. */
  getBinaryFast(key: K, options?: ReadOptions): Buffer | undefined;
  readonly lastSize: number;
}

export interface Tables {
  readonly root: RootDatabase<Uint8Array, string>;
  /** Page number → nodes. Numbers only grow, so writes append. */
  readonly pages: Table<number>;
  /** Page number → mask of its nodes that no kept version uses; only where some do. */
  readonly dead: Table<number>;
  /** Version → roots. */
  readonly commits: Table<number>;
  /** Version and chunk → nodes that the version no longer uses. */
  readonly orphans: Table<number>;
  readonly blobs: Table<string>;
}

const numberKeys = {
  writeKey: (key: number, target: Uint8Array, at: number) => writeRef(target, key, at),
  readKey: (target: Uint8Array, start: number) => readRef(target, start),
};

const idKeys = {
  writeKey: (key: string, target: Uint8Array, at: number) => writeId(target, key, at),
  readKey: (target: Uint8Array, start: number, end: number) => sliceToId(target, start, end),
};

export interface EnvironmentOptions {
  readonly directory: string;
  readonly readOnly: boolean;
  readonly fsync: boolean;
}

/** @throws {StoreError} `store/format_unknown`, `store/not_found`. */
export function openTables({ directory, readOnly, fsync }: EnvironmentOptions): Tables {
  if (readOnly && !existsSync(`${directory}/data.mdb`)) {
    throw new StoreError({ code: "store/not_found", directory }, `no database in ${directory}`);
  }
  const root = open<Uint8Array, string>({
    path: directory,
    noSubdir: false,
    encoding: "binary",
    keyEncoder: idKeys,
    maxDbs: TABLES_MAX,
    maxReaders: READERS_MAX,
    mapSize: MAP_BYTES,
    overlappingSync: false,
    noSync: !fsync,
    readOnly,
    eventTurnBatching: false,
  } as Parameters<typeof open>[0]) as RootDatabase<Uint8Array, string>;
  // A reader that was killed would keep every page from being used again.
  if (!readOnly) root.readerCheck();
  checkFormat(root, readOnly);
  const table = <K extends string | number>(name: string, keyEncoder: object) =>
    root.openDB({ name, encoding: "binary", keyEncoder } as object & { name: string }) as Table<K>;
  return {
    root,
    pages: table("pages", numberKeys),
    dead: table("dead", numberKeys),
    commits: table("commits", numberKeys),
    orphans: table("orphans", numberKeys),
    blobs: table("blobs", idKeys),
  };
}

export const FORMAT_KEY = "#format";
export const STORES_KEY = "#stores";

function checkFormat(root: RootDatabase<Uint8Array, string>, readOnly: boolean): void {
  const found = root.get(FORMAT_KEY);
  if (found === undefined && !readOnly) root.putSync(FORMAT_KEY, Uint8Array.of(FORMAT));
  else if (found?.[0] !== FORMAT) {
    throw new StoreError(
      { code: "store/format_unknown", found: found?.[0] ?? 0, supported: FORMAT },
      `the store has format ${found?.[0] ?? 0}, this program reads ${FORMAT}`,
    );
  }
}
