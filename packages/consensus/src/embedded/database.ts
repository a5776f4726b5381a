/** The LMDB environment of the chain: one named table for each kind of record. */
import { type Database, open, type RootDatabase } from "lmdb";

export type Table = Database<Uint8Array, Uint8Array>;

const TABLES = [
  /** "format", "genesis", "state". */
  "meta",
  /** height → header, commit of the block before, evidence, block id, size. */
  "blocks",
  /** height → the commit this node saw. */
  "commits",
  /** block hash → height. */
  "heights",
  /** height, index → transaction. */
  "txs",
  /** height → outcome of the block. */
  "outcomes",
  /** height, index → result of the transaction. */
  "results",
  /** height → validator set. */
  "validators",
  /** height from which they hold → consensus parameters. */
  "params",
  /** transaction hash → height, index. */
  "hashes",
  /** See index-keys.ts. */
  "events",
  /** height, hash → 0 while it waits or 1 when it stands in a block, then the evidence. */
  "evidence",
] as const;

export type TableName = (typeof TABLES)[number];

export class ChainDatabase {
  readonly #root: RootDatabase<Uint8Array, Uint8Array>;
  readonly #tables: Readonly<Record<TableName, Table>>;

  constructor(path: string) {
    this.#root = open<Uint8Array, Uint8Array>({
      path,
      encoding: "binary",
      keyEncoding: "binary",
      maxDbs: TABLES.length,
      noSubdir: false,
    });
    const tables = TABLES.map((name) => [
      name,
      this.#root.openDB<Uint8Array, Uint8Array>({
        name,
        encoding: "binary",
        keyEncoding: "binary",
      }),
    ]);
    this.#tables = Object.fromEntries(tables);
  }

  table(name: TableName): Table {
    return this.#tables[name];
  }

  /** One atomic transaction; resolves when it is on disk. `write` must not throw. */
  async write(write: () => void): Promise<void> {
    await this.#root.transaction(write);
    await this.#root.flushed;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}
