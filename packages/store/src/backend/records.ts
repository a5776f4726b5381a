/**
 * Records on disk. Numbers of records and versions are 6 bytes, big-endian; hashes 32 bytes.
 *
 * ```
 * inner  = height leftHeight rightHeight leftRef(6) rightRef(6) leftHash rightHash size version key
 * leaf   = 00 version keyLength key value
 * commit = lastRef(6) count(2) (store(2) rootRef(6) rootHash)*
 * orphans = (difference of ascending refs)*
 * ```
 * `size`, `version`, `keyLength` and the differences are unsigned varints.
 */
import { HASH_BYTES, sliceToId, writeId, writeUvarint } from "@tacit/light/ids";
import { StoreError } from "../errors.ts";
import {
  Inner,
  isLeaf,
  keepsValue,
  Leaf,
  leftHashOf,
  leftRefOf,
  rightHashOf,
  rightRefOf,
  type TreeNode,
} from "../iavl/node.ts";
import type { StoreRoot } from "./backend.ts";

const REF_BYTES = 6;
const LEFT_REF_AT = 3;
const RIGHT_REF_AT = LEFT_REF_AT + REF_BYTES;
const HASHES_AT = RIGHT_REF_AT + REF_BYTES;
const INNER_FIXED_BYTES = HASHES_AT + 2 * HASH_BYTES;
const VARINTS_BYTES_MAX = 24;
/** Up to this length a loop beats a copy through a view. */
const COPY_LOOP_MAX = 64;
const COMMIT_HEAD_BYTES = REF_BYTES + 2;
const COMMIT_ENTRY_BYTES = 2 + REF_BYTES + HASH_BYTES;

/** A value buffer that lmdb reads from `start` to `end` without a view being made. */
export type WriteBuffer = Uint8Array & { start?: number; end?: number };

/** Where the next varint of a record was read, for the caller to go on from. */
let position = 0;

export function writeRef(target: Uint8Array, ref: number, at: number): number {
  const high = Math.floor(ref / 0x1_0000_0000);
  target[at] = high >>> 8;
  target[at + 1] = high;
  target[at + 2] = ref >>> 24;
  target[at + 3] = ref >>> 16;
  target[at + 4] = ref >>> 8;
  target[at + 5] = ref;
  return at + REF_BYTES;
}

export function readRef(bytes: Uint8Array, at: number): number {
  const high = (bytes[at] as number) * 0x100 + (bytes[at + 1] as number);
  const low =
    (((bytes[at + 2] as number) << 24) |
      ((bytes[at + 3] as number) << 16) |
      ((bytes[at + 4] as number) << 8) |
      (bytes[at + 5] as number)) >>>
    0;
  return high * 0x1_0000_0000 + low;
}

/** An upper bound for `encodeNode`. */
export function nodeBytesMax(node: TreeNode): number {
  const fixed = isLeaf(node) ? (node.value?.length ?? 0) : INNER_FIXED_BYTES;
  return fixed + VARINTS_BYTES_MAX + node.key.length;
}

/** @returns the length of the record, written from 0. */
export function encodeNode(node: TreeNode, target: Uint8Array): number {
  if (isLeaf(node)) {
    target[0] = 0;
    let end = writeUvarint(target, node.version, 1);
    end = writeUvarint(target, node.key.length, end);
    end = writeId(target, node.key, end);
    const value = node.value as Uint8Array;
    target.set(value, end);
    return end + value.length;
  }
  target[0] = node.height;
  target[1] = node.leftHeight;
  target[2] = node.rightHeight;
  writeRef(target, leftRefOf(node), LEFT_REF_AT);
  writeRef(target, rightRefOf(node), RIGHT_REF_AT);
  writeId(target, leftHashOf(node), HASHES_AT);
  writeId(target, rightHashOf(node), HASHES_AT + HASH_BYTES);
  let end = writeUvarint(target, node.size, INNER_FIXED_BYTES);
  end = writeUvarint(target, node.version, end);
  return writeId(target, node.key, end);
}

/** The node of a record of `length` bytes, without its own hash, a leaf without a long value. */
export function decodeNode(bytes: Uint8Array, length: number, ref: number): TreeNode {
  const height = bytes[0] as number;
  if (height === 0) {
    const version = readUvarint(bytes, 1);
    const keyLength = readUvarint(bytes, position);
    const keyEnd = position + keyLength;
    const key = sliceToId(bytes, position, keyEnd);
    const value = keepsValue(length - keyEnd) ? copyOf(bytes, keyEnd, length) : undefined;
    return new Leaf(key, value, version, ref);
  }
  const leftHeight = bytes[1] as number;
  const rightHeight = bytes[2] as number;
  const size = readUvarint(bytes, INNER_FIXED_BYTES);
  const version = readUvarint(bytes, position);
  const key = sliceToId(bytes, position, length);
  const node = new Inner(key, size, ref, undefined, leftHeight, undefined, rightHeight);
  if (node.height !== height || length < INNER_FIXED_BYTES) throw corrupt(`node ${ref}`);
  node.version = version;
  node.leftRef = readRef(bytes, LEFT_REF_AT);
  node.rightRef = readRef(bytes, RIGHT_REF_AT);
  node.leftHash = sliceToId(bytes, HASHES_AT, HASHES_AT + HASH_BYTES);
  node.rightHash = sliceToId(bytes, HASHES_AT + HASH_BYTES, INNER_FIXED_BYTES);
  return node;
}

/** Where in a leaf's record its value begins. */
export function leafValueOffset(bytes: Uint8Array): number {
  readUvarint(bytes, 1);
  const keyLength = readUvarint(bytes, position);
  return position + keyLength;
}

export interface CommitContent {
  readonly lastRef: number;
  /** By store number. */
  readonly roots: ReadonlyMap<number, StoreRoot>;
}

export function encodeCommit({ lastRef, roots }: CommitContent): Uint8Array {
  const bytes = new Uint8Array(COMMIT_HEAD_BYTES + roots.size * COMMIT_ENTRY_BYTES);
  let end = writeRef(bytes, lastRef, 0);
  end = writeShort(bytes, roots.size, end);
  for (const [store, { ref, hash }] of roots) {
    end = writeShort(bytes, store, end);
    end = writeRef(bytes, ref, end);
    end = writeId(bytes, hash, end);
  }
  return bytes;
}

export function decodeCommit(bytes: Uint8Array): CommitContent {
  const count = bytes.length < COMMIT_HEAD_BYTES ? -1 : readShort(bytes, REF_BYTES);
  if (bytes.length !== COMMIT_HEAD_BYTES + count * COMMIT_ENTRY_BYTES) throw corrupt("commit");
  const roots = new Map<number, StoreRoot>();
  for (let at = COMMIT_HEAD_BYTES; at < bytes.length; at += COMMIT_ENTRY_BYTES) {
    const ref = readRef(bytes, at + 2);
    const hash = sliceToId(bytes, at + 2 + REF_BYTES, at + COMMIT_ENTRY_BYTES);
    roots.set(readShort(bytes, at), { ref, hash });
  }
  return { lastRef: readRef(bytes, 0), roots };
}

/** Where a commit's orphans are: in records of bounded size, so that pruning can stop between. */
export const ORPHANS_PER_RECORD = 4096;
const CHUNKS_MAX = 0x10000;

/** Versions stay below 2^32 and orphans of one below 2^28, so this stays below 2^48. */
export function orphansKey(version: number, chunk: number): number {
  return version * CHUNKS_MAX + chunk;
}

/** @param refs ascending. */
export function encodeOrphans(refs: Float64Array): Uint8Array {
  const bytes = new Uint8Array(refs.length * 7);
  let end = 0;
  let last = 0;
  for (const ref of refs) {
    end = writeUvarint(bytes, ref - last, end);
    last = ref;
  }
  return bytes.slice(0, end);
}

export function* decodeOrphans(bytes: Uint8Array): Iterable<number> {
  let ref = 0;
  let at = 0;
  while (at < bytes.length) {
    ref += readUvarint(bytes, at);
    at = position;
    yield ref;
  }
}

/** A copy of `bytes[start, end)` that is no Buffer. */
export function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  const copy = new Uint8Array(length);
  if (length > COPY_LOOP_MAX) copy.set(bytes.subarray(start, end));
  else for (let i = 0; i < length; i++) copy[i] = bytes[start + i] as number;
  return copy;
}

function writeShort(target: Uint8Array, value: number, at: number): number {
  target[at] = value >>> 8;
  target[at + 1] = value;
  return at + 2;
}

function readShort(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) * 0x100 + (bytes[at + 1] as number);
}

/** Leaves the offset behind the varint in `position`. */
function readUvarint(bytes: Uint8Array, at: number): number {
  let value = 0;
  let scale = 1;
  let next = at;
  for (;;) {
    const byte = bytes[next++];
    if (byte === undefined || scale > 2 ** 49) throw corrupt("varint");
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    scale *= 0x80;
  }
  position = next;
  return value;
}

export function corrupt(what: string): StoreError {
  return new StoreError({ code: "store/corrupt", what }, `a record does not decode: ${what}`);
}
