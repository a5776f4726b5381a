/** Committed versions on LMDB. One write transaction a commit: all of it is there, or none. */
import { invariant } from "@tacit/encoding/errors";
import { bytesToId } from "@tacit/light/ids";
import { isLeaf, type TreeNode } from "../iavl/node.ts";
import { FLAT_VALUE_BYTES_MAX, PRUNED_VERSIONS_PER_COMMIT } from "../limits.ts";
import { loadRoot } from "../mounted-store.ts";
import type { Backend, CommitBatch, CommitRecord, StoreChange, StoreRoot } from "./backend.ts";
import { CacheBudget, GenerationCache } from "./generation-cache.ts";
import type { Tables } from "./lmdb-env.ts";
import { isLongKey, LmdbStore } from "./lmdb-store.ts";
import {
  decodeOrphans,
  encodeCommit,
  encodeNode,
  encodeOrphans,
  nodeBytesMax,
  REF_BYTES,
  type WriteBuffer,
  writeRef,
} from "./records.ts";
import { earliestVersion, lastVersion, readCommit, StoreTable } from "./versions.ts";

const APPEND = { append: true };
const WRITE_BUFFER_BYTES = 4096;
const FLAT_BUFFER_BYTES = 1 + FLAT_VALUE_BYTES_MAX;

export interface LmdbOptions {
  readonly keepVersions: number;
  readonly valueCacheBytes: number;
}

export class LmdbBackend implements Backend {
  readonly #tables: Tables;
  readonly #names: StoreTable;
  readonly #stores = new Map<string, LmdbStore>();
  readonly #valueBudget: CacheBudget;
  readonly #keepVersions: number;
  #buffer = writeBuffer(WRITE_BUFFER_BYTES);
  readonly #flatBuffer = writeBuffer(FLAT_BUFFER_BYTES);
  #last: CommitRecord | undefined;
  #lastRef = 0;
  #earliest: number;
  /** A commit began and did not end: what is in memory is not what is on disk. */
  #broken = false;

  constructor(tables: Tables, names: readonly string[], options: LmdbOptions) {
    this.#tables = tables;
    this.#names = StoreTable.load(tables);
    this.#names.mount(names);
    this.#keepVersions = options.keepVersions;
    this.#valueBudget = new CacheBudget(options.valueCacheBytes);
    const version = lastVersion(tables, {});
    this.#earliest = earliestVersion(tables, {});
    if (version > 0) {
      const { record, lastRef } = readCommit(tables, version, this.#names, {});
      this.#last = record;
      this.#lastRef = lastRef;
    }
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

  store(name: string): LmdbStore {
    let store = this.#stores.get(name);
    if (store === undefined) {
      const values = new GenerationCache<string, Uint8Array>(
        this.#valueBudget,
        (key, value) => key.length + value.length,
      );
      const { number, hasLongKeys } = this.#names.entry(name);
      store = new LmdbStore(this.#tables, number, {}, { values });
      store.hasLongKeys = hasLongKeys;
      const opened = store;
      store.rootOf = () => loadRoot(this.#last?.roots.get(name), opened);
      this.#stores.set(name, store);
    }
    return store;
  }

  blob(key: string): Uint8Array | undefined {
    const bytes = this.#tables.blobs.getBinary(blobKey(key));
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  }

  commit(batch: CommitBatch): CommitRecord {
    invariant(!this.#broken, "no commit follows one that failed");
    this.#broken = true;
    const record = this.#tables.root.transactionSync(() => this.#write(batch));
    this.#broken = false;
    this.#last = record;
    if (this.#earliest === 0) this.#earliest = record.version;
    return record;
  }

  async close(): Promise<void> {
    await this.#tables.root.close();
  }

  #write(batch: CommitBatch): CommitRecord {
    const roots = new Map<string, StoreRoot>();
    const orphans: number[] = [];
    for (const change of batch.changes) {
      if (change.root !== undefined) this.#writeNodes(change.root);
      this.#writeFlat(change);
      for (const ref of change.orphans) orphans.push(ref);
      roots.set(change.name, { hash: change.hash, ref: change.root?.ref ?? 0 });
    }
    for (const [key, value] of batch.blobs) this.#tables.blobs.putSync(blobKey(key), value);
    if (orphans.length > 0) this.#tables.orphans.putSync(batch.version, encodeOrphans(orphans));
    const record = { version: batch.version, roots };
    const numbered = new Map(
      [...roots].map(([name, root]) => [this.#names.entry(name).number, root] as const),
    );
    const commit = encodeCommit({ lastRef: this.#lastRef, roots: numbered });
    this.#tables.commits.putSync(batch.version, commit);
    this.#names.save();
    this.#prune(batch.version);
    return record;
  }

  /** Numbers and writes new nodes, children first. Values stay in memory no longer. */
  #writeNodes(node: TreeNode): void {
    if (node.ref !== 0) return;
    const leaf = isLeaf(node);
    if (!leaf) {
      if (node.left !== undefined) this.#writeNodes(node.left);
      if (node.right !== undefined) this.#writeNodes(node.right);
    }
    node.ref = ++this.#lastRef;
    const needed = nodeBytesMax(node);
    if (needed > this.#buffer.length) this.#buffer = writeBuffer(needed);
    this.#buffer.end = encodeNode(node, this.#buffer);
    this.#tables.nodes.putSync(node.ref, this.#buffer, APPEND as never);
    if (leaf) node.value = undefined;
  }

  #writeFlat(change: StoreChange): void {
    const store = this.store(change.name);
    const { flat } = this.#tables;
    for (const [id, value] of change.writes) {
      if (isLongKey(id)) {
        this.#names.markLongKeys(change.name);
        store.hasLongKeys = true;
      }
      if (value === undefined) flat.removeSync(store.flatKey(id));
      else {
        this.#fillFlatBuffer(store, change.root, id, value);
        flat.putSync(store.flatKey(id), this.#flatBuffer);
      }
      store.remember(id, value);
    }
  }

  #fillFlatBuffer(
    store: LmdbStore,
    root: TreeNode | undefined,
    id: string,
    value: Uint8Array,
  ): void {
    const buffer = this.#flatBuffer;
    if (value.length <= FLAT_VALUE_BYTES_MAX) {
      buffer[0] = 0;
      buffer.set(value, 1);
      buffer.end = 1 + value.length;
    } else {
      buffer[0] = 1;
      writeRef(buffer, store.leafRef(root, id), 1);
      buffer.end = 1 + REF_BYTES;
    }
  }

  /** Forgets versions that are older than asked for, a few at a time. */
  #prune(version: number): void {
    const { nodes, orphans, commits } = this.#tables;
    let left = PRUNED_VERSIONS_PER_COMMIT;
    while (this.#earliest > 0 && version - this.#earliest >= this.#keepVersions && left > 0) {
      const gone = orphans.getBinary(this.#earliest + 1);
      if (gone !== undefined) for (const ref of decodeOrphans(gone)) nodes.removeSync(ref);
      orphans.removeSync(this.#earliest + 1);
      commits.removeSync(this.#earliest);
      this.#earliest += 1;
      left -= 1;
    }
  }
}

export function blobKey(key: string): string {
  return bytesToId(Buffer.from(key, "utf8"));
}

function writeBuffer(bytes: number): WriteBuffer {
  const buffer: WriteBuffer = new Uint8Array(new ArrayBuffer(bytes));
  buffer.start = 0;
  buffer.end = 0;
  return buffer;
}
