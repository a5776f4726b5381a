/**
 * Keys of the event index.
 *
 * What is searched for, a transaction or a block, is called a document. The events of all
 * documents stand one after another, in chunks of up to some thousand; an event's place is its
 * chunk and its offset there, and a document without events takes one place. No document is spread
 * over two chunks: one that is larger than a chunk has one of its own.
 *
 * ```
 * kind(1) ‖ tag ‖ 00 ‖ 'r' ‖ value         ‖ 00 ‖ chunk(4)  →  events with the value
 * kind(1) ‖ tag ‖ 00 ‖ 'h' ‖ sha256(value) ‖ 00 ‖ chunk(4)  →  the same
 * kind(1) ‖ tag ‖ 00 ‖ 'e'                 ‖ 00 ‖ chunk(4)  →  events with the attribute
 * kind(1) ‖ tag ‖ 00 ‖ 'N', 'T' or 'D'     ‖ 00 ‖ chunk(4)  →  values that are numbers, times, days
 * kind(1) ‖       00 ‖ 'e'                 ‖ 00 ‖ chunk(4)  →  first events of documents
 * kind(1) ‖       00 ‖ 'b' ‖ height(8)                      →  place of the block's first document
 * kind(1) ‖       00 ‖ 'p' ‖ place(8)                       →  height(8) ‖ index(4) of that document
 * kind(1) ‖       00 ‖ 'z'                                  →  the place after the last event
 * ```
 *
 * The second form is for values that are long or contain a zero byte, since LMDB keys end at
 * 1,978 bytes. 'e' answers EXISTS; a tag is never empty, so that under the empty one there is room
 * for the documents themselves. See index-entries.ts for what stands behind the keys.
 */
import { sha256 } from "@tacit/crypto";
import { INDEX_KEY_BYTES_MAX } from "../limits.ts";
import { plain } from "./bytes.ts";
import { heightKey } from "./keys.ts";

export type IndexKind = "tx" | "block";
/** What the values of a column are. */
export type ColumnKind = "number" | "time" | "date";

const KIND = { tx: 0x74, block: 0x62 } as const;
const COLUMN = { number: 0x4e, time: 0x54, date: 0x44 } as const;
const RAW = 0x72;
const HASHED = 0x68;
const EXISTS = 0x65;
const BLOCK = 0x62;
const POSITION = 0x70;
const NEXT = 0x7a;
const CHUNK_BYTES = 4;
export const PLACE_BYTES = 8;
const OFFSETS = 2 ** 32;
const NOTHING = new Uint8Array(0);

/** Everything before the form: the entries of one tag. */
export function tagPrefix(kind: IndexKind, tag: string): Uint8Array {
  const text = Buffer.from(tag);
  const prefix = new Uint8Array(text.length + 2);
  prefix[0] = KIND[kind];
  prefix.set(text, 1);
  return prefix;
}

/** The entries of one value. @param tag a tagPrefix. */
export function valuePrefix(tag: Uint8Array, value: string): Uint8Array {
  const lengthBytes = Buffer.byteLength(value);
  const isRaw = tag.length + lengthBytes <= INDEX_KEY_BYTES_MAX && !value.includes("\0");
  if (!isRaw) return withForm(tag, HASHED, sha256(Buffer.from(value)));
  const key = Buffer.allocUnsafe(tag.length + lengthBytes + 2);
  key.set(tag);
  key[tag.length] = RAW;
  key.write(value, tag.length + 1);
  key[key.length - 1] = 0;
  return key;
}

/** The entries of one tag whatever the value. @param tag a tagPrefix. */
export const existsPrefix = (tag: Uint8Array): Uint8Array => withForm(tag, EXISTS, NOTHING);

/** @param tag a tagPrefix. */
export const columnPrefix = (tag: Uint8Array, kind: ColumnKind): Uint8Array =>
  withForm(tag, COLUMN[kind], NOTHING);

/** The first events of all documents. */
export const documentsPrefix = (kind: IndexKind): Uint8Array => existsPrefix(tagPrefix(kind, ""));

/** The entries of one tag, by value. @param tag a tagPrefix. */
export function valuesRange(tag: Uint8Array): {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
} {
  return { start: Uint8Array.of(...tag, HASHED), end: Uint8Array.of(...tag, RAW + 1) };
}

function withForm(tag: Uint8Array, form: number, stored: Uint8Array): Uint8Array {
  const key = new Uint8Array(tag.length + stored.length + 2);
  key.set(tag);
  key[tag.length] = form;
  key.set(stored, tag.length + 1);
  return key;
}

/** @param prefix of a value, an attribute or a column. */
export function chunkKey(prefix: Uint8Array, chunk: number): Uint8Array {
  const key = Buffer.allocUnsafe(prefix.length + CHUNK_BYTES);
  key.set(prefix);
  key.writeUInt32BE(chunk, prefix.length);
  return key;
}

export function chunkOfKey(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset + key.length - CHUNK_BYTES).getUint32(0);
}

/** All entries of one value of {@link valuesRange}, whatever the chunk. */
export const prefixOfKey = (key: Uint8Array): Uint8Array =>
  plain(key).subarray(0, key.length - CHUNK_BYTES);

/**
 * The value of an entry of {@link valuesRange}; undefined if only its hash is kept.
 * @param tag a tagPrefix.
 */
export function valueOfKey(key: Uint8Array, tag: Uint8Array): string | undefined {
  if (key[tag.length] !== RAW) return undefined;
  return Buffer.from(plain(key)).toString("utf8", tag.length + 1, key.length - CHUNK_BYTES - 1);
}

/** `chunk × 2^32 + offset`: places compare as numbers, in the order of age. */
export type Place = number;

export const placeOf = (chunk: number, offset: number): Place => chunk * OFFSETS + offset;
export const chunkOfPlace = (place: Place): number => Math.floor(place / OFFSETS);
export const offsetOfPlace = (place: Place): number => place % OFFSETS;

export function encodePlace(place: Place): Uint8Array {
  const bytes = Buffer.allocUnsafe(PLACE_BYTES);
  bytes.writeUInt32BE(chunkOfPlace(place), 0);
  bytes.writeUInt32BE(offsetOfPlace(place), 4);
  return bytes;
}

/** @param offset where in `bytes` the place stands. */
export function decodePlace(bytes: Uint8Array, offset = 0): Place {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, PLACE_BYTES);
  return placeOf(view.getUint32(0), view.getUint32(4));
}

export const blockKey = (kind: IndexKind, height: bigint): Uint8Array =>
  Uint8Array.of(KIND[kind], 0, BLOCK, ...heightKey(height));

/** After all keys of blocks. */
export const blockKeysEnd = (kind: IndexKind): Uint8Array =>
  Uint8Array.of(KIND[kind], 0, BLOCK + 1);

export const placeKey = (kind: IndexKind, place: Place): Uint8Array =>
  Uint8Array.of(KIND[kind], 0, POSITION, ...encodePlace(place));

export const nextKey = (kind: IndexKind): Uint8Array => Uint8Array.of(KIND[kind], 0, NEXT);
