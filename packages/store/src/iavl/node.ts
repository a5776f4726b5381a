/**
 * Nodes of an IAVL tree in memory. A node on disk never changes, except that its children are
 * loaded and unloaded. A node of the version being built is changed in place, unless a cursor may
 * still look at it.
 *
 * An inner node knows hash, height and place of both children, so a change touches only the nodes
 * of one path and never loads a sibling, unless a rotation needs it.
 */
import { StoreError } from "../errors.ts";
import { LEAF_VALUE_BYTES_MAX } from "../limits.ts";

/** What a node costs in memory beside its key and value, in bytes: object, hash and headers. */
const LEAF_BYTES = 200;
const INNER_BYTES = 300;

export class Leaf {
  readonly height = 0;
  readonly size = 1;
  readonly key: string;
  /** Absent if the node is on disk and the value is long; then the record has it. */
  value: Uint8Array | undefined;
  /** Version of the commit that wrote it; 0 before it was hashed. */
  version: number;
  /**
   * Number of its record. In the version being built: minus the generation of the tree in which it
   * was made, see `MutableTree`.
   */
  ref: number;
  /** 32 characters; empty before it was computed. */
  hash = "";
  /** Last epoch in which a change or a read went through it. */
  used = 0;

  constructor(key: string, value: Uint8Array | undefined, version: number, ref: number) {
    this.key = key;
    this.value = value;
    this.version = version;
    this.ref = ref;
  }
}

export class Inner {
  /** Smallest key of the right subtree; not part of the hash. */
  key: string;
  height: number;
  size: number;
  version = 0;
  ref: number;
  hash = "";
  used = 0;
  /** The child if it is in memory; then its own `ref` and `hash` count, else the ones here. */
  left: TreeNode | undefined;
  leftRef = 0;
  leftHash = "";
  leftHeight: number;
  right: TreeNode | undefined;
  rightRef = 0;
  rightHash = "";
  rightHeight: number;

  constructor(
    key: string,
    size: number,
    ref: number,
    left: TreeNode | undefined,
    leftHeight: number,
    right: TreeNode | undefined,
    rightHeight: number,
  ) {
    this.key = key;
    this.size = size;
    this.ref = ref;
    this.left = left;
    this.leftHeight = leftHeight;
    this.right = right;
    this.rightHeight = rightHeight;
    this.height = (leftHeight > rightHeight ? leftHeight : rightHeight) + 1;
  }
}

export type TreeNode = Leaf | Inner;

export function isLeaf(node: TreeNode): node is Leaf {
  return node.height === 0;
}

export function leftHashOf(node: Inner): string {
  return node.left === undefined ? node.leftHash : node.left.hash;
}

export function rightHashOf(node: Inner): string {
  return node.right === undefined ? node.rightHash : node.right.hash;
}

export function leftRefOf(node: Inner): number {
  return node.left === undefined ? node.leftRef : node.left.ref;
}

export function rightRefOf(node: Inner): number {
  return node.right === undefined ? node.rightRef : node.right.ref;
}

/** About what a node takes in memory. */
export function nodeBytes(node: TreeNode): number {
  return isLeaf(node)
    ? LEAF_BYTES + node.key.length + (node.value?.length ?? 0)
    : INNER_BYTES + node.key.length;
}

/** Whether a leaf keeps a value of this length in memory after the commit. */
export function keepsValue(lengthBytes: number): boolean {
  return lengthBytes <= LEAF_VALUE_BYTES_MAX;
}

/** Where nodes on disk are read from. */
export interface NodeSource {
  /**
   * Whether a child that was read stays linked to its parent. True for the trees of the writer,
   * which unlink what was not used for long; false where a cache by record number serves reads.
   */
  readonly linksChildren: boolean;
  /** Stamp for nodes that are used now; grows with each commit, see eviction.ts. */
  epoch: number;
  /** Bytes of nodes read and made since the counter was last set to 0. */
  loadedBytes: number;
  /** @throws {StoreError} `store/version_unknown` if the record is pruned. */
  load(ref: number): TreeNode;
  /** The value of a leaf that is on disk. */
  loadValue(ref: number): Uint8Array;
}

export function loadLeft(node: Inner, source: NodeSource): TreeNode {
  const loaded = node.left;
  if (loaded !== undefined) return loaded;
  const child = source.load(node.leftRef);
  child.hash = node.leftHash;
  if (source.linksChildren) node.left = child;
  return child;
}

export function loadRight(node: Inner, source: NodeSource): TreeNode {
  const loaded = node.right;
  if (loaded !== undefined) return loaded;
  const child = source.load(node.rightRef);
  child.hash = node.rightHash;
  if (source.linksChildren) node.right = child;
  return child;
}

export function leafValue(leaf: Leaf, source: NodeSource): Uint8Array {
  return leaf.value ?? source.loadValue(leaf.ref);
}

/** The reader held on to a version that the writer has pruned meanwhile. */
export function prunedNode(): StoreError {
  return new StoreError({ code: "store/pruned" }, "a node of this version was pruned");
}
