/**
 * The events of one chunk that have something in common, as they are stored:
 *
 * ```
 * before(6) ‖ documents(4) ‖ form(1) ‖ offsets, of 4 bytes each (form 0) or as bits (form 1)
 * ```
 *
 * `documents` says in how many documents the events are, `before` in how many those of all earlier
 * chunks are under the same key: totals, and the chunk of a page, are found without visiting others.
 */
import { CHUNK_EVENTS } from "../limits.ts";
import type { Bits } from "./bits.ts";

const DOCUMENTS_AT = 6;
const FORM_AT = 10;
const HEADER_BYTES = 11;
const OFFSET_BYTES = 4;
const OFFSETS_FORM = 0;
const BITS_FORM = 1;
/** Where bits are not longer than offsets. */
const OFFSETS_MAX = CHUNK_EVENTS / 8 / OFFSET_BYTES;

export interface NewEvents {
  /** In documents of earlier chunks; counts only if there is no posting yet. */
  readonly before: number;
  readonly documents: number;
  /** Ascending, above those that are stored. */
  readonly offsets: readonly number[];
}

/** @param value of the chunk so far; not changed. @returns a new one. */
export function appendPosting(value: Uint8Array | undefined, added: NewEvents): Uint8Array {
  const { offsets } = added;
  const last = offsets.at(-1) as number;
  const old = value === undefined ? [] : storedOffsets(value);
  const isBits = old === undefined || old.length + offsets.length > OFFSETS_MAX;
  const payload = isBits ? (last >>> 3) + 1 : (old.length + offsets.length) * OFFSET_BYTES;
  const bytes = Buffer.alloc(HEADER_BYTES + payload);
  bytes.writeUIntBE(value === undefined ? added.before : beforeOf(value), 0, DOCUMENTS_AT);
  const documents = value === undefined ? 0 : documentsOf(value);
  bytes.writeUInt32BE(documents + added.documents, DOCUMENTS_AT);
  bytes[FORM_AT] = isBits ? BITS_FORM : OFFSETS_FORM;
  if (old === undefined) bytes.set((value as Uint8Array).subarray(HEADER_BYTES), HEADER_BYTES);
  const all = old === undefined ? offsets : [...old, ...offsets];
  if (isBits) setBits(bytes, all);
  else setOffsets(bytes, all);
  return bytes;
}

/** Documents of earlier chunks with such events. */
export function beforeOf(value: Uint8Array): number {
  const view = viewOf(value);
  return view.getUint16(0) * 2 ** 32 + view.getUint32(2);
}

export const documentsOf = (value: Uint8Array): number => viewOf(value).getUint32(DOCUMENTS_AT);

/** Takes the offsets of `value` into `bits`, instead of those that it has. */
export function loadPosting(value: Uint8Array, bits: Bits): void {
  const offsets = storedOffsets(value);
  if (offsets === undefined) {
    bits.load(value.subarray(HEADER_BYTES));
    return;
  }
  bits.clear();
  for (const offset of offsets) bits.add(offset);
}

export function lastOffset(value: Uint8Array): number {
  const offsets = storedOffsets(value);
  if (offsets !== undefined) return offsets.at(-1) as number;
  // The last byte is there for its bit.
  const last = value.length - 1;
  return (last - HEADER_BYTES) * 8 + (31 - Math.clz32(value[last] as number));
}

/** Undefined if they are stored as bits. */
function storedOffsets(value: Uint8Array): number[] | undefined {
  if (value[FORM_AT] === BITS_FORM) return undefined;
  const view = viewOf(value);
  const offsets: number[] = [];
  for (let at = HEADER_BYTES; at < value.length; at += OFFSET_BYTES) {
    offsets.push(view.getUint32(at, true));
  }
  return offsets;
}

function setOffsets(bytes: Buffer, offsets: readonly number[]): void {
  let at = HEADER_BYTES;
  for (const offset of offsets) at = bytes.writeUInt32LE(offset, at);
}

function setBits(bytes: Uint8Array, offsets: readonly number[]): void {
  for (const offset of offsets) {
    const at = HEADER_BYTES + (offset >>> 3);
    bytes[at] = (bytes[at] as number) | (1 << (offset & 7));
  }
}

const viewOf = (value: Uint8Array): DataView =>
  new DataView(value.buffer, value.byteOffset, value.length);
