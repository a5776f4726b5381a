/** Committed versions in this process's memory, for tests: real trees, nothing on disk. */
import { StoreError } from "../errors.ts";
import { isLeaf, type Leaf, type TreeNode } from "../iavl/node.ts";
import type { Cursor, Direction, ValueCursor } from "../kv/cursor.ts";
import { OrderedIndex } from "../kv/ordered-index.ts";
import type { Backend, CommitBatch, CommitRecord, StoreBackend, StoreRoot } from "./backend.ts";

export class MemoryBackend implements Backend {
  readonly #records = new Map<number, CommitRecord>();
  readonly #stores = new Map<string, MemoryStore>();
  readonly #nodes = new Map<number, TreeNode>();
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

  store(name: string): MemoryStore {
    let store = this.#stores.get(name);
    if (store === undefined) {
      store = new MemoryStore(this.#nodes);
      this.#stores.set(name, store);
    }
    return store;
  }

  blob(key: string): Uint8Array | undefined {
    return this.#blobs.get(key);
  }

  commit(batch: CommitBatch): CommitRecord {
    const roots = new Map<string, StoreRoot>();
    const orphans: number[] = [];
    for (const change of batch.changes) {
      if (change.root !== undefined) this.#keep(change.root);
      this.store(change.name).apply(change.writes);
      orphans.push(...change.orphans);
      roots.set(change.name, { hash: change.hash, ref: change.root?.ref ?? 0 });
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
    if (node.ref !== 0) return;
    if (!isLeaf(node)) {
      if (node.left !== undefined) this.#keep(node.left);
      if (node.right !== undefined) this.#keep(node.right);
    }
    node.ref = ++this.#lastRef;
    this.#nodes.set(node.ref, node);
  }

  #prune(): void {
    while (this.#last - this.#earliest >= this.#keepVersions) {
      for (const ref of this.#orphans.get(this.#earliest + 1) ?? []) this.#nodes.delete(ref);
      this.#orphans.delete(this.#earliest + 1);
      this.#records.delete(this.#earliest);
      this.#earliest += 1;
    }
  }
}

class MemoryStore implements StoreBackend {
  readonly linksChildren = true;
  epoch = 1;
  loads = 0;
  readonly #nodes: ReadonlyMap<number, TreeNode>;
  readonly #pairs = new OrderedIndex<Uint8Array>();

  constructor(nodes: ReadonlyMap<number, TreeNode>) {
    this.#nodes = nodes;
  }

  load(ref: number): TreeNode {
    const node = this.#nodes.get(ref);
    if (node !== undefined) return node;
    throw new StoreError(
      { code: "store/version_unknown", version: 0n },
      "a node of this version was pruned",
    );
  }

  loadValue(ref: number): Uint8Array {
    return (this.load(ref) as Leaf).value as Uint8Array;
  }

  read(id: string): Uint8Array | undefined {
    return this.#pairs.get(id);
  }

  cursor(start: string | undefined, end: string | undefined, direction: Direction): ValueCursor {
    return new PairCursor(this.#pairs.cursor(start, end, direction));
  }

  apply(writes: Iterable<readonly [string, Uint8Array | undefined]>): void {
    for (const [id, value] of writes) {
      if (value === undefined) this.#pairs.delete(id);
      else this.#pairs.set(id, value);
    }
  }
}

class PairCursor implements ValueCursor {
  readonly #cursor: Cursor<Uint8Array>;

  constructor(cursor: Cursor<Uint8Array>) {
    this.#cursor = cursor;
  }

  get done(): boolean {
    return this.#cursor.done;
  }

  get key(): string {
    return this.#cursor.key;
  }

  value(): Uint8Array {
    return this.#cursor.entry;
  }

  next(): void {
    this.#cursor.next();
  }
}
