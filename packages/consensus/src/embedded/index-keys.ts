/**
 * Keys and values of the event index. One entry per block and distinct `type.attribute` = value,
 * and one per block and `type.attribute`:
 *
 * ```
 * kind(1) ‖ tag ‖ 00 ‖ 'r' ‖ value            ‖ 00 ‖ height(8)  →  total(8) ‖ (index(4) ‖ event(4))*
 * kind(1) ‖ tag ‖ 00 ‖ 'h' ‖ sha256(value)    ‖ 00 ‖ height(8)  →  the same
 * kind(1) ‖ tag ‖ 00 ‖ 'e'                    ‖ 00 ‖ height(8)  →  the same
 * ```
 *
 * `total` counts the transactions of this entry and of all before it under the same key, so that
 * the number of hits and any page of them are found without visiting the others. The second form is
 * for values that are long or contain a zero byte, since LMDB keys end at 1,978 bytes. The third form
 * answers EXISTS.
 */
import { sha256 } from "@tacit/crypto";
import { INDEX_KEY_BYTES_MAX } from "../limits.ts";
import { plain } from "./bytes.ts";
import { HEIGHT_BYTES } from "./keys.ts";

export type IndexKind = "tx" | "block";

const KIND = { tx: 0x74, block: 0x62 } as const;
const RAW = 0x72;
const HASHED = 0x68;
const EXISTS = 0x65;
const TOTAL_BYTES = 8;
const OCCURRENCE_BYTES = 8;
const EVENTS = 2 ** 32;

/** Everything before the value form: the entries of one tag. */
export function tagPrefix(kind: IndexKind, tag: string): Uint8Array {
  const text = Buffer.from(tag);
  const prefix = new Uint8Array(text.length + 2);
  prefix[0] = KIND[kind];
  prefix.set(text, 1);
  return prefix;
}

/** The entries of one tag and value, of all heights. */
export function valuePrefix(kind: IndexKind, tag: string, value: string): Uint8Array {
  return valuePrefixOf(tagPrefix(kind, tag), value);
}

/** @param tag a tagPrefix. */
export function valuePrefixOf(tag: Uint8Array, value: string): Uint8Array {
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

/** The entries of one tag whatever the value, by height. @param tag a tagPrefix. */
export const existsPrefixOf = (tag: Uint8Array): Uint8Array =>
  withForm(tag, EXISTS, new Uint8Array(0));

/** The entries of one tag, by value. @param tag a tagPrefix. */
export function valuesRange(tag: Uint8Array): {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
} {
  const start = new Uint8Array(tag.length + 1);
  start.set(tag);
  start[tag.length] = HASHED;
  const end = start.slice();
  end[tag.length] = RAW + 1;
  return { start, end };
}

function withForm(tag: Uint8Array, form: number, stored: Uint8Array): Uint8Array {
  const key = new Uint8Array(tag.length + stored.length + 2);
  key.set(tag);
  key[tag.length] = form;
  key.set(stored, tag.length + 1);
  return key;
}

export function entryKey(prefix: Uint8Array, height: number): Uint8Array {
  const key = Buffer.allocUnsafe(prefix.length + HEIGHT_BYTES);
  key.set(prefix);
  key.writeUInt32BE(Math.floor(height / EVENTS), prefix.length);
  key.writeUInt32BE(height % EVENTS, prefix.length + 4);
  return key;
}

/**
 * The value of an entry of {@link valuesRange}; undefined if only its hash is kept.
 * @param tag a tagPrefix.
 */
export function valueOfEntry(key: Uint8Array, tag: Uint8Array): string | undefined {
  if (key[tag.length] !== RAW) return undefined;
  return Buffer.from(plain(key)).toString("utf8", tag.length + 1, key.length - HEIGHT_BYTES - 1);
}

export function heightOfEntry(key: Uint8Array): number {
  const view = new DataView(key.buffer, key.byteOffset + key.length - HEIGHT_BYTES, HEIGHT_BYTES);
  return view.getUint32(0) * EVENTS + view.getUint32(4);
}

/**
 * A place in a block: of an event in its transaction, or in the block. Places compare as numbers,
 * first by transaction.
 */
export type Place = number;

export const placeOf = (index: number, event: number): Place => index * EVENTS + event;
export const indexOfPlace = (place: Place): number => Math.floor(place / EVENTS);
export const eventOfPlace = (place: Place): number => place % EVENTS;

/** @param places ascending. */
export function encodeEntry(total: number, places: readonly Place[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(TOTAL_BYTES + places.length * OCCURRENCE_BYTES);
  bytes.writeUInt32BE(Math.floor(total / EVENTS), 0);
  bytes.writeUInt32BE(total % EVENTS, 4);
  let offset = TOTAL_BYTES;
  for (const place of places) {
    bytes.writeUInt32BE(indexOfPlace(place), offset);
    bytes.writeUInt32BE(eventOfPlace(place), offset + 4);
    offset += OCCURRENCE_BYTES;
  }
  return bytes;
}

export function totalOf(value: Uint8Array): number {
  const view = new DataView(value.buffer, value.byteOffset, TOTAL_BYTES);
  return view.getUint32(0) * EVENTS + view.getUint32(4);
}

export function placesOf(value: Uint8Array): Place[] {
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  const places: Place[] = [];
  for (let offset = TOTAL_BYTES; offset < value.length; offset += OCCURRENCE_BYTES) {
    places.push(placeOf(view.getUint32(offset), view.getUint32(offset + 4)));
  }
  return places;
}

/** @param places ascending. @returns how many transactions they are in. */
export function countIndexes(places: readonly Place[]): number {
  let count = 0;
  let last = -1;
  for (const place of places) {
    const index = indexOfPlace(place);
    if (index !== last) count += 1;
    last = index;
  }
  return count;
}
