/** Which events meet all conditions of a search, one chunk of the index after the other. */
import type { AbciEvent } from "@tacit/sdk";
import { CHUNK_EVENTS } from "../limits.ts";
import { matchesValue } from "../query/match.ts";
import { markOf } from "../query/measure.ts";
import type { Comparison, Condition, Operand } from "../query/parse.ts";
import { Bits } from "./bits.ts";
import { scanColumn, type Wanted } from "./columns.ts";
import { chunkOfPlace, offsetOfPlace, placeOf } from "./index-keys.ts";
import { loadPosting } from "./postings.ts";
import type { ChunkCursor, ChunkEntry } from "./search-cursor.ts";
import type { Documents, PlaceRange } from "./search-documents.ts";
import type { Work } from "./search-work.ts";

/** Events that meet one condition. */
export interface Source {
  /** The first chunk at `chunk` or after it in which there may be some. */
  seek(chunk: number): number | undefined;
  /** Takes those of the chunk that was found last into `events`, instead of what it has. */
  load(events: Bits): void;
}

/** Decoding a result for its events, in visits of an index entry. */
const CHECK_COST = 50;
/** Bytes of a column that are compared in the time of a visit. */
const COLUMN_BYTES_A_VISIT = 4_096;

export type Comparing = Condition & {
  readonly operator: Comparison;
  readonly operand: Exclude<Operand, { kind: "string" }>;
};

/** Conditions that the columns of their attribute answer. */
export function isComparing(condition: Condition): condition is Comparing {
  const { operator } = condition;
  return operator !== "EXISTS" && operator !== "CONTAINS" && condition.operand.kind !== "string";
}

export const isContaining = (condition: Condition): boolean => condition.operator === "CONTAINS";

export class PostingSource implements Source {
  readonly #cursor: ChunkCursor;
  readonly #work: Work;
  #entry: ChunkEntry | undefined;

  constructor(cursor: ChunkCursor, work: Work) {
    this.#cursor = cursor;
    this.#work = work;
  }

  seek(chunk: number): number | undefined {
    this.#work.spend(1);
    this.#entry = this.#cursor.seek(chunk);
    return this.#entry?.chunk;
  }

  load(events: Bits): void {
    if (this.#entry === undefined) events.clear();
    else loadPosting(this.#entry.value, events);
  }
}

/** A comparison, from the columns of its attribute. */
export class ColumnSource implements Source {
  readonly #cursor: ChunkCursor;
  readonly #wanted: Wanted;
  readonly #work: Work;
  /** Decides what the column cannot. */
  readonly #holds: (chunk: number, offset: number) => boolean;
  #entry: ChunkEntry | undefined;

  constructor(
    cursor: ChunkCursor,
    condition: Comparing,
    { work, checker }: { readonly work: Work; readonly checker: Checker },
  ) {
    this.#cursor = cursor;
    this.#wanted = wantedOf(condition);
    this.#work = work;
    this.#holds = (chunk, offset) => checker.holds(chunk, offset, [condition]);
  }

  seek(chunk: number): number | undefined {
    this.#work.spend(1);
    this.#entry = this.#cursor.seek(chunk);
    return this.#entry?.chunk;
  }

  load(events: Bits): void {
    events.clear();
    if (this.#entry === undefined) return;
    const { chunk, value } = this.#entry;
    this.#work.spend(value.length / COLUMN_BYTES_A_VISIT);
    scanColumn(value, this.#wanted, events, (offset) => {
      if (this.#holds(chunk, offset)) events.add(offset);
    });
  }
}

function wantedOf({ operator, operand }: Comparing): Wanted {
  const { nearest, tie } = markOf(operand);
  const below = operator === "<" || operator === "<=";
  const above = operator === ">" || operator === ">=";
  const equal = operator !== "<" && operator !== ">";
  return { nearest, below, above, tie: tie < 0 ? below : tie > 0 ? above : equal };
}

/** Reads events to see whether conditions hold. */
export class Checker {
  readonly #documents: Documents;
  readonly #work: Work;

  constructor(documents: Documents, work: Work) {
    this.#documents = documents;
    this.#work = work;
  }

  holds(chunk: number, offset: number, conditions: readonly Condition[]): boolean {
    this.#work.spend(CHECK_COST);
    const event = this.#documents.event(chunk, offset);
    return event !== undefined && conditions.every((condition) => holdsIn(event, condition));
  }
}

function holdsIn({ type, attributes }: AbciEvent, condition: Condition): boolean {
  return attributes.some(
    ({ key, value, index }) =>
      index && `${type}.${key}` === condition.tag && matchesValue(condition, value),
  );
}

/** The events that all sources have, in a range of places. */
export class Intersection {
  readonly #sources: Source[];
  readonly #range: PlaceRange;
  readonly #other = new Bits(CHUNK_EVENTS);
  /** Of one chunk; see {@link chunks}. */
  readonly events = new Bits(CHUNK_EVENTS);

  /** @param sources at least one; the first should have the fewest events. */
  constructor(sources: readonly Source[], range: PlaceRange) {
    this.#sources = [...sources];
    this.#range = range;
  }

  add(source: Source): void {
    this.#sources.push(source);
  }

  /**
   * From `first` on, the chunks of the range in which every source may have some. Which of them they
   * share, stands in {@link events} then, until the next one.
   */
  *chunks(first: number): Iterable<number> {
    const { from, end } = this.#range;
    let chunk = this.#common(Math.max(first, chunkOfPlace(from)));
    while (chunk !== undefined && placeOf(chunk, 0) < end) {
      this.#load(chunk);
      yield chunk;
      chunk = this.#common(chunk + 1);
    }
  }

  /** The first one at `chunk` or after it. */
  #common(chunk: number): number | undefined {
    let at = chunk;
    for (let agreed = 0; agreed < this.#sources.length; ) {
      const found = (this.#sources[agreed] as Source).seek(at);
      if (found === undefined) return undefined;
      agreed = found === at ? agreed + 1 : 0;
      at = found;
    }
    return at;
  }

  #load(chunk: number): void {
    const [first, ...others] = this.#sources;
    first?.load(this.events);
    for (const source of others) {
      if (this.events.isEmpty()) return;
      source.load(this.#other);
      this.events.and(this.#other);
    }
    const { from, end } = this.#range;
    if (chunk === chunkOfPlace(from)) this.events.keepFrom(offsetOfPlace(from));
    if (chunk === chunkOfPlace(end)) this.events.keepBelow(offsetOfPlace(end));
  }
}
