/**
 * Nodes of an IAVL tree in memory. A node with a `ref` is on disk and never changes, except that
 * its children are loaded and unloaded; a node without one belongs to the version being built and
 * is changed in place.
 *
 * An inner node knows hash, height and place of both children, so a change touches only the nodes
 * of one path and never loads a sibling, unless a rotation needs it.
 */

export class Leaf {
  readonly height = 0;
  readonly size = 1;
  readonly key: string;
  /** Absent once the node is on disk; then the record has it. */
  value: Uint8Array | undefined;
  /** Version of the commit that wrote it; 0 before it was hashed. */
  version: number;
  /** Number of its record; 0 before the commit. */
  ref: number;
  /** 32 characters; empty before it was computed. */
  hash: string;
  /** Last epoch in which a change or a read went through it. */
  used = 0;

  constructor(
    key: string,
    value: Uint8Array | undefined,
    version: number,
    ref: number,
    hash: string,
  ) {
    this.key = key;
    this.value = value;
    this.version = version;
    this.ref = ref;
    this.hash = hash;
  }
}

export class Inner {
  /** Smallest key of the right subtree; not part of the hash. */
  key: string;
  height: number;
  size: number;
  version = 0;
  ref = 0;
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
    left: TreeNode | undefined,
    leftHeight: number,
    right: TreeNode | undefined,
    rightHeight: number,
  ) {
    this.key = key;
    this.size = size;
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

/** Where nodes on disk are read from. */
export interface NodeSource {
  /**
   * Whether a child that was read stays linked to its parent. True for the tree of the writer,
   * which unlinks what was not used for long; false where a cache by record number serves reads.
   */
  readonly linksChildren: boolean;
  /** Stamp for nodes that are used now; see eviction.ts. */
  readonly epoch: number;
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
