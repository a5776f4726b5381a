/** Answers `tx_search` and `block_search` from the index. */
import { fromHex } from "@tacit/encoding";
import { QueryError } from "../errors.ts";
import { SEARCH_SCAN_MAX } from "../limits.ts";
import { compareDecimals, type Decimal } from "../query/decimal.ts";
import { matchesValue } from "../query/match.ts";
import { type Condition, parseQuery } from "../query/parse.ts";
import type { ChainDatabase } from "./database.ts";
import {
  decodeOccurrences,
  entryKey,
  heightOfEntry,
  type IndexKind,
  type Occurrence,
  prefixEnd,
  tagPrefix,
  valueOfEntry,
  valuePrefix,
} from "./index-keys.ts";
import { heightOf, indexOf, positionKey } from "./keys.ts";

export interface Position {
  readonly height: bigint;
  readonly index: number;
}

/** Heights from `from` to `to`, both included. */
interface HeightRange {
  readonly from: bigint;
  readonly to: bigint;
}

const HEIGHT_MAX = 2n ** 63n - 1n;

/**
 * Positions of the transactions that meet `query`, oldest first. As in CometBFT, `tx.hash` alone
 * decides if present, and the other conditions must hold in one and the same event.
 * @throws {QueryError} `query/too_long`, `query/syntax`, `query/too_broad`.
 */
export function searchTxs(database: ChainDatabase, query: string): Position[] {
  const conditions = parseQuery(query);
  const byHash = conditions.find(({ tag }) => tag === "tx.hash");
  if (byHash !== undefined) return findHash(database, byHash);
  const { range, rest } = splitHeights(conditions, "tx.height");
  if (rest.length === 0) return positionsIn(database, range);
  const found = intersect(rest.map((condition) => scan(database, "tx", condition, range)));
  const positions = new Map<string, Position>();
  for (const { height, index } of found) positions.set(`${height}/${index}`, { height, index });
  return [...positions.values()].sort(byAge);
}

/**
 * Heights of the blocks that meet `query`, oldest first.
 * @param last is the newest height.
 * @throws {QueryError} `query/too_long`, `query/syntax`, `query/too_broad`.
 */
export function searchBlocks(
  database: ChainDatabase,
  query: string,
  { first, last }: { readonly first: bigint; readonly last: bigint },
): bigint[] {
  const { range, rest } = splitHeights(parseQuery(query), "block.height");
  if (rest.length === 0) return heightsBetween(range, first, last);
  const found = intersect(rest.map((condition) => scan(database, "block", condition, range)));
  const heights = new Set([...found].map(({ height }) => height));
  return [...heights].sort((a, b) => (a < b ? -1 : 1));
}

function byAge(a: Position, b: Position): number {
  return a.height === b.height ? a.index - b.index : a.height < b.height ? -1 : 1;
}

function findHash(database: ChainDatabase, condition: Condition): Position[] {
  if (condition.operator === "EXISTS") return [];
  const position = database.table("hashes").get(fromHex(condition.operand.text));
  return position === undefined ? [] : [{ height: heightOf(position), index: indexOf(position) }];
}

/** Conditions on the height become a range; whatever cannot become one matches nothing. */
function splitHeights(
  conditions: readonly Condition[],
  tag: string,
): { readonly range: HeightRange; readonly rest: readonly Condition[] } {
  let range: HeightRange = { from: 0n, to: HEIGHT_MAX };
  const rest: Condition[] = [];
  for (const condition of conditions) {
    if (condition.tag === tag) range = narrow(range, condition);
    else rest.push(condition);
  }
  return { range, rest };
}

const NOTHING: HeightRange = { from: 1n, to: 0n };

function narrow(range: HeightRange, condition: Condition): HeightRange {
  if (condition.operator === "EXISTS") return range;
  if (condition.operator === "CONTAINS" || condition.operand.kind !== "number") return NOTHING;
  const { floor, isWhole } = floorOf(condition.operand.value);
  switch (condition.operator) {
    case "=":
      return isWhole ? between(range, floor, floor) : NOTHING;
    case "<":
      return between(range, 0n, isWhole ? floor - 1n : floor);
    case "<=":
      return between(range, 0n, floor);
    case ">":
      return between(range, floor + 1n, HEIGHT_MAX);
    case ">=":
      return between(range, isWhole ? floor : floor + 1n, HEIGHT_MAX);
  }
}

function between(range: HeightRange, from: bigint, to: bigint): HeightRange {
  return { from: from > range.from ? from : range.from, to: to < range.to ? to : range.to };
}

function floorOf(value: Decimal): { readonly floor: bigint; readonly isWhole: boolean } {
  const floor = value.unscaled / 10n ** BigInt(value.scale);
  return { floor, isWhole: compareDecimals(value, { unscaled: floor, scale: 0 }) === 0 };
}

function heightsBetween(range: HeightRange, first: bigint, last: bigint): bigint[] {
  const { from, to } = between(range, first, last);
  if (to - from >= BigInt(SEARCH_SCAN_MAX)) tooBroad();
  const heights: bigint[] = [];
  for (let height = from; height <= to; height++) heights.push(height);
  return heights;
}

function positionsIn(database: ChainDatabase, range: HeightRange): Position[] {
  const positions: Position[] = [];
  if (range.from > range.to) return positions;
  const start = positionKey(range.from, 0);
  const end = positionKey(range.to + 1n, 0);
  for (const key of database.table("txs").getKeys({ start, end })) {
    if (positions.length >= SEARCH_SCAN_MAX) tooBroad();
    positions.push({ height: heightOf(key), index: indexOf(key) });
  }
  return positions;
}

/** Events that meet `condition` at heights of `range`. */
function scan(
  database: ChainDatabase,
  kind: IndexKind,
  condition: Condition,
  range: HeightRange,
): Map<string, Occurrence> {
  const found = new Map<string, Occurrence>();
  if (range.from > range.to) return found;
  let visited = 0;
  for (const { key, value } of entriesOf(database, kind, condition, range)) {
    const height = heightOfEntry(key);
    visited += value.length / 8 + 1;
    if (visited > SEARCH_SCAN_MAX) tooBroad();
    if (height < range.from || height > range.to) continue;
    for (const occurrence of decodeOccurrences(height, value)) {
      found.set(`${height}/${occurrence.index}/${occurrence.event}`, occurrence);
    }
  }
  return found;
}

function* entriesOf(
  database: ChainDatabase,
  kind: IndexKind,
  condition: Condition,
  range: HeightRange,
): Iterable<{ readonly key: Uint8Array; readonly value: Uint8Array }> {
  const table = database.table("events");
  if (condition.operator === "=" && condition.operand.kind === "string") {
    const prefix = valuePrefix(kind, condition.tag, condition.operand.text);
    const start = entryKey(prefix, range.from);
    const end = prefixEnd(entryKey(prefix, range.to));
    yield* table.getRange({ start, end });
    return;
  }
  const tag = tagPrefix(kind, condition.tag);
  for (const entry of table.getRange({ start: tag, end: prefixEnd(tag) })) {
    const value = valueOfEntry(entry.key, tag);
    const matches =
      value === undefined ? condition.operator === "EXISTS" : matchesValue(condition, value);
    // What does not match still counts as visited: an entry without occurrences.
    yield matches ? entry : { key: entry.key, value: EMPTY };
  }
}

const EMPTY = new Uint8Array(0);

/** Occurrences that are in all of `sets`. */
function intersect(sets: readonly Map<string, Occurrence>[]): Iterable<Occurrence> {
  const [smallest, ...others] = [...sets].sort((a, b) => a.size - b.size);
  const found: Occurrence[] = [];
  for (const [key, occurrence] of smallest ?? []) {
    if (others.every((set) => set.has(key))) found.push(occurrence);
  }
  return found;
}

function tooBroad(): never {
  throw new QueryError({ code: "query/too_broad", scannedMax: SEARCH_SCAN_MAX });
}
