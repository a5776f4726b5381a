/** Committed versions on LMDB. One write transaction a commit: all of it is there, or none. */
import { invariant } from "@tacit/encoding/errors";
import { bytesToId } from "@tacit/light/ids";
import { isNew } from "../iavl/node.ts";
import { NODES_PRUNED_PER_COMMIT_MIN, VERSIONS_PRUNED_PER_COMMIT } from "../limits.ts";
import type { Backend, CommitBatch, CommitRecord, StoreRoot } from "./backend.ts";
import type { Tables } from "./lmdb-env.ts";
import { LmdbNodes } from "./lmdb-nodes.ts";
import { PageWriter, pageBit, pageCount, pageOf } from "./pages.ts";
import {
  decodeOrphans,
  encodeCommit,
  encodeOrphans,
  ORPHANS_PER_RECORD,
  orphansKey,
  readShort,
  writeShort,
} from "./records.ts";
import { earliestVersion, lastVersion, readCommit, StoreTable } from "./versions.ts";

const APPEND = { append: true };

/** Pruning gives up to this many nodes for each page that a commit adds, so that it catches up. */
const PRUNED_PER_NEW_PAGE = 8;

/** Records of orphans read at once; small commits have small ones. */
const ORPHAN_RECORDS_PER_COMMIT = 32;

export class LmdbBackend implements Backend {
  readonly nodes: LmdbNodes;
  readonly #tables: Tables;
  readonly #names: StoreTable;
  readonly #keepVersions: number;
  readonly #pages: PageWriter;
  #last: CommitRecord | undefined;
  #earliest: number;
  readonly #mask = new Uint8Array(new ArrayBuffer(2));
  /** A commit began and did not end: what is in memory is not what is on disk. */
  #broken = false;

  constructor(tables: Tables, names: readonly string[], keepVersions: number) {
    this.#tables = tables;
    this.nodes = new LmdbNodes(tables.pages, {});
    this.#names = StoreTable.load(tables);
    this.#names.mount(names);
    this.#keepVersions = keepVersions;
    this.#earliest = earliestVersion(tables, {});
    const version = lastVersion(tables, {});
    const last = version === 0 ? undefined : readCommit(tables, version, this.#names, {});
    this.#last = last?.record;
    this.#pages = new PageWriter(last?.lastPage ?? 0, (page, bytes) => {
      tables.pages.putSync(page, bytes, APPEND as never);
    });
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
    return readCommit(this.#tables, version, this.#names, {}).record;
  }

  blob(key: string): Uint8Array | undefined {
    const bytes = this.#tables.blobs.getBinary(blobKey(key));
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  }

  commit(batch: CommitBatch): CommitRecord {
    invariant(!this.#broken, "no commit follows one that failed");
    this.#broken = true;
    const { record, earliest } = this.#tables.root.transactionSync(() => this.#write(batch));
    this.#broken = false;
    this.#last = record;
    this.#earliest = earliest;
    return record;
  }

  async close(): Promise<void> {
    await this.#tables.root.close();
  }

  #write(batch: CommitBatch): { readonly record: CommitRecord; readonly earliest: number } {
    const { version, changes, blobs } = batch;
    const pagesBefore = this.#pages.lastPage;
    const roots = new Map<string, StoreRoot>();
    for (const { name, root, hash } of changes) {
      if (root !== undefined && isNew(root)) this.#pages.write(root);
      roots.set(name, { hash, ref: root?.ref ?? 0 });
    }
    for (const [key, value] of blobs) this.#tables.blobs.putSync(blobKey(key), value);
    this.#writeOrphans(batch);
    this.#writeCommit(version, roots);
    this.#names.save();
    const added = this.#pages.lastPage - pagesBefore;
    return { record: { version, roots }, earliest: this.#prune(version, added) };
  }

  #writeOrphans({ version, changes }: CommitBatch): void {
    const refs = Float64Array.from(changes.flatMap((change) => change.orphans)).sort();
    for (let chunk = 0; chunk * ORPHANS_PER_RECORD < refs.length; chunk++) {
      const part = refs.subarray(chunk * ORPHANS_PER_RECORD, (chunk + 1) * ORPHANS_PER_RECORD);
      this.#tables.orphans.putSync(orphansKey(version, chunk), encodeOrphans(part));
    }
  }

  #writeCommit(version: number, roots: ReadonlyMap<string, StoreRoot>): void {
    const numbered = new Map(
      [...roots].map(([name, root]) => [this.#names.number(name), root] as const),
    );
    const commit = encodeCommit({ lastPage: this.#pages.lastPage, roots: numbered });
    this.#tables.commits.putSync(version, commit);
  }

  /**
   * Forgets versions that are older than asked for, and some of the nodes that only they used: the
   * work of one commit stays in proportion to what it adds. @returns the earliest version left.
   */
  #prune(version: number, added: number): number {
    let earliest = this.#earliest === 0 ? version : this.#earliest;
    if (this.#keepVersions === Number.POSITIVE_INFINITY) return earliest;
    const last = Math.min(version - this.#keepVersions, earliest + VERSIONS_PRUNED_PER_COMMIT - 1);
    for (; earliest <= last; earliest++) this.#tables.commits.removeSync(earliest);
    this.#removeOrphans(earliest, NODES_PRUNED_PER_COMMIT_MIN + added * PRUNED_PER_NEW_PAGE);
    return earliest;
  }

  /** Gives up about `nodesMax` nodes that no version from `earliest` on uses. */
  #removeOrphans(earliest: number, nodesMax: number): void {
    const { orphans } = this.#tables;
    const range = { start: 0, end: orphansKey(earliest + 1, 0), limit: ORPHAN_RECORDS_PER_COMMIT };
    let left = nodesMax;
    for (const { key, value } of [...orphans.getRange(range)]) {
      left -= this.#giveUp(decodeOrphans(value));
      orphans.removeSync(key);
      if (left <= 0) return;
    }
  }

  /** @param refs ascending, so that those of one page come together. @returns how many. */
  #giveUp(refs: Iterable<number>): number {
    let page = 0;
    let mask = 0;
    let count = 0;
    for (const ref of refs) {
      count += 1;
      if (pageOf(ref) !== page) {
        this.#markDead(page, mask);
        page = pageOf(ref);
        mask = 0;
      }
      mask |= pageBit(ref);
    }
    this.#markDead(page, mask);
    return count;
  }

  /** A page goes when all of its nodes are dead. */
  #markDead(page: number, mask: number): void {
    if (mask === 0) return;
    const { pages, dead } = this.#tables;
    const before = dead.getBinaryFast(page);
    const all = mask | (before === undefined ? 0 : readShort(before, 0));
    const bytes = pages.getBinaryFast(page);
    invariant(bytes !== undefined, "a page stays until all of its nodes are dead");
    if (all === (1 << pageCount(bytes)) - 1) {
      pages.removeSync(page);
      if (before !== undefined) dead.removeSync(page);
    } else {
      writeShort(this.#mask, all, 0);
      dead.putSync(page, this.#mask);
    }
  }
}

export function blobKey(key: string): string {
  return bytesToId(Buffer.from(key, "utf8"));
}
