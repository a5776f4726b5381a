/**
 * Small records on disk; nodes are in pages.ts. Refs and numbers of pages and versions have 6
 * bytes, big-endian; hashes 32.
 *
 * ```
 * commit  = lastPage(6) count(2) (store(2) rootRef(6) rootHash)*
 * orphans = (difference of ascending refs)*, unsigned varints
 * ```
 */
import { HASH_BYTES, sliceToId, writeId, writeUvarint } from "@tacit/light/ids";
import { StoreError } from "../errors.ts";
import type { StoreRoot } from "./backend.ts";

export const REF_BYTES = 6;
/** Up to this length a loop beats a copy through a view. */
const COPY_LOOP_MAX = 64;
const COMMIT_HEAD_BYTES = REF_BYTES + 2;
const COMMIT_ENTRY_BYTES = 2 + REF_BYTES + HASH_BYTES;

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

export interface CommitContent {
  readonly lastPage: number;
  /** By store number. */
  readonly roots: ReadonlyMap<number, StoreRoot>;
}

export function encodeCommit({ lastPage, roots }: CommitContent): Uint8Array {
  const bytes = new Uint8Array(COMMIT_HEAD_BYTES + roots.size * COMMIT_ENTRY_BYTES);
  let end = writeRef(bytes, lastPage, 0);
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
  return { lastPage: readRef(bytes, 0), roots };
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

export function writeShort(target: Uint8Array, value: number, at: number): number {
  target[at] = value >>> 8;
  target[at + 1] = value;
  return at + 2;
}

export function readShort(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) * 0x100 + (bytes[at + 1] as number);
}

/** A varint; `uvarintEnd` then gives the offset behind it. @throws {StoreError} `store/corrupt`. */
export function readUvarint(bytes: Uint8Array, at: number): number {
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

/** Where the varint read last ends. */
export function uvarintEnd(): number {
  return position;
}

export function corrupt(what: string): StoreError {
  return new StoreError({ code: "store/corrupt", what }, `a record does not decode: ${what}`);
}
