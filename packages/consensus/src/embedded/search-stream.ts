/** The entries of one key of the index, in the order of heights. */
import type { Table } from "./database.ts";
import {
  countIndexes,
  entryKey,
  heightOfEntry,
  indexOfPlace,
  type Place,
  placesOf,
  totalOf,
} from "./index-keys.ts";

/** Heights from `from` to `to`, both included. */
export interface HeightRange {
  readonly from: number;
  readonly to: number;
}

export interface Entry {
  readonly height: number;
  /** Transactions up to this entry and with it. */
  readonly total: number;
  /** Ascending. */
  readonly places: readonly Place[];
}

export interface Position {
  readonly height: number;
  readonly index: number;
}

/** Entries read at once: few after a jump, more the longer the reading goes straight on. */
const CHUNK_MIN = 4;
const CHUNK_MAX = 256;

export class EntryStream {
  readonly #table: Table;
  readonly #prefix: Uint8Array;
  readonly #range: HeightRange;
  #chunk: readonly Entry[] = [];
  /** The height from which the chunk was read: there is nothing between it and the first entry. */
  #start = 0;
  #chunkSize = CHUNK_MIN;
  /** Where in the chunk the last entry was found; seeks mostly go forward. */
  #at = 0;

  constructor(table: Table, prefix: Uint8Array, range: HeightRange) {
    this.#table = table;
    this.#prefix = prefix;
    this.#range = range;
  }

  /** The first entry of the range at `height` or above. Cheapest when heights ascend. */
  seek(height: number): Entry | undefined {
    const found = this.#inChunk(height);
    if (found !== undefined) return found;
    const last = this.#chunk.at(-1);
    const isStraightOn = last !== undefined && height === last.height + 1;
    this.#chunkSize = isStraightOn ? Math.min(this.#chunkSize * 2, CHUNK_MAX) : CHUNK_MIN;
    this.#chunk = this.#read(height, this.#chunkSize);
    this.#start = height;
    this.#at = 0;
    return this.#chunk[0];
  }

  /** How many transactions the entries of the range are in: two look-ups. */
  count(): number {
    const bounds = this.#bounds();
    return bounds === undefined ? 0 : bounds.last.total - bounds.before;
  }

  /**
   * Positions of the transactions number `from` to `to` (from 0, `to` excluded) of the range, in the
   * order of age. Visits the entries that hold them and about as many as the height has bits.
   */
  slice(from: number, to: number): Position[] {
    const bounds = this.#bounds();
    const positions: Position[] = [];
    if (bounds === undefined || from >= to) return positions;
    const { before } = bounds;
    let entry = this.#holding(before + from, bounds);
    while (entry !== undefined) {
      let rank = entry.total - countIndexes(entry.places) - before;
      let lastIndex = -1;
      for (const place of entry.places) {
        const index = indexOfPlace(place);
        if (index === lastIndex) continue;
        lastIndex = index;
        if (rank >= to) return positions;
        if (rank >= from) positions.push({ height: entry.height, index });
        rank += 1;
      }
      entry = this.seek(entry.height + 1);
    }
    return positions;
  }

  #bounds(): { readonly first: Entry; readonly last: Entry; readonly before: number } | undefined {
    const { from, to } = this.#range;
    if (from > to) return undefined;
    const first = this.#read(from, 1)[0];
    if (first === undefined) return undefined;
    const last = this.#lastEntry() ?? first;
    return { first, last, before: first.total - countIndexes(first.places) };
  }

  /** The entry with transaction number `rank`, counted from the first there ever was. */
  #holding(
    rank: number,
    { first, last }: { readonly first: Entry; readonly last: Entry },
  ): Entry | undefined {
    let low = first.height;
    let high = last.height;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const entry = this.#read(middle, 1)[0];
      if (entry === undefined || entry.total > rank) high = middle;
      else low = entry.height + 1;
    }
    return this.seek(low);
  }

  #inChunk(height: number): Entry | undefined {
    const first = this.#chunk[0];
    if (first === undefined || height < this.#start) return undefined;
    if (height < (this.#chunk[this.#at] as Entry).height) this.#at = 0;
    for (; this.#at < this.#chunk.length; this.#at++) {
      const entry = this.#chunk[this.#at] as Entry;
      if (entry.height >= height) return entry;
    }
    this.#at = this.#chunk.length - 1;
    return undefined;
  }

  #read(height: number, limit: number): Entry[] {
    const { from, to } = this.#range;
    const start = entryKey(this.#prefix, Math.max(height, from));
    const end = entryKey(this.#prefix, to + 1);
    return [...this.#table.getRange({ start, end, limit })].map(entryOf);
  }

  #lastEntry(): Entry | undefined {
    const start = entryKey(this.#prefix, this.#range.to);
    const end = entryKey(this.#prefix, this.#range.from);
    for (const entry of this.#table.getRange({ start, end, reverse: true, limit: 1 })) {
      return entryOf(entry);
    }
    return undefined;
  }
}

function entryOf({ key, value }: { readonly key: Uint8Array; readonly value: Uint8Array }): Entry {
  return { height: heightOfEntry(key), total: totalOf(value), places: placesOf(value) };
}
