/**
 * The tree of the version being built: iavl v1's algorithm step by step, because the shape of the
 * tree, and with it every hash, depends on the order of changes and rotations.
 */
import { EMPTY_HASH_ID } from "@tacit/light/ids";
import { hashTree } from "./hash.ts";
import {
  Inner,
  isLeaf,
  isNew,
  Leaf,
  loadLeft,
  loadRight,
  type NodeSource,
  nodeBytes,
  type TreeNode,
} from "./node.ts";

/**
 * Nodes of the version being built carry the generation in which they were made, as a negative
 * `ref`. Opening a cursor begins a new generation: nodes of older ones are copied before they
 * change, so the cursor keeps seeing what it began with.
 */
export class MutableTree {
  /** Root of the version being built; undefined when it has no keys. */
  root: TreeNode | undefined;
  /** Records that the version being built no longer uses. */
  orphans: number[] = [];
  readonly #source: NodeSource;
  /** Minus the current generation. */
  #newRef = -1;
  #replaced = false;
  #removed = false;
  #newKey: string | undefined;

  constructor(root: TreeNode | undefined, source: NodeSource) {
    this.root = root;
    this.#source = source;
  }

  /** Sets `key`. A key that already has this value is rewritten all the same, as in iavl. */
  set(key: string, value: Uint8Array): void {
    this.#replaced = false;
    this.root =
      this.root === undefined ? this.#newLeaf(key, value) : this.#set(this.root, key, value);
  }

  /** @returns whether the key was there; if not, nothing changes. */
  remove(key: string): boolean {
    if (this.root === undefined) return false;
    this.#removed = false;
    this.#newKey = undefined;
    const root = this.#remove(this.root, key);
    if (this.#removed) this.root = root;
    return this.#removed;
  }

  /** Root hash with all changes, as the commit of `version` would give it. */
  rootHash(version: number): string {
    return this.root === undefined ? EMPTY_HASH_ID : hashTree(this.root, version);
  }

  /** The tree as it is now, for a cursor that goes on while the tree changes. */
  snapshot(): TreeNode | undefined {
    if (this.root !== undefined && isNew(this.root)) this.#newRef -= 1;
    return this.root;
  }

  /** Makes every hash of the version being built anew: its number has changed. */
  forgetHashes(): void {
    if (this.root !== undefined && isNew(this.root)) forget(this.root);
  }

  #set(node: TreeNode, key: string, value: Uint8Array): TreeNode {
    if (isLeaf(node)) return this.#setAtLeaf(node, key, value);
    const inner = this.#writable(node);
    if (key < inner.key) {
      inner.left = this.#set(loadLeft(inner, this.#source), key, value);
    } else {
      inner.right = this.#set(loadRight(inner, this.#source), key, value);
    }
    if (this.#replaced) return inner;
    inner.size += 1;
    return this.#balance(inner);
  }

  #setAtLeaf(leaf: Leaf, key: string, value: Uint8Array): TreeNode {
    leaf.used = this.#source.epoch;
    const added = this.#newLeaf(key, value);
    if (key === leaf.key) {
      this.#replaced = true;
      this.#discard(leaf);
      return added;
    }
    const { epoch } = this.#source;
    const inner =
      key < leaf.key
        ? new Inner(leaf.key, 2, 0, this.#newRef, "", epoch, added, leaf)
        : new Inner(key, 2, 0, this.#newRef, "", epoch, leaf, added);
    this.#source.loadedBytes += nodeBytes(inner);
    return inner;
  }

  /** The subtree without the key; undefined if it was the only one. */
  #remove(node: TreeNode, key: string): TreeNode | undefined {
    if (isLeaf(node)) {
      if (node.key !== key) return node;
      this.#removed = true;
      this.#discard(node);
      return undefined;
    }
    return key < node.key ? this.#removeLeft(node, key) : this.#removeRight(node, key);
  }

  #removeLeft(node: Inner, key: string): TreeNode {
    const child = this.#remove(loadLeft(node, this.#source), key);
    if (!this.#removed) return node;
    if (child === undefined) {
      this.#newKey = node.key;
      const rest = loadRight(node, this.#source);
      this.#discard(node);
      return rest;
    }
    const inner = this.#writable(node);
    inner.left = child;
    inner.size -= 1;
    return this.#balance(inner);
  }

  #removeRight(node: Inner, key: string): TreeNode {
    const child = this.#remove(loadRight(node, this.#source), key);
    if (!this.#removed) return node;
    if (child === undefined) {
      const rest = loadLeft(node, this.#source);
      this.#discard(node);
      return rest;
    }
    const inner = this.#writable(node);
    inner.right = child;
    inner.size -= 1;
    if (this.#newKey !== undefined) {
      inner.key = this.#newKey;
      this.#newKey = undefined;
    }
    return this.#balance(inner);
  }

  #balance(node: Inner): Inner {
    const balance = node.left.height - node.right.height;
    if (balance > 1) {
      const left = loadLeft(node, this.#source) as Inner;
      if (left.left.height < left.right.height) {
        node.left = this.#rotateLeft(this.#writable(left));
      }
      return this.#rotateRight(node);
    }
    if (balance < -1) {
      const right = loadRight(node, this.#source) as Inner;
      if (right.left.height > right.right.height) {
        node.right = this.#rotateRight(this.#writable(right));
      }
      return this.#rotateLeft(node);
    }
    node.height = heightOver(node);
    return node;
  }

  /** The left child of `node`, which may be changed, comes to the top. */
  #rotateRight(node: Inner): Inner {
    const top = this.#writable(loadLeft(node, this.#source) as Inner);
    const middle = loadRight(top, this.#source);
    const total = node.size;
    node.left = middle;
    node.size = total - top.size + middle.size;
    node.height = heightOver(node);
    top.right = node;
    top.size = total;
    top.height = heightOver(top);
    return top;
  }

  #rotateLeft(node: Inner): Inner {
    const top = this.#writable(loadRight(node, this.#source) as Inner);
    const middle = loadLeft(top, this.#source);
    const total = node.size;
    node.right = middle;
    node.size = total - top.size + middle.size;
    node.height = heightOver(node);
    top.left = node;
    top.size = total;
    top.height = heightOver(top);
    return top;
  }

  /** The node itself if this generation made it, else a copy that may be changed. */
  #writable(node: Inner): Inner {
    const { epoch } = this.#source;
    node.used = epoch;
    if (node.ref === this.#newRef) {
      node.hash = "";
      return node;
    }
    this.#discard(node);
    const { key, size, left, right } = node;
    const copy = new Inner(key, size, 0, this.#newRef, "", epoch, left, right);
    this.#source.loadedBytes += nodeBytes(copy);
    return copy;
  }

  #newLeaf(key: string, value: Uint8Array): Leaf {
    // A view would keep all of its buffer in memory for as long as the leaf stays there.
    const own = value.byteOffset === 0 ? value : new Uint8Array(value);
    const leaf = new Leaf(key, own, 0, this.#newRef, "", this.#source.epoch);
    this.#source.loadedBytes += nodeBytes(leaf);
    return leaf;
  }

  #discard(node: TreeNode): void {
    this.#source.loadedBytes -= nodeBytes(node);
    if (node.ref > 0) this.orphans.push(node.ref);
  }
}

function heightOver({ left, right }: Inner): number {
  return (left.height > right.height ? left.height : right.height) + 1;
}

function forget(node: TreeNode): void {
  node.hash = "";
  if (isLeaf(node)) return;
  if (isNew(node.left)) forget(node.left);
  if (isNew(node.right)) forget(node.right);
}
