/**
 * Nodes of an IAVL tree in memory. A node on disk never changes, except that its children are
 * loaded and unloaded. A node of the version being built is changed in place, unless a cursor may
 * still look at it.
 *
 * A child that is not in memory is a stub, which has its hash and height; so a change touches only
 * the nodes of one path and never loads a sibling, unless a rotation needs it.
 */
import { StoreError } from "../errors.ts";
import { LEAF_VALUE_BYTES_MAX } from "../limits.ts";

/** What a node costs in memory beside its key and value, in bytes; measured on 200,000 pairs. */
const LEAF_BYTES = 240;
const INNER_BYTES = 290;

/** A child that is on disk. */
export class Stub {
  readonly ref: number;
  readonly height: number;
  readonly hash: string;
  /** Tells a stub from the others, which have at least one key. */
  readonly size = 0;

  constructor(ref: number, height: number, hash: string) {
    this.ref = ref;
    this.height = height;
    this.hash = hash;
  }
}

export class Leaf {
  readonly height = 0;
  readonly size = 1;
  readonly key: string;
  /** Absent if the node is on disk and the value is long; then the record has it. */
  value: Uint8Array | undefined;
  /** Version of the commit that wrote it; 0 before it was hashed. */
  version: number;
  /**
   * Its place on disk. In the version being built: minus the generation of the tree in which it was
   * made, see `MutableTree`.
   */
  ref: number;
  /** 32 characters; empty before it was computed. */
  hash: string;
  /** Last epoch in which a change or a read went through it. */
  used: number;

  constructor(
    key: string,
    value: Uint8Array | undefined,
    version: number,
    ref: number,
    hash: string,
    used: number,
  ) {
    this.key = key;
    this.value = value;
    this.version = version;
    this.ref = ref;
    this.hash = hash;
    this.used = used;
  }
}

export class Inner {
  /** Smallest key of the right subtree; not part of the hash. */
  key: string;
  height: number;
  size: number;
  version: number;
  ref: number;
  hash: string;
  used: number;
  left: Child;
  right: Child;

  constructor(
    key: string,
    size: number,
    version: number,
    ref: number,
    hash: string,
    used: number,
    left: Child,
    right: Child,
  ) {
    this.key = key;
    this.size = size;
    this.version = version;
    this.ref = ref;
    this.hash = hash;
    this.used = used;
    this.left = left;
    this.right = right;
    this.height = (left.height > right.height ? left.height : right.height) + 1;
  }
}

export type TreeNode = Leaf | Inner;
export type Child = TreeNode | Stub;

export function isLeaf(node: TreeNode): node is Leaf {
  return node.height === 0;
}

export function isStub(child: Child): child is Stub {
  return child.size === 0;
}

/** Whether a child belongs to the version being built. */
export function isNew(child: Child): child is TreeNode {
  return child.ref < 0;
}

/** About what a node takes in memory between commits. */
export function nodeBytes(node: TreeNode): number {
  if (!isLeaf(node)) return INNER_BYTES + node.key.length;
  const valueBytes = node.value?.length ?? 0;
  return LEAF_BYTES + node.key.length + (keepsValue(valueBytes) ? valueBytes : 0);
}

/** Whether a leaf keeps a value of this length in memory after the commit. */
export function keepsValue(lengthBytes: number): boolean {
  return lengthBytes <= LEAF_VALUE_BYTES_MAX;
}

/** Where nodes on disk are read from. */
export interface NodeSource {
  /**
   * Whether a child that was read stays linked to its parent. True for the trees of the writer,
   * which unlink what was not used for long; false where a cache by place serves reads.
   */
  readonly linksChildren: boolean;
  /** Stamp for nodes that are used now; grows with each commit, see eviction.ts. */
  epoch: number;
  /** Bytes of nodes read and made, less those replaced, since the counter was last set to 0. */
  loadedBytes: number;
  /** @throws {StoreError} `store/pruned` if the node is gone. */
  load(ref: number, hash: string): TreeNode;
  /** The value of a leaf that is on disk. */
  loadValue(ref: number): Uint8Array;
}

export function loadLeft(node: Inner, source: NodeSource): TreeNode {
  const child = node.left;
  if (!isStub(child)) return child;
  const loaded = source.load(child.ref, child.hash);
  if (source.linksChildren) node.left = loaded;
  return loaded;
}

export function loadRight(node: Inner, source: NodeSource): TreeNode {
  const child = node.right;
  if (!isStub(child)) return child;
  const loaded = source.load(child.ref, child.hash);
  if (source.linksChildren) node.right = loaded;
  return loaded;
}

export function leafValue(leaf: Leaf, source: NodeSource): Uint8Array {
  return leaf.value ?? source.loadValue(leaf.ref);
}

/** A view was used after the writer pruned its version. */
export function prunedNode(): StoreError {
  return new StoreError({ code: "store/pruned" }, "a node of this version was pruned");
}
