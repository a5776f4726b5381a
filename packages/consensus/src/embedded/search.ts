/**
 * Answers `tx_search` and `block_search` from the index.
 *
 * Conditions that name a value, and EXISTS, are streams of entries by height. One stream alone
 * knows its number of hits and finds a page without visiting the others; several are intersected by
 * jumping from height to height. Comparisons and CONTAINS are checked on the events of what the
 * streams leave, or, if that is much, by a walk over all values of their tag.
 */
import { fromHex } from "@tacit/encoding";
import type { AbciEvent } from "@tacit/sdk";
import { QueryError } from "../errors.ts";
import { SEARCH_CHECKED_MAX, SEARCH_SCAN_MAX, SEARCH_SLICE } from "../limits.ts";
import { compareDecimals, type Decimal } from "../query/decimal.ts";
import { matchesValue } from "../query/match.ts";
import { type Condition, parseQuery } from "../query/parse.ts";
import { decodeBlockOutcome, decodeExecTxResult } from "./abci-codec.ts";
import { plain } from "./bytes.ts";
import type { ChainDatabase } from "./database.ts";
import {
  eventOfPlace,
  existsPrefixOf,
  heightOfEntry,
  type IndexKind,
  indexOfPlace,
  type Place,
  placesOf,
  tagPrefix,
  valueOfEntry,
  valuePrefix,
  valuesRange,
} from "./index-keys.ts";
import { ALL_TXS } from "./indexer.ts";
import { heightKey, heightOf, indexOf, positionKey } from "./keys.ts";
import { EntryStream, type HeightRange, type Position } from "./search-stream.ts";

export type { Position } from "./search-stream.ts";

/** Which of the hits are wanted. */
export interface SearchPage {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
  readonly order: "asc" | "desc";
}

/** Heights that are there to be found. */
export interface SearchBounds {
  readonly first: bigint;
  readonly last: bigint;
}

export interface SearchLimits {
  /** Hits whose events are read to check comparisons; beyond, values are walked instead. */
  readonly checkedMax: number;
  /** Index entries and places that may be visited. */
  readonly visitsMax: number;
}

const LIMITS: SearchLimits = { checkedMax: SEARCH_CHECKED_MAX, visitsMax: SEARCH_SCAN_MAX };

export interface Found<Hit> {
  readonly hits: readonly Hit[];
  /** Of all pages. */
  readonly total: number;
}

/**
 * One page of the transactions that meet `query`. As in CometBFT, `tx.hash` alone decides if
 * present, and the other conditions must hold in one and the same event.
 * @throws {QueryError} `query/too_long`, `query/syntax`, `query/too_broad`.
 */
export async function searchTxs(
  database: ChainDatabase,
  query: string,
  page: SearchPage,
  bounds: SearchBounds,
  limits = LIMITS,
): Promise<Found<Position>> {
  const conditions = parseQuery(query);
  const byHash = conditions.find(({ tag }) => tag === "tx.hash");
  if (byHash !== undefined) {
    const { from, to } = rangeOf(bounds);
    const hits = findHash(database, byHash).filter(({ height }) => height >= from && height <= to);
    return { hits: pageOf(hits, page), total: hits.length };
  }
  return search(database, "tx", splitHeights(conditions, "tx.height", bounds), page, limits);
}

/**
 * One page of the heights of blocks that meet `query`.
 * @throws {QueryError} `query/too_long`, `query/syntax`, `query/too_broad`.
 */
export async function searchBlocks(
  database: ChainDatabase,
  query: string,
  page: SearchPage,
  bounds: SearchBounds,
): Promise<Found<bigint>> {
  const split = splitHeights(parseQuery(query), "block.height", bounds);
  if (split.rest.length === 0) return heightsOf(split.range, page);
  const { hits, total } = await search(database, "block", split, page, LIMITS);
  return { hits: hits.map(({ height }) => BigInt(height)), total };
}

interface Split {
  readonly range: HeightRange;
  /** Conditions on something else than the height. */
  readonly rest: readonly Condition[];
}

async function search(
  database: ChainDatabase,
  kind: IndexKind,
  { range, rest }: Split,
  page: SearchPage,
  limits: SearchLimits,
): Promise<Found<Position>> {
  const filters = rest.filter((condition) => !isStream(condition));
  const table = database.table("events");
  const streams = rest.filter(isStream).map((each) => streamOf(database, kind, each, range));
  const tags = filters.map(({ tag }) => existsPrefixOf(tagPrefix(kind, tag)));
  streams.push(...tags.map((prefix) => new EntryStream(table, prefix, range)));
  if (rest.length === 0) streams.push(new EntryStream(table, ALL_TXS, range));
  const counts = streams.map((stream) => stream.count());
  const [only] = streams;
  if (filters.length === 0 && streams.length === 1 && only !== undefined) {
    return pageOfStream(only, counts[0] as number, page);
  }
  const work = new Work(limits.visitsMax);
  const hits = new Hits();
  if (Math.min(...counts) > limits.checkedMax && filters.length > 0) {
    const walked = await walkValues({ database, kind, filters, range }, work);
    const exact = rest.filter(isStream).map((each) => streamOf(database, kind, each, range));
    await intersect(exact, walked, work, (height, places) => hits.add(height, places));
  } else {
    const events = new EventReader(database, kind);
    await intersect(streams, undefined, work, (height, places) => {
      work.spend(places.length * (filters.length === 0 ? 0 : CHECK_COST));
      hits.add(height, events.meeting(filters, height, places));
    });
  }
  return { hits: hits.page(page), total: hits.total };
}

/** Decoding a result for its events, in visits of an index entry. */
const CHECK_COST = 50;
/** Places of entries that are compared in the time of a visit. */
const PLACES_A_VISIT = 8;

type StreamCondition = Condition & { readonly operator: "=" | "EXISTS" };

function isStream(condition: Condition): condition is StreamCondition {
  if (condition.operator === "EXISTS") return true;
  return condition.operator === "=" && condition.operand.kind === "string";
}

function streamOf(
  database: ChainDatabase,
  kind: IndexKind,
  condition: StreamCondition,
  range: HeightRange,
): EntryStream {
  const prefix =
    condition.operator === "EXISTS"
      ? existsPrefixOf(tagPrefix(kind, condition.tag))
      : valuePrefix(kind, condition.tag, condition.operand.text);
  return new EntryStream(database.table("events"), prefix, range);
}

function pageOfStream(stream: EntryStream, total: number, page: SearchPage): Found<Position> {
  const { from, to } = rankRange(total, page);
  const hits = stream.slice(from, to);
  return { hits: page.order === "desc" ? hits.reverse() : hits, total };
}

/** Ranks of a page's hits by age, `to` excluded. */
function rankRange(
  total: number,
  { page, perPage, order }: SearchPage,
): { from: number; to: number } {
  const start = Math.min((page - 1) * perPage, total);
  const end = Math.min(start + perPage, total);
  return order === "asc" ? { from: start, to: end } : { from: total - end, to: total - start };
}

function pageOf<T>(hits: readonly T[], page: SearchPage): T[] {
  const { from, to } = rankRange(hits.length, page);
  const chosen = hits.slice(from, to);
  return page.order === "desc" ? chosen.reverse() : chosen;
}

/** What was found so far, oldest first, each transaction once. */
class Hits {
  readonly #heights: number[] = [];
  readonly #indexes: number[] = [];

  get total(): number {
    return this.#heights.length;
  }

  /** @param places ascending, at a height above those before. */
  add(height: number, places: readonly Place[]): void {
    let last = -1;
    for (const place of places) {
      const index = indexOfPlace(place);
      if (index === last) continue;
      last = index;
      this.#heights.push(height);
      this.#indexes.push(index);
    }
  }

  page(page: SearchPage): Position[] {
    const { from, to } = rankRange(this.total, page);
    const hits: Position[] = [];
    for (let rank = from; rank < to; rank++) {
      hits.push({ height: this.#heights[rank] as number, index: this.#indexes[rank] as number });
    }
    return page.order === "desc" ? hits.reverse() : hits;
  }
}

/** Counts visits, refuses too many, and lets others run in between. */
class Work {
  readonly #visitsMax: number;
  #visits = 0;
  #rested = 0;

  constructor(visitsMax: number) {
    this.#visitsMax = visitsMax;
  }

  /** @throws {QueryError} `query/too_broad`. */
  spend(visits: number): void {
    this.#visits += visits;
    if (this.#visits > this.#visitsMax) {
      throw new QueryError({ code: "query/too_broad", scannedMax: this.#visitsMax });
    }
  }

  /** To be awaited where it is not undefined. */
  rest(): Promise<void> | undefined {
    if (this.#visits - this.#rested < SEARCH_SLICE) return undefined;
    this.#rested = this.#visits;
    return new Promise((resolve) => setImmediate(resolve));
  }
}

/** Height → places, ascending in both. */
type Walked = ReadonlyMap<number, readonly Place[]>;

/** Calls `visit` with the heights and places that all of `streams` have, and `walked` if given. */
async function intersect(
  streams: readonly EntryStream[],
  walked: Walked | undefined,
  work: Work,
  visit: (height: number, places: readonly Place[]) => void,
): Promise<void> {
  if (walked !== undefined) {
    for (const [height, places] of walked) {
      const others = streams.map((stream) => stream.seek(height));
      work.spend(others.length);
      if (others.some((entry) => entry?.height !== height)) continue;
      visit(height, common([places, ...others.map((entry) => entry?.places ?? [])]));
      await work.rest();
    }
    return;
  }
  let height = 0;
  for (;;) {
    const pause = work.rest();
    if (pause !== undefined) await pause;
    const entries = streams.map((stream) => stream.seek(height));
    work.spend(entries.length);
    if (entries.some((entry) => entry === undefined)) return;
    const highest = Math.max(...entries.map((entry) => entry?.height ?? 0));
    if (entries.every((entry) => entry?.height === highest)) {
      const lists = entries.map((entry) => entry?.places ?? []);
      work.spend(lists.reduce((sum, { length }) => sum + length, 0) / PLACES_A_VISIT);
      visit(highest, common(lists));
      height = highest + 1;
    } else height = highest;
  }
}

/** Places in all of the ascending lists. */
function common(lists: readonly (readonly Place[])[]): readonly Place[] {
  return lists.reduce(inBoth);
}

function inBoth(a: readonly Place[], b: readonly Place[]): readonly Place[] {
  const found: Place[] = [];
  let at = 0;
  for (const place of a) {
    while (at < b.length && (b[at] as Place) < place) at++;
    if (b[at] === place) found.push(place);
  }
  return found;
}

/** Reads the events at places of the index. */
class EventReader {
  readonly #database: ChainDatabase;
  readonly #kind: IndexKind;

  constructor(database: ChainDatabase, kind: IndexKind) {
    this.#database = database;
    this.#kind = kind;
  }

  /** Those of `places` whose event meets all of `filters`. */
  meeting(
    filters: readonly Condition[],
    height: number,
    places: readonly Place[],
  ): readonly Place[] {
    if (filters.length === 0) return places;
    let index = -1;
    let events: readonly AbciEvent[] = [];
    return places.filter((place) => {
      if (indexOfPlace(place) !== index) {
        index = indexOfPlace(place);
        events = this.#eventsAt(height, index);
      }
      const event = events[eventOfPlace(place)];
      return event !== undefined && filters.every((filter) => holdsIn(event, filter));
    });
  }

  #eventsAt(height: number, index: number): readonly AbciEvent[] {
    if (this.#kind === "block") {
      const bytes = this.#database.table("outcomes").get(heightKey(BigInt(height)));
      return bytes === undefined ? [] : decodeBlockOutcome(plain(bytes)).events;
    }
    const bytes = this.#database.table("results").get(positionKey(BigInt(height), index));
    return bytes === undefined ? [] : decodeExecTxResult(plain(bytes)).events;
  }
}

function holdsIn({ type, attributes }: AbciEvent, condition: Condition): boolean {
  return attributes.some(
    ({ key, value, index }) =>
      index && `${type}.${key}` === condition.tag && matchesValue(condition, value),
  );
}

interface Walk {
  readonly database: ChainDatabase;
  readonly kind: IndexKind;
  readonly filters: readonly Condition[];
  readonly range: HeightRange;
}

/** Events whose values meet all of `filters`, by a walk over the values of each tag. */
async function walkValues(walk: Walk, work: Work): Promise<Walked> {
  let found: Map<number, readonly Place[]> | undefined;
  for (const filter of walk.filters) {
    const next = await walkTag(walk, filter, work);
    if (found !== undefined) {
      for (const [height, places] of next) {
        const both = common([places, found.get(height) ?? []]);
        next.set(height, both);
      }
    }
    found = next;
  }
  return new Map([...(found ?? [])].sort(([a], [b]) => a - b));
}

async function walkTag(
  { database, kind, range }: Walk,
  filter: Condition,
  work: Work,
): Promise<Map<number, readonly Place[]>> {
  const tag = tagPrefix(kind, filter.tag);
  const found = new Map<number, Place[]>();
  const events = new EventReader(database, kind);
  let { start, end } = valuesRange(tag);
  for (;;) {
    const entries = [...database.table("events").getRange({ start, end, limit: SEARCH_SLICE })];
    work.spend(entries.length);
    for (const { key, value } of entries) {
      const height = heightOfEntry(key);
      if (height < range.from || height > range.to) continue;
      const text = valueOfEntry(key, tag);
      if (text !== undefined && !matchesValue(filter, text)) continue;
      const places = placesOf(value);
      if (text === undefined) work.spend(places.length * CHECK_COST);
      const matching = text === undefined ? events.meeting([filter], height, places) : places;
      found.set(height, [...(found.get(height) ?? []), ...matching]);
    }
    const last = entries.at(-1);
    if (last === undefined || entries.length < SEARCH_SLICE) break;
    // The next key after the last one.
    start = Buffer.concat([last.key, Buffer.of(0)]);
    await work.rest();
  }
  for (const [height, places] of found) {
    found.set(
      height,
      [...new Set(places)].sort((a, b) => a - b),
    );
  }
  return found;
}

function findHash(database: ChainDatabase, condition: Condition): Position[] {
  if (condition.operator === "EXISTS") return [];
  const position = database.table("hashes").get(fromHex(condition.operand.text));
  if (position === undefined) return [];
  return [{ height: Number(heightOf(position)), index: indexOf(position) }];
}

const rangeOf = ({ first, last }: SearchBounds): HeightRange => ({
  from: Number(first),
  to: Number(last),
});

/** Conditions on the height become a range; whatever cannot become one matches nothing. */
function splitHeights(conditions: readonly Condition[], tag: string, bounds: SearchBounds): Split {
  let range = rangeOf(bounds);
  const rest: Condition[] = [];
  for (const condition of conditions) {
    if (condition.tag === tag) range = narrow(range, condition);
    else rest.push(condition);
  }
  return { range, rest };
}

const NOTHING: HeightRange = { from: 1, to: 0 };

function narrow(range: HeightRange, condition: Condition): HeightRange {
  if (condition.operator === "EXISTS") return range;
  if (condition.operator === "CONTAINS" || condition.operand.kind !== "number") return NOTHING;
  const { floor, isWhole } = floorOf(condition.operand.value);
  switch (condition.operator) {
    case "=":
      return isWhole ? between(range, floor, floor) : NOTHING;
    case "<":
      return between(range, 0, isWhole ? floor - 1 : floor);
    case "<=":
      return between(range, 0, floor);
    case ">":
      return between(range, floor + 1, Number.MAX_SAFE_INTEGER);
    case ">=":
      return between(range, isWhole ? floor : floor + 1, Number.MAX_SAFE_INTEGER);
  }
}

function between(range: HeightRange, from: number, to: number): HeightRange {
  return { from: Math.max(from, range.from), to: Math.min(to, range.to) };
}

/** Heights are far below what a number holds exactly; larger operands only have to stay larger. */
function floorOf(value: Decimal): { readonly floor: number; readonly isWhole: boolean } {
  const floor = value.unscaled / 10n ** BigInt(value.scale);
  const isWhole = compareDecimals(value, { unscaled: floor, scale: 0 }) === 0;
  const most = BigInt(Number.MAX_SAFE_INTEGER - 1);
  return { floor: Number(floor > most ? most : floor), isWhole };
}

function heightsOf({ from, to }: HeightRange, page: SearchPage): Found<bigint> {
  const total = Math.max(0, to - from + 1);
  const ranks = rankRange(total, page);
  const hits: bigint[] = [];
  for (let rank = ranks.from; rank < ranks.to; rank++) hits.push(BigInt(from + rank));
  return { hits: page.order === "desc" ? hits.reverse() : hits, total };
}
