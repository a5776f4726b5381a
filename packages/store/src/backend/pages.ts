/**
 * Nodes on disk. What a commit adds is cut into pages: nodes that hang together and whose heights
 * have the same quotient by 4, so at most 15. A path of a tree of a million keys is then read in
 * about five records instead of twenty, and written in fewer; and a page lives hardly longer than
 * its lowest node, since a node's ancestors are replaced with it.
 *
 * ```
 * page  = count(1) offset(2)* version node*     offsets of all nodes but the first
 * inner = height(1) leftHeight(1) rightHeight(1) place place leftHash rightHash size key
 * leaf  = 00 keyLength key value
 * place = index(1) in the same page | ff ref(6)
 * ```
 * `version`, `size` and `keyLength` are unsigned varints. A node's ref is its page's number times 16
 * plus its index. A leaf with a long value, and any node with a long key, has a page of its own.
 */
import { HASH_BYTES, sliceToId, writeId, writeUvarint } from "@tacit/light/ids";
import {
  type Child,
  Inner,
  isLeaf,
  isNew,
  keepsValue,
  Leaf,
  Stub,
  type TreeNode,
} from "../iavl/node.ts";
import { PAGE_KEY_BYTES_MAX } from "../limits.ts";
import {
  copyOf,
  corrupt,
  REF_BYTES,
  readRef,
  readShort,
  readUvarint,
  uvarintEnd,
  writeRef,
  writeShort,
} from "./records.ts";

/** A value buffer that lmdb reads from `start` to `end` without a view being made. */
export type WriteBuffer = Uint8Array & { start?: number; end?: number };

/** Nodes of one page are told apart by four bits. */
const PAGE_NODES = 16;
const HEIGHTS_PER_PAGE_SHIFT = 2;
const OTHER_PAGE = 0xff;
const INNER_BYTES_MAX = 3 + 2 * (1 + REF_BYTES) + 2 * HASH_BYTES + 8;
const LEAF_BYTES_MAX = 1 + 5;
const HEAD_BYTES_MAX = 1 + 2 * PAGE_NODES + 8;
const BUFFER_BYTES = 4096;

export function pageOf(ref: number): number {
  return Math.floor(ref / PAGE_NODES);
}

/** The bit of a node in its page's mask. */
export function pageBit(ref: number): number {
  return 1 << (ref % PAGE_NODES);
}

/** How many nodes a page has. */
export function pageCount(bytes: Uint8Array): number {
  return bytes[0] as number;
}

/** Cuts new nodes into pages and hands them on, children's pages first. */
export class PageWriter {
  #buffer = writeBuffer(BUFFER_BYTES);
  readonly #put: (page: number, bytes: WriteBuffer) => void;
  lastPage: number;

  /** @param put must not keep the bytes, which the next page overwrites. */
  constructor(lastPage: number, put: (page: number, bytes: WriteBuffer) => void) {
    this.lastPage = lastPage;
    this.#put = put;
  }

  /** Gives every new node from `top` down its ref. Long values stay in memory no longer. */
  write(top: TreeNode): void {
    const nodes: TreeNode[] = [];
    this.#gather(top, nodes);
    const page = ++this.lastPage;
    const firstRef = page * PAGE_NODES;
    for (let i = 0; i < nodes.length; i++) (nodes[i] as TreeNode).ref = firstRef + i;
    this.#encode(nodes, firstRef);
    this.#put(page, this.#buffer);
    if (isLeaf(top) && !keepsValue((top.value as Uint8Array).length)) top.value = undefined;
  }

  #gather(node: TreeNode, nodes: TreeNode[]): void {
    nodes.push(node);
    if (isLeaf(node)) return;
    this.#place(node.left, node, nodes);
    this.#place(node.right, node, nodes);
  }

  #place(child: Child, parent: Inner, nodes: TreeNode[]): void {
    if (!isNew(child)) return;
    if (sharePage(child, parent)) this.#gather(child, nodes);
    else this.write(child);
  }

  #encode(nodes: readonly TreeNode[], firstRef: number): void {
    this.#reserve(nodes);
    const buffer = this.#buffer;
    buffer[0] = nodes.length;
    let end = 1 + 2 * (nodes.length - 1);
    end = writeUvarint(buffer, (nodes[0] as TreeNode).version, end);
    for (let i = 0; i < nodes.length; i++) {
      if (i > 0) writeShort(buffer, end, 1 + 2 * (i - 1));
      end = encodeNode(nodes[i] as TreeNode, firstRef, buffer, end);
    }
    buffer.end = end;
  }

  #reserve(nodes: readonly TreeNode[]): void {
    let bytes = HEAD_BYTES_MAX;
    for (const node of nodes) {
      bytes += node.key.length + (isLeaf(node) ? LEAF_BYTES_MAX : INNER_BYTES_MAX);
      if (isLeaf(node)) bytes += (node.value as Uint8Array).length;
    }
    if (bytes > this.#buffer.length) this.#buffer = writeBuffer(bytes);
  }
}

function sharePage(child: TreeNode, parent: Inner): boolean {
  const sameHeights =
    child.height >> HEIGHTS_PER_PAGE_SHIFT === parent.height >> HEIGHTS_PER_PAGE_SHIFT;
  return sameHeights && !isBulky(child) && !isBulky(parent);
}

/** Whether a node would make a page too long to be read for the sake of its other nodes. */
function isBulky(node: TreeNode): boolean {
  if (node.key.length > PAGE_KEY_BYTES_MAX) return true;
  return isLeaf(node) && !keepsValue((node.value as Uint8Array).length);
}

/** @returns the offset behind the node. */
function encodeNode(node: TreeNode, firstRef: number, target: Uint8Array, at: number): number {
  if (isLeaf(node)) {
    target[at] = 0;
    let end = writeUvarint(target, node.key.length, at + 1);
    end = writeId(target, node.key, end);
    const value = node.value as Uint8Array;
    target.set(value, end);
    return end + value.length;
  }
  const { left, right } = node;
  target[at] = node.height;
  target[at + 1] = left.height;
  target[at + 2] = right.height;
  let end = encodePlace(left.ref, firstRef, target, at + 3);
  end = encodePlace(right.ref, firstRef, target, end);
  end = writeId(target, left.hash, end);
  end = writeId(target, right.hash, end);
  end = writeUvarint(target, node.size, end);
  return writeId(target, node.key, end);
}

function encodePlace(ref: number, firstRef: number, target: Uint8Array, at: number): number {
  const index = ref - firstRef;
  target[at] = index >= 0 && index < PAGE_NODES ? index : OTHER_PAGE;
  return target[at] === OTHER_PAGE ? writeRef(target, ref, at + 1) : at + 1;
}

/**
 * The node at `ref` of its page's `length` bytes; a leaf without a long value.
 * @throws {StoreError} `store/corrupt`.
 */
export function decodeNode(
  bytes: Uint8Array,
  length: number,
  ref: number,
  hash: string,
  epoch: number,
): TreeNode {
  const [start, end] = nodeBounds(bytes, length, ref);
  const version = readUvarint(bytes, versionOffset(bytes));
  if (bytes[start] !== 0) return decodeInner(bytes, [start, end], ref, hash, version, epoch);
  const keyLength = readUvarint(bytes, start + 1);
  const keyEnd = uvarintEnd() + keyLength;
  const key = sliceToId(bytes, uvarintEnd(), keyEnd);
  const value = keepsValue(end - keyEnd) ? copyOf(bytes, keyEnd, end) : undefined;
  return new Leaf(key, value, version, ref, hash, epoch);
}

/** A copy of a leaf's value. */
export function decodeValue(bytes: Uint8Array, length: number, ref: number): Uint8Array {
  const [start, end] = nodeBounds(bytes, length, ref);
  const keyLength = readUvarint(bytes, start + 1);
  return copyOf(bytes, uvarintEnd() + keyLength, end);
}

function decodeInner(
  bytes: Uint8Array,
  [start, end]: readonly [number, number],
  ref: number,
  hash: string,
  version: number,
  epoch: number,
): Inner {
  const firstRef = pageOf(ref) * PAGE_NODES;
  const leftAt = start + 3;
  const rightAt = placeEnd(bytes, leftAt);
  const hashesAt = placeEnd(bytes, rightAt);
  const sizeAt = hashesAt + 2 * HASH_BYTES;
  const left = new Stub(
    decodePlace(bytes, leftAt, firstRef),
    bytes[start + 1] as number,
    sliceToId(bytes, hashesAt, hashesAt + HASH_BYTES),
  );
  const right = new Stub(
    decodePlace(bytes, rightAt, firstRef),
    bytes[start + 2] as number,
    sliceToId(bytes, hashesAt + HASH_BYTES, sizeAt),
  );
  const size = readUvarint(bytes, sizeAt);
  const key = sliceToId(bytes, uvarintEnd(), end);
  const node = new Inner(key, size, version, ref, hash, epoch, left, right);
  if (node.height !== bytes[start]) throw corrupt(`node ${ref}`);
  return node;
}

function nodeBounds(bytes: Uint8Array, length: number, ref: number): readonly [number, number] {
  const index = ref % PAGE_NODES;
  const count = pageCount(bytes);
  if (index >= count) throw corrupt(`node ${ref}`);
  if (index > 0) {
    const start = readShort(bytes, 1 + 2 * (index - 1));
    return [start, index + 1 === count ? length : readShort(bytes, 1 + 2 * index)];
  }
  readUvarint(bytes, versionOffset(bytes));
  return [uvarintEnd(), count === 1 ? length : readShort(bytes, 1)];
}

function versionOffset(bytes: Uint8Array): number {
  return 1 + 2 * (pageCount(bytes) - 1);
}

function decodePlace(bytes: Uint8Array, at: number, firstRef: number): number {
  const index = bytes[at] as number;
  return index === OTHER_PAGE ? readRef(bytes, at + 1) : firstRef + index;
}

function placeEnd(bytes: Uint8Array, at: number): number {
  return bytes[at] === OTHER_PAGE ? at + 1 + REF_BYTES : at + 1;
}

function writeBuffer(bytes: number): WriteBuffer {
  const buffer: WriteBuffer = new Uint8Array(new ArrayBuffer(bytes));
  buffer.start = 0;
  buffer.end = 0;
  return buffer;
}
