/** Ranks of the documents of one posting, without visiting most of them. */
import { CHUNK_EVENTS } from "../limits.ts";
import { Bits } from "./bits.ts";
import type { Table } from "./database.ts";
import { chunkOfPlace, offsetOfPlace, type Place } from "./index-keys.ts";
import { beforeOf, documentsOf, loadPosting } from "./postings.ts";
import { ChunkCursor } from "./search-cursor.ts";
import type { Documents, PlaceRange } from "./search-documents.ts";

/** A chunk, and how many hits there are before it. */
export interface Start {
  readonly chunk: number;
  readonly rank: number;
}

export class PostingRanks {
  readonly #cursor: ChunkCursor;
  readonly #documents: Documents;
  readonly #range: PlaceRange;
  /** Documents before the range. */
  readonly #before: number;
  /** Documents in the range. */
  readonly total: number;

  constructor(table: Table, prefix: Uint8Array, documents: Documents, range: PlaceRange) {
    this.#cursor = new ChunkCursor(table, prefix, chunkOfPlace(range.end));
    this.#documents = documents;
    this.#range = range;
    this.#before = this.#countTo(range.from);
    this.total = this.#countTo(range.end) - this.#before;
  }

  /** The chunk of hit number `rank` of the range. Visits as many entries as the chunk's number has bits. */
  startOf(rank: number): Start {
    let low = chunkOfPlace(this.#range.from);
    let high = chunkOfPlace(this.#range.end);
    let before = this.#before;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const entry = this.#cursor.seek(middle);
      const end = entry && beforeOf(entry.value) + documentsOf(entry.value);
      if (entry === undefined || end === undefined || end > this.#before + rank) high = middle;
      else {
        low = entry.chunk + 1;
        before = end;
      }
    }
    return { chunk: low, rank: Math.max(0, before - this.#before) };
  }

  /** Documents before `place`, which is the first of a document. */
  #countTo(place: Place): number {
    const chunk = chunkOfPlace(place);
    const entry = this.#cursor.seek(chunk);
    if (entry === undefined) {
      const last = this.#cursor.before(chunk);
      return last === undefined ? 0 : beforeOf(last.value) + documentsOf(last.value);
    }
    const before = beforeOf(entry.value);
    if (entry.chunk > chunk) return before;
    const events = new Bits(CHUNK_EVENTS);
    loadPosting(entry.value, events);
    events.keepBelow(offsetOfPlace(place));
    return before + this.#documents.count(chunk, events);
  }
}
