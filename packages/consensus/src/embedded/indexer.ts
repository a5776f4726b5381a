/** Writes what a block adds into the index, and takes it out again. */
import { CHUNK_EVENTS } from "../limits.ts";
import type { BlockEntries } from "./block-entries.ts";
import { plain } from "./bytes.ts";
import { appendColumn, type Cell, lastColumnOffset } from "./columns.ts";
import type { ChainDatabase, Table } from "./database.ts";
import {
  blockKey,
  chunkKey,
  chunkOfKey,
  chunkOfPlace,
  decodePlace,
  encodePlace,
  nextKey,
  offsetOfPlace,
  type Place,
  placeKey,
  placeOf,
} from "./index-keys.ts";
import { positionKey } from "./keys.ts";
import { appendPosting, beforeOf, documentsOf, lastOffset } from "./postings.ts";

/** To be called inside a transaction of `database`, once a block, in the order of heights. */
export function putIndexEntries(
  database: ChainDatabase,
  height: bigint,
  entries: readonly BlockEntries[],
): void {
  const table = database.table("events");
  for (const { kind, sizes, postings, columns } of entries) {
    const parts = partsOf(nextPlace(table, nextKey(kind)), sizes);
    table.put(blockKey(kind, height), encodePlace((parts[0] as Part).start));
    for (const { start, index } of parts) {
      table.put(placeKey(kind, start), positionKey(height, index));
    }
    table.put(nextKey(kind), encodePlace(endOf(parts.at(-1) as Part)));
    const documents = documentOfNumbers(sizes);
    for (const { prefix, numbers } of postings) {
      for (const part of parts) putPosting(table, prefix, { part, numbers, documents });
    }
    for (const { prefix, cells } of columns) {
      for (const part of parts) putColumn(table, prefix, { part, cells });
    }
  }
}

/**
 * Takes the entries of the oldest block out. Those that younger blocks share stay, with the events
 * of this block, which are below the bounds of any search by then.
 * To be called inside a transaction of `database`.
 */
export function removeIndexEntries(
  database: ChainDatabase,
  height: bigint,
  entries: readonly BlockEntries[],
): void {
  const table = database.table("events");
  for (const { kind, sizes, postings, columns } of entries) {
    const parts = partsOf(nextPlace(table, blockKey(kind, height)), sizes);
    table.remove(blockKey(kind, height));
    for (const part of parts) {
      table.remove(placeKey(kind, part.start));
      const end = offsetOfPlace(endOf(part));
      const removeIfOlder = (prefix: Uint8Array, last: (value: Uint8Array) => number) => {
        const key = chunkKey(prefix, chunkOfPlace(part.start));
        const value = table.get(key);
        if (value !== undefined && last(plain(value)) < end) table.remove(key);
      };
      for (const { prefix } of postings) removeIfOlder(prefix, lastOffset);
      for (const { prefix } of columns) removeIfOlder(prefix, lastColumnOffset);
    }
  }
}

function nextPlace(table: Table, key: Uint8Array): Place {
  const stored = table.get(key);
  return stored === undefined ? placeOf(0, 0) : decodePlace(stored);
}

/** Those documents of a block that are in one chunk. */
interface Part {
  /** Of the first document. */
  readonly start: Place;
  /** Its number in the block. */
  readonly index: number;
  /** Numbers of the events, `end` excluded. */
  readonly from: number;
  end: number;
}

const endOf = ({ start, from, end }: Part): Place => start + end - from;

/** Where documents of `sizes` go that follow one another from `next`, or from the chunk after it. */
function partsOf(next: Place, sizes: readonly number[]): Part[] {
  const parts: Part[] = [];
  let part: Part | undefined;
  let place = next;
  let from = 0;
  sizes.forEach((size, index) => {
    const offset = offsetOfPlace(place);
    const isFull = offset > 0 && offset + size > CHUNK_EVENTS;
    if (isFull) place = placeOf(chunkOfPlace(place) + 1, 0);
    if (part === undefined || isFull) {
      part = { start: place, index, from, end: from };
      parts.push(part);
    }
    part.end += size;
    from += size;
    place += size;
  });
  return parts;
}

function documentOfNumbers(sizes: readonly number[]): readonly number[] {
  return sizes.flatMap((size, index) => Array.from({ length: size }, () => index));
}

interface PostingPart {
  readonly part: Part;
  readonly numbers: readonly number[];
  /** The document of each number. */
  readonly documents: readonly number[];
}

function putPosting(
  table: Table,
  prefix: Uint8Array,
  { part, numbers, documents }: PostingPart,
): void {
  const shift = offsetOfPlace(part.start) - part.from;
  const offsets: number[] = [];
  let count = 0;
  let document = -1;
  for (const number of numbers) {
    if (number < part.from || number >= part.end) continue;
    offsets.push(number + shift);
    if (documents[number] === document) continue;
    document = documents[number] as number;
    count += 1;
  }
  if (offsets.length === 0) return;
  const chunk = chunkOfPlace(part.start);
  const { own, before } = newestPosting(table, prefix, chunk);
  table.put(chunkKey(prefix, chunk), appendPosting(own, { before, documents: count, offsets }));
}

/** The posting of `chunk` if there is one, and the documents up to the chunk before. */
function newestPosting(
  table: Table,
  prefix: Uint8Array,
  chunk: number,
): { readonly own: Uint8Array | undefined; readonly before: number } {
  const start = chunkKey(prefix, chunk);
  for (const { key, value } of table.getRange({ start, end: prefix, reverse: true, limit: 1 })) {
    const newest = plain(value);
    if (chunkOfKey(key) === chunk) return { own: newest, before: beforeOf(newest) };
    return { own: undefined, before: beforeOf(newest) + documentsOf(newest) };
  }
  return { own: undefined, before: 0 };
}

function putColumn(
  table: Table,
  prefix: Uint8Array,
  { part, cells }: { readonly part: Part; readonly cells: readonly Cell[] },
): void {
  const shift = offsetOfPlace(part.start) - part.from;
  const added = cells
    .filter(({ offset }) => offset >= part.from && offset < part.end)
    .map((cell) => ({ ...cell, offset: cell.offset + shift }));
  if (added.length === 0) return;
  const key = chunkKey(prefix, chunkOfPlace(part.start));
  const stored = table.get(key);
  table.put(key, appendColumn(stored && plain(stored), added));
}
