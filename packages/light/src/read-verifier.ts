/** Checking compact read proofs; the format and why it is sound are in read-proof-format.ts. */
import {
  bytesToId,
  EMPTY_HASH_ID,
  HASH_BYTES,
  sha256Id,
  sliceToId,
  writeId,
  writeUvarint,
} from "./ids.ts";
import {
  PREFIX_BYTES_MAX,
  PREFIX_BYTES_MIN,
  READ_ABSENT_AFTER,
  READ_ABSENT_BEFORE,
  READ_ABSENT_BETWEEN,
  READ_ABSENT_EMPTY,
  READ_PRESENT,
  SIBLING_LEFT,
  STEPS_MAX,
} from "./read-proof-format.ts";

const SCRATCH_BYTES = 512;
const VERSION_BYTES_MAX = 8;
const LEAF_HEAD_BYTES_MAX = 2 + VERSION_BYTES_MAX + 5;
/** Longest key a proof may name, as in the store. */
const KEY_BYTES_MAX = 128_000;

const scratch = new Uint8Array(SCRATCH_BYTES);
/** Views of `scratch` by length; making one costs as much as hashing it. */
const views: (Uint8Array | undefined)[] = [];

/** What a read is claimed to have given under a root. */
export interface ReadClaim {
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly key: Uint8Array;
  /** Absent: the key is not there. */
  readonly value: Uint8Array | undefined;
  readonly proof: Uint8Array;
}

/** Whether the proof shows that the tree of `root` has `key` with `value`, or has no such key. */
export function verifyRead({ root, key, value, proof }: ReadClaim): boolean {
  return new ReadVerifier(root, 0).verify(key, value, proof);
}

/** Which side of a path its siblings must all be on. */
type Side = "left" | "right" | "any";

/** Inner nodes remembered unless the caller says otherwise; about 100 bytes each. */
const KNOWN_NODES_MAX = 65_536;

/**
 * Checks many reads against one root. Inner nodes it has seen to be under the root are remembered,
 * up to a bound, so that a proof is only followed up to the first of them.
 */
export class ReadVerifier {
  readonly #knownMax: number;
  readonly #known = new Set<string>();
  #root: string;
  /** Hashes on the path being checked, known only if it ends at the root. */
  readonly #path: string[] = [];
  #proof: Uint8Array = scratch;
  #at = 0;

  /** @param root 32 bytes. */
  constructor(root: Uint8Array, knownNodesMax: number = KNOWN_NODES_MAX) {
    this.#root = bytesToId(root);
    this.#knownMax = knownNodesMax;
  }

  /** Goes on with another root; forgets the nodes of the old one unless it is the same. */
  setRoot(root: Uint8Array): void {
    const id = bytesToId(root);
    if (id === this.#root) return;
    this.#root = id;
    this.#known.clear();
  }

  /** Never throws; a malformed proof is no proof. */
  verify(key: Uint8Array, value: Uint8Array | undefined, proof: Uint8Array): boolean {
    this.#proof = proof;
    this.#at = 1;
    this.#path.length = 0;
    const found =
      this.#root.length === HASH_BYTES &&
      (value === undefined ? this.#absent(key, proof[0]) : this.#present(key, value, proof[0]));
    return found && this.#at === proof.length;
  }

  #present(key: Uint8Array, value: Uint8Array, kind: number | undefined): boolean {
    if (kind !== READ_PRESENT || key.length === 0) return false;
    const version = this.#uvarint();
    if (version < 0) return false;
    const leaf = leafHash(bytesToId(key), version, sha256Id(value));
    return this.#reachesRoot(leaf, "any");
  }

  #absent(key: Uint8Array, kind: number | undefined): boolean {
    if (key.length === 0) return false;
    if (kind === READ_ABSENT_EMPTY) return this.#root === EMPTY_HASH_ID;
    const id = bytesToId(key);
    if (kind === READ_ABSENT_BETWEEN) return this.#between(id);
    const leaf = this.#leaf();
    if (leaf === undefined) return false;
    if (kind === READ_ABSENT_BEFORE) return id < leaf.key && this.#reachesRoot(leaf.hash, "right");
    if (kind === READ_ABSENT_AFTER) return leaf.key < id && this.#reachesRoot(leaf.hash, "left");
    return false;
  }

  /** The right-most leaf of one subtree and the left-most of the next, joined by one node. */
  #between(key: string): boolean {
    const left = this.#leaf();
    const right = this.#leaf();
    if (left === undefined || right === undefined) return false;
    if (!(left.key < key && key < right.key)) return false;
    const leftTop = this.#climb(left.hash, "left");
    const rightTop = leftTop === undefined ? undefined : this.#climb(right.hash, "right");
    if (leftTop === undefined || rightTop === undefined) return false;
    const end = this.#prefix((this.#proof[this.#at] ?? 0) & ~SIBLING_LEFT);
    if (end < 0) return false;
    const joined = innerHash(end, leftTop, rightTop);
    this.#path.push(joined);
    return this.#reachesRoot(joined, "any");
  }

  /** Follows the steps until the root; stops early at a known node where sides do not matter. */
  #reachesRoot(start: string, side: Side): boolean {
    const count = this.#count();
    if (count < 0) return false;
    let hash = start;
    for (let left = count; left > 0; left--) {
      if (side === "any" && this.#known.has(hash)) return this.#accept(left);
      hash = this.#step(hash, side);
      if (hash === "") return false;
      this.#path.push(hash);
    }
    return (hash === this.#root || (side === "any" && this.#known.has(hash))) && this.#accept(0);
  }

  /** The subtree that `count` steps lead to, all siblings on one side. */
  #climb(start: string, side: Side): string | undefined {
    const count = this.#count();
    if (count < 0) return undefined;
    let hash = start;
    for (let left = count; left > 0; left--) {
      hash = this.#step(hash, side);
      if (hash === "") return undefined;
      this.#path.push(hash);
    }
    return hash;
  }

  /** One step up from `child`; empty if the step is malformed or on the wrong side. */
  #step(child: string, side: Side): string {
    const head = this.#proof[this.#at] ?? 0;
    const siblingIsLeft = head >= SIBLING_LEFT;
    if (side !== "any" && siblingIsLeft !== (side === "left")) return "";
    const end = this.#prefix(head & ~SIBLING_LEFT);
    const siblingEnd = this.#at + HASH_BYTES;
    if (end < 0 || siblingEnd > this.#proof.length) return "";
    const sibling = sliceToId(this.#proof, this.#at, siblingEnd);
    this.#at = siblingEnd;
    return siblingIsLeft ? innerHash(end, sibling, child) : innerHash(end, child, sibling);
  }

  /** Copies a prefix of `length` bytes to the scratch. @returns its end there, or -1. */
  #prefix(length: number): number {
    const proof = this.#proof;
    const start = this.#at + 1;
    if (length < PREFIX_BYTES_MIN || length > PREFIX_BYTES_MAX) return -1;
    if (start + length > proof.length || (proof[start] as number) < 2) return -1;
    for (let i = 0; i < length; i++) scratch[i] = proof[start + i] as number;
    this.#at = start + length;
    return length;
  }

  /** Skips the steps that need no check and remembers the path. */
  #accept(stepsLeft: number): boolean {
    for (let i = 0; i < stepsLeft; i++) {
      const length = (this.#proof[this.#at] ?? 0) & ~SIBLING_LEFT;
      this.#at += 1 + length + HASH_BYTES;
    }
    if (this.#knownMax === 0) return true;
    if (this.#known.size + this.#path.length > this.#knownMax) this.#known.clear();
    for (const hash of this.#path) this.#known.add(hash);
    return true;
  }

  #leaf(): { readonly key: string; readonly hash: string } | undefined {
    const length = this.#uvarint();
    if (length < 1 || length > KEY_BYTES_MAX) return undefined;
    const keyEnd = this.#at + length;
    if (keyEnd > this.#proof.length) return undefined;
    const key = sliceToId(this.#proof, this.#at, keyEnd);
    this.#at = keyEnd;
    const version = this.#uvarint();
    const end = this.#at + HASH_BYTES;
    if (version < 0 || end > this.#proof.length) return undefined;
    const valueHash = sliceToId(this.#proof, this.#at, end);
    this.#at = end;
    return { key, hash: leafHash(key, version, valueHash) };
  }

  #count(): number {
    const count = this.#proof[this.#at++];
    return count === undefined || count > STEPS_MAX ? -1 : count;
  }

  /** An unsigned varint below 2^52 in its shortest form, or -1. */
  #uvarint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < VERSION_BYTES_MAX; i++) {
      const byte = this.#proof[this.#at++];
      if (byte === undefined) return -1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return (byte === 0 && i > 0) || value >= 2 ** 52 ? -1 : value;
      scale *= 0x80;
    }
    return -1;
  }
}

/** Hash of an inner node whose prefix of `end` bytes is in the scratch. */
function innerHash(end: number, left: string, right: string): string {
  scratch[end] = HASH_BYTES;
  writeId(scratch, left, end + 1);
  scratch[end + 1 + HASH_BYTES] = HASH_BYTES;
  writeId(scratch, right, end + 2 + HASH_BYTES);
  return hashScratch(end + 2 + 2 * HASH_BYTES);
}

function leafHash(key: string, version: number, valueHash: string): string {
  const lengthMax = LEAF_HEAD_BYTES_MAX + key.length + 1 + HASH_BYTES;
  const target = lengthMax > SCRATCH_BYTES ? new Uint8Array(lengthMax) : scratch;
  target[0] = 0;
  target[1] = 2;
  let end = writeUvarint(target, version * 2, 2);
  end = writeUvarint(target, key.length, end);
  end = writeId(target, key, end);
  target[end] = HASH_BYTES;
  end = writeId(target, valueHash, end + 1);
  return target === scratch ? hashScratch(end) : sha256Id(target.subarray(0, end));
}

function hashScratch(length: number): string {
  let view = views[length];
  if (view === undefined) {
    view = scratch.subarray(0, length);
    views[length] = view;
  }
  return sha256Id(view);
}
