/** One store of the state being built: its tree, its changes, and what is committed below. */
import type { StoreBackend, StoreChange, StoreRoot } from "./backend/backend.ts";
import type { TreeNode } from "./iavl/node.ts";
import { MutableTree } from "./iavl/tree.ts";
import type { Direction, ValueCursor } from "./kv/cursor.ts";
import { Overlay, type WriteLayer } from "./kv/layer.ts";

export class MountedStore implements WriteLayer {
  readonly name: string;
  readonly tree: MutableTree;
  readonly backend: StoreBackend;
  readonly #overlay: Overlay;
  #committed: TreeNode | undefined;

  constructor(name: string, backend: StoreBackend, root: StoreRoot | undefined) {
    this.name = name;
    this.backend = backend;
    this.#committed = loadRoot(root, backend);
    this.tree = new MutableTree(this.#committed, backend);
    this.#overlay = new Overlay(backend);
  }

  /** Root node of the last committed version. */
  get committed(): TreeNode | undefined {
    return this.#committed;
  }

  read(id: string): Uint8Array | undefined {
    return this.#overlay.read(id);
  }

  cursor(start: string | undefined, end: string | undefined, direction: Direction): ValueCursor {
    return this.#overlay.cursor(start, end, direction);
  }

  apply(writes: Iterable<readonly [string, Uint8Array | undefined]>): void {
    for (const [id, value] of writes) {
      if (value !== undefined) this.tree.set(id, value);
      else if (!this.tree.remove(id)) continue;
      this.#overlay.write(id, value);
    }
  }

  /** @returns the root's 32 characters as the commit of `version` would give it. */
  rootHash(version: number): string {
    return this.tree.rootHash(version);
  }

  change(version: number): StoreChange {
    return {
      name: this.name,
      root: this.tree.root,
      hash: this.rootHash(version),
      orphans: this.tree.orphans,
      writes: this.#overlay.sorted(),
    };
  }

  /** The changes are on disk now. */
  settle(): void {
    this.#committed = this.tree.root;
    this.tree.orphans = [];
    this.backend.epoch += 1;
    this.#overlay.clear();
  }

  /** Nodes that came into memory since the last call; those that left are not counted. */
  takeGrowth(): number {
    const growth = this.tree.created + this.backend.loads;
    this.tree.created = 0;
    this.backend.loads = 0;
    return growth;
  }

  rollback(): void {
    this.tree.root = this.#committed;
    this.tree.orphans = [];
    this.#overlay.clear();
  }
}

/** The root node of a committed tree, its hash set. */
export function loadRoot(root: StoreRoot | undefined, backend: StoreBackend): TreeNode | undefined {
  if (root === undefined || root.ref === 0) return undefined;
  const node = backend.load(root.ref);
  node.hash = root.hash;
  return node;
}
