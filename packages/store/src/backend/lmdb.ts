/** Committed versions on LMDB. One write transaction a commit: all of it is there, or none. */
import { invariant } from "@tacit/encoding/errors";
import { bytesToId } from "@tacit/light/ids";
import { isLeaf, keepsValue, type TreeNode } from "../iavl/node.ts";
import { NODES_PRUNED_PER_COMMIT_MIN, VERSIONS_PRUNED_PER_COMMIT } from "../limits.ts";
import type { Backend, CommitBatch, CommitRecord, StoreRoot } from "./backend.ts";
import type { Tables } from "./lmdb-env.ts";
import { LmdbNodes } from "./lmdb-nodes.ts";
import {
  decodeOrphans,
  encodeCommit,
  encodeNode,
  encodeOrphans,
  nodeBytesMax,
  ORPHANS_PER_RECORD,
  orphansKey,
  type WriteBuffer,
} from "./records.ts";
import { earliestVersion, lastVersion, readCommit, StoreTable } from "./versions.ts";

const APPEND = { append: true };
const WRITE_BUFFER_BYTES = 4096;

/** Pruning removes up to this many nodes for each that a commit adds, so that it catches up. */
const PRUNED_PER_NEW_NODE = 2;

/** Records of orphans read at once; small commits have small ones. */
const ORPHAN_RECORDS_PER_COMMIT = 32;

export class LmdbBackend implements Backend {
  readonly nodes: LmdbNodes;
  readonly #tables: Tables;
  readonly #names: StoreTable;
  readonly #keepVersions: number;
  #buffer = writeBuffer(WRITE_BUFFER_BYTES);
  #last: CommitRecord | undefined;
  #lastRef = 0;
  #earliest: number;
  /** A commit began and did not end: what is in memory is not what is on disk. */
  #broken = false;

  constructor(tables: Tables, names: readonly string[], keepVersions: number) {
    this.#tables = tables;
    this.nodes = new LmdbNodes(tables.nodes, {});
    this.#names = StoreTable.load(tables);
    this.#names.mount(names);
    this.#keepVersions = keepVersions;
    this.#earliest = earliestVersion(tables, {});
    const version = lastVersion(tables, {});
    if (version === 0) return;
    const { record, lastRef } = readCommit(tables, version, this.#names, {});
    this.#last = record;
    this.#lastRef = lastRef;
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
    const firstNewRef = this.#lastRef + 1;
    const roots = new Map<string, StoreRoot>();
    for (const { name, root, hash } of changes) {
      if (root !== undefined) this.#writeNode(root);
      roots.set(name, { hash, ref: root?.ref ?? 0 });
    }
    for (const [key, value] of blobs) this.#tables.blobs.putSync(blobKey(key), value);
    this.#writeOrphans(batch);
    this.#writeCommit(version, roots);
    this.#names.save();
    const added = this.#lastRef + 1 - firstNewRef;
    return { record: { version, roots }, earliest: this.#prune(version, added) };
  }

  /** Numbers and writes new nodes, children first. Long values stay in memory no longer. */
  #writeNode(node: TreeNode): void {
    if (node.ref > 0) return;
    if (!isLeaf(node)) {
      if (node.left !== undefined) this.#writeNode(node.left);
      if (node.right !== undefined) this.#writeNode(node.right);
    }
    node.ref = ++this.#lastRef;
    const needed = nodeBytesMax(node);
    if (needed > this.#buffer.length) this.#buffer = writeBuffer(needed);
    this.#buffer.end = encodeNode(node, this.#buffer);
    this.#tables.nodes.putSync(node.ref, this.#buffer, APPEND as never);
    if (isLeaf(node) && !keepsValue((node.value as Uint8Array).length)) node.value = undefined;
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
    const commit = encodeCommit({ lastRef: this.#lastRef, roots: numbered });
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
    this.#removeOrphans(earliest, NODES_PRUNED_PER_COMMIT_MIN + added * PRUNED_PER_NEW_NODE);
    return earliest;
  }

  /** Removes about `nodesMax` nodes that no version from `earliest` on uses. */
  #removeOrphans(earliest: number, nodesMax: number): void {
    const { orphans, nodes } = this.#tables;
    const range = { start: 0, end: orphansKey(earliest + 1, 0), limit: ORPHAN_RECORDS_PER_COMMIT };
    let left = nodesMax;
    for (const { key, value } of [...orphans.getRange(range)]) {
      for (const ref of decodeOrphans(value)) {
        nodes.removeSync(ref);
        left -= 1;
      }
      orphans.removeSync(key);
      if (left <= 0) return;
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
