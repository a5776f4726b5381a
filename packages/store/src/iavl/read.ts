/** Reading a tree: one key, a range, positions. Nothing here changes a node. */
import type { Direction, ValueCursor } from "../kv/cursor.ts";
import {
  type Inner,
  isLeaf,
  type Leaf,
  leafValue,
  loadLeft,
  loadRight,
  type NodeSource,
  type TreeNode,
} from "./node.ts";

/** The leaf with `key`, if the tree has it. */
export function findLeaf(
  root: TreeNode | undefined,
  key: string,
  source: NodeSource,
): Leaf | undefined {
  if (root === undefined) return undefined;
  let node = root;
  while (!isLeaf(node)) {
    node.used = source.epoch;
    node = key < node.key ? loadLeft(node, source) : loadRight(node, source);
  }
  return node.key === key ? node : undefined;
}

/** Pairs with `start <= key < end` by a walk through the tree, one leaf at a time. */
export class TreeCursor implements ValueCursor {
  done = false;
  key = "";
  readonly #source: NodeSource;
  readonly #start: string | undefined;
  readonly #end: string | undefined;
  readonly #ascending: boolean;
  /** Subtrees still to visit, the next one last. */
  readonly #pending: TreeNode[] = [];
  #leaf: Leaf | undefined;

  constructor(
    root: TreeNode | undefined,
    range: { readonly start: string | undefined; readonly end: string | undefined },
    direction: Direction,
    source: NodeSource,
  ) {
    this.#source = source;
    this.#start = range.start;
    this.#end = range.end;
    this.#ascending = direction === "ascending";
    if (root !== undefined) this.#pending.push(root);
    this.next();
  }

  value(): Uint8Array {
    return leafValue(this.#leaf as Leaf, this.#source);
  }

  next(): void {
    for (;;) {
      const node = this.#pending.pop();
      if (node === undefined) {
        this.done = true;
        return;
      }
      if (!isLeaf(node)) this.#pushChildren(node);
      else if (this.#inRange(node.key)) {
        this.#leaf = node;
        this.key = node.key;
        return;
      }
    }
  }

  #inRange(key: string): boolean {
    return (
      (this.#start === undefined || key >= this.#start) &&
      (this.#end === undefined || key < this.#end)
    );
  }

  /** Left of `node.key` are smaller keys, right of it that key and larger ones. */
  #pushChildren(node: Inner): void {
    const wantsLeft = this.#start === undefined || this.#start < node.key;
    const wantsRight = this.#end === undefined || this.#end > node.key;
    if (this.#ascending) {
      if (wantsRight) this.#pending.push(loadRight(node, this.#source));
      if (wantsLeft) this.#pending.push(loadLeft(node, this.#source));
    } else {
      if (wantsLeft) this.#pending.push(loadLeft(node, this.#source));
      if (wantsRight) this.#pending.push(loadRight(node, this.#source));
    }
  }
}
