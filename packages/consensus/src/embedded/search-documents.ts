/** The documents of the index: where they stand, and what their events are. */
import type { AbciEvent } from "@tacit/sdk";
import { CHUNK_EVENTS } from "../limits.ts";
import { decodeBlockOutcome, decodeExecTxResult } from "./abci-codec.ts";
import { Bits } from "./bits.ts";
import { plain } from "./bytes.ts";
import type { ChainDatabase, Table } from "./database.ts";
import {
  blockKey,
  blockKeysEnd,
  decodePlace,
  documentsPrefix,
  type IndexKind,
  nextKey,
  offsetOfPlace,
  PLACE_BYTES,
  type Place,
  placeKey,
  placeOf,
} from "./index-keys.ts";
import { heightKey, heightOf, indexOf, positionKey } from "./keys.ts";
import { loadPosting } from "./postings.ts";
import { ChunkCursor } from "./search-cursor.ts";

export interface Position {
  readonly height: number;
  readonly index: number;
}

/** Heights from `from` to `to`, both included. */
export interface HeightRange {
  readonly from: number;
  readonly to: number;
}

/** Places from `from` to `end`, `end` excluded. */
export interface PlaceRange {
  readonly from: Place;
  readonly end: Place;
}

/** Where the documents of `heights` stand: two look-ups. */
export function placesOf(
  table: Table,
  kind: IndexKind,
  { from, to }: HeightRange,
): PlaceRange | undefined {
  if (from > to) return undefined;
  const start = firstPlace(table, kind, from);
  const next = table.get(nextKey(kind));
  if (start === undefined || next === undefined) return undefined;
  return { from: start, end: firstPlace(table, kind, to + 1) ?? decodePlace(next) };
}

/** Of the first block at `height` or above that has documents. */
function firstPlace(table: Table, kind: IndexKind, height: number): Place | undefined {
  const start = blockKey(kind, BigInt(height));
  const end = blockKeysEnd(kind);
  for (const { value } of table.getRange({ start, end, limit: 1 })) return decodePlace(value);
  return undefined;
}

/** Reads one chunk after the other. */
export class Documents {
  readonly #database: ChainDatabase;
  readonly #kind: IndexKind;
  readonly #cursor: ChunkCursor;
  readonly #starts = new Bits(CHUNK_EVENTS);
  #chunk = -1;
  /** Of the document that was asked for last. */
  #start: Place = -1;
  #events: readonly AbciEvent[] = [];

  constructor(database: ChainDatabase, kind: IndexKind, lastChunk: number) {
    this.#database = database;
    this.#kind = kind;
    this.#cursor = new ChunkCursor(database.table("events"), documentsPrefix(kind), lastChunk);
  }

  /** In how many documents of `chunk` the events are. */
  count(chunk: number, events: Bits): number {
    return events.countStretches(this.#startsOf(chunk));
  }

  /** Offsets of the documents of `chunk` in which the events are, in the order of age. */
  offsets(chunk: number, events: Bits): number[] {
    return events.stretches(this.#startsOf(chunk));
  }

  /** @param offset of the document's first event. @returns undefined if it was pruned meanwhile. */
  position(chunk: number, offset: number): Position | undefined {
    const start = placeKey(this.#kind, placeOf(chunk, offset));
    const end = placeKey(this.#kind, placeOf(chunk, 0)).subarray(0, -1);
    const range = { start, end, reverse: true, limit: 1 };
    for (const { key, value } of this.#database.table("events").getRange(range)) {
      const part = offsetOfPlace(decodePlace(key, key.length - PLACE_BYTES));
      const earlier = this.#startsOf(chunk).countBetween(part, offset);
      return { height: Number(heightOf(value)), index: indexOf(value) + earlier };
    }
    return undefined;
  }

  event(chunk: number, offset: number): AbciEvent | undefined {
    const first = this.#startsOf(chunk).lastUpTo(offset);
    const start = placeOf(chunk, first);
    if (start !== this.#start) {
      this.#events = this.#eventsOf(this.position(chunk, first));
      this.#start = start;
    }
    return this.#events[offset - first];
  }

  #startsOf(chunk: number): Bits {
    if (chunk === this.#chunk) return this.#starts;
    const entry = this.#cursor.seek(chunk);
    if (entry?.chunk === chunk) loadPosting(entry.value, this.#starts);
    else this.#starts.clear();
    this.#chunk = chunk;
    return this.#starts;
  }

  #eventsOf(position: Position | undefined): readonly AbciEvent[] {
    if (position === undefined) return [];
    const { height, index } = position;
    const [table, key] =
      this.#kind === "block"
        ? (["outcomes", heightKey(BigInt(height))] as const)
        : (["results", positionKey(BigInt(height), index)] as const);
    const bytes = this.#database.table(table).get(key);
    if (bytes === undefined) return [];
    const decode = this.#kind === "block" ? decodeBlockOutcome : decodeExecTxResult;
    return decode(plain(bytes)).events;
  }
}
