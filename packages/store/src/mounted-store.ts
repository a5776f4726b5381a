/** One store of the state being built: its tree, and the root that is committed. */
import { loadRoot, type StoreChange, type StoreRoot } from "./backend/backend.ts";
import { leafValue, type NodeSource, type TreeNode } from "./iavl/node.ts";
import { findLeaf, TreeCursor } from "./iavl/read.ts";
import { MutableTree } from "./iavl/tree.ts";
import type { Direction, ValueCursor } from "./kv/cursor.ts";
import { DELETED, type Write, type WriteLayer } from "./kv/layer.ts";

export class MountedStore implements WriteLayer {
  readonly name: string;
  readonly tree: MutableTree;
  readonly #nodes: NodeSource;
  #committed: TreeNode | undefined;

  constructor(name: string, nodes: NodeSource, root: StoreRoot | undefined) {
    this.name = name;
    this.#nodes = nodes;
    this.#committed = loadRoot(root, nodes);
    this.tree = new MutableTree(this.#committed, nodes);
  }

  /** Root node of the last committed version. */
  get committed(): TreeNode | undefined {
    return this.#committed;
  }

  read(id: string): Uint8Array | undefined {
    const leaf = findLeaf(this.tree.root, id, this.#nodes);
    return leaf === undefined ? undefined : leafValue(leaf, this.#nodes);
  }

  cursor(start: string | undefined, end: string | undefined, direction: Direction): ValueCursor {
    return new TreeCursor(this.tree.snapshot(), { start, end }, direction, this.#nodes);
  }

  apply(writes: Iterable<Write>): void {
    for (const [id, value] of writes) {
      if (value === DELETED) this.tree.remove(id);
      else this.tree.set(id, value);
    }
  }

  /** @returns the root's 32 characters as the commit of `version` would give it. */
  rootHash(version: number): string {
    return this.tree.rootHash(version);
  }

  change(version: number): StoreChange {
    const hash = this.rootHash(version);
    return { name: this.name, root: this.tree.root, hash, orphans: this.tree.orphans };
  }

  /** The changes are on disk now. */
  settle(): void {
    this.#committed = this.tree.root;
    this.tree.orphans = [];
  }

  rollback(): void {
    this.tree.root = this.#committed;
    this.tree.orphans = [];
  }
}
