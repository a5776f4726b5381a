/** Committed versions in this process's memory, for tests: real trees, nothing on disk. */
import {
  isLeaf,
  isNew,
  type Leaf,
  type NodeSource,
  prunedNode,
  type TreeNode,
} from "../iavl/node.ts";
import type { Backend, CommitBatch, CommitRecord, StoreRoot } from "./backend.ts";

export class MemoryBackend implements Backend {
  readonly nodes = new MemoryNodes();
  readonly #records = new Map<number, CommitRecord>();
  readonly #orphans = new Map<number, number[]>();
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #keepVersions: number;
  #lastRef = 0;
  #last = 0;
  #earliest = 0;

  constructor(keepVersions: number) {
    this.#keepVersions = keepVersions;
  }

  last(): CommitRecord | undefined {
    return this.#records.get(this.#last);
  }

  earliestVersion(): number {
    return this.#earliest;
  }

  record(version: number): CommitRecord | undefined {
    return this.#records.get(version);
  }

  blob(key: string): Uint8Array | undefined {
    return this.#blobs.get(key);
  }

  commit(batch: CommitBatch): CommitRecord {
    const roots = new Map<string, StoreRoot>();
    const orphans: number[] = [];
    for (const { name, root, hash, orphans: gone } of batch.changes) {
      if (root !== undefined && isNew(root)) this.#keep(root);
      for (const ref of gone) orphans.push(ref);
      roots.set(name, { hash, ref: root?.ref ?? 0 });
    }
    for (const [key, value] of batch.blobs) this.#blobs.set(key, value);
    const record = { version: batch.version, roots };
    this.#records.set(batch.version, record);
    this.#orphans.set(batch.version, orphans);
    if (this.#earliest === 0) this.#earliest = batch.version;
    this.#last = batch.version;
    this.#prune();
    return record;
  }

  async close(): Promise<void> {}

  #keep(node: TreeNode): void {
    if (!isLeaf(node)) {
      if (isNew(node.left)) this.#keep(node.left);
      if (isNew(node.right)) this.#keep(node.right);
    }
    node.ref = ++this.#lastRef;
    this.nodes.records.set(node.ref, node);
  }

  #prune(): void {
    while (this.#last - this.#earliest >= this.#keepVersions) {
      for (const ref of this.#orphans.get(this.#earliest + 1) ?? []) {
        this.nodes.records.delete(ref);
      }
      this.#orphans.delete(this.#earliest + 1);
      this.#records.delete(this.#earliest);
      this.#earliest += 1;
    }
  }
}

class MemoryNodes implements NodeSource {
  readonly linksChildren = true;
  readonly records = new Map<number, TreeNode>();
  epoch = 1;
  loadedBytes = 0;

  load(ref: number): TreeNode {
    const node = this.records.get(ref);
    if (node === undefined) throw prunedNode();
    return node;
  }

  loadValue(ref: number): Uint8Array {
    return (this.load(ref) as Leaf).value as Uint8Array;
  }
}
