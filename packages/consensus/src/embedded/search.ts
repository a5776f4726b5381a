/** Answers `tx_search` and `block_search`. */
import { fromHex } from "@tacit/encoding";
import { SEARCH_CHECKED_MAX, SEARCH_SCAN_MAX } from "../limits.ts";
import { compareDecimals, type Decimal } from "../query/decimal.ts";
import { type Condition, parseQuery } from "../query/parse.ts";
import type { ChainDatabase } from "./database.ts";
import { heightOf, indexOf } from "./keys.ts";
import type { HeightRange, Position } from "./search-documents.ts";
import { type SearchLimits, searchIndex } from "./search-index.ts";
import { type Found, inOrder, ranksOf, type SearchPage } from "./search-page.ts";

/** Heights that are there to be found. */
export interface SearchBounds {
  readonly first: bigint;
  readonly last: bigint;
}

const LIMITS: SearchLimits = { checkedMax: SEARCH_CHECKED_MAX, visitsMax: SEARCH_SCAN_MAX };

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
    const ranks = ranksOf(hits.length, page);
    return { hits: hits.slice(ranks.from, ranks.to), total: hits.length };
  }
  const { heights, rest } = splitHeights(conditions, "tx.height", bounds);
  return searchIndex(database, { kind: "tx", heights, conditions: rest }, page, limits);
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
  const { heights, rest } = splitHeights(parseQuery(query), "block.height", bounds);
  if (rest.length === 0) return heightsOf(heights, page);
  const question = { kind: "block", heights, conditions: rest } as const;
  const { hits, total } = await searchIndex(database, question, page, LIMITS);
  return { hits: hits.map(({ height }) => BigInt(height)), total };
}

interface Split {
  readonly heights: HeightRange;
  /** Conditions on something else than the height. */
  readonly rest: readonly Condition[];
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
  let heights = rangeOf(bounds);
  const rest: Condition[] = [];
  for (const condition of conditions) {
    if (condition.tag === tag) heights = narrow(heights, condition);
    else rest.push(condition);
  }
  return { heights, rest };
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
  const ranks = ranksOf(total, page);
  const hits: bigint[] = [];
  for (let rank = ranks.from; rank < ranks.to; rank++) hits.push(BigInt(from + rank));
  return { hits: inOrder(hits, page), total };
}
