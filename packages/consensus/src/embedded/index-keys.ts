/**
 * Keys and values of the event index. One entry per block and distinct `type.attribute` = value:
 *
 * ```
 * kind(1) ‖ tag ‖ 00 ‖ 'r' ‖ value            ‖ 00 ‖ height(8)  →  (index(4) ‖ event(4))*
 * kind(1) ‖ tag ‖ 00 ‖ 'h' ‖ sha256(value)    ‖ 00 ‖ height(8)  →  (index(4) ‖ event(4))*
 * ```
 *
 * The second form is for values that are long or contain a zero byte, since LMDB keys end at
 * 1,978 bytes. Such values are found by equality and by EXISTS alone.
 */
import { sha256 } from "@tacit/crypto";
import { INDEX_KEY_BYTES_MAX } from "../limits.ts";
import { plain } from "./bytes.ts";
import { HEIGHT_BYTES, heightOf } from "./keys.ts";

export type IndexKind = "tx" | "block";

/** An event of a transaction: conditions of one query must hold in one event. */
export interface Occurrence {
  readonly height: bigint;
  /** Of the transaction in its block; 0 for events of the block. */
  readonly index: number;
  /** Of the event in its transaction or block. */
  readonly event: number;
}

const KIND = { tx: 0x74, block: 0x62 } as const;
const RAW = 0x72;
const HASHED = 0x68;
const OCCURRENCE_BYTES = 8;

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

function withForm(tag: Uint8Array, form: number, stored: Uint8Array): Uint8Array {
  const key = new Uint8Array(tag.length + stored.length + 2);
  key.set(tag);
  key[tag.length] = form;
  key.set(stored, tag.length + 1);
  return key;
}

export function entryKey(prefix: Uint8Array, height: bigint): Uint8Array {
  const key = Buffer.allocUnsafe(prefix.length + HEIGHT_BYTES);
  key.set(prefix);
  key.writeBigUInt64BE(height, prefix.length);
  return key;
}

/** The first key after all keys that begin with `prefix`. */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  const end = Uint8Array.from(prefix);
  for (let i = end.length - 1; i >= 0; i--) {
    if (end[i] !== 0xff) {
      end[i]! += 1;
      return end.subarray(0, i + 1);
    }
  }
  return Uint8Array.of(0xff);
}

/** @returns the value in `key` after `tag` (a tagPrefix); undefined if only its hash is kept. */
export function valueOfEntry(key: Uint8Array, tag: Uint8Array): string | undefined {
  if (key[tag.length] !== RAW) return undefined;
  return Buffer.from(plain(key)).toString("utf8", tag.length + 1, key.length - HEIGHT_BYTES - 1);
}

export function heightOfEntry(key: Uint8Array): bigint {
  return heightOf(key, key.length - HEIGHT_BYTES);
}

export function encodeOccurrences(pairs: readonly number[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(pairs.length * 4);
  for (let i = 0; i < pairs.length; i++) bytes.writeUInt32BE(pairs[i] as number, i * 4);
  return bytes;
}

export function* decodeOccurrences(height: bigint, bytes: Uint8Array): Iterable<Occurrence> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let offset = 0; offset < bytes.length; offset += OCCURRENCE_BYTES) {
    yield { height, index: view.getUint32(offset), event: view.getUint32(offset + 4) };
  }
}
