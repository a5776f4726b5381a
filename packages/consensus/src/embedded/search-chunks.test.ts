/** Searches over several chunks of the index, held against a look at every event. */
import type { AbciEvent, ExecTxResult, FinalizeBlockResponse } from "@tacit/sdk";
import fc from "fast-check";
import { expect, it } from "vitest";
import { inDirectory } from "../../test/node.ts";
import { matchesValue } from "../query/match.ts";
import { parseQuery } from "../query/parse.ts";
import { encodeBlockOutcome, encodeExecTxResult } from "./abci-codec.ts";
import { indexEntries } from "./block-entries.ts";
import { ChainDatabase } from "./database.ts";
import { putIndexEntries, removeIndexEntries } from "./indexer.ts";
import { heightKey, positionKey } from "./keys.ts";
import { searchBlocks, searchTxs } from "./search.ts";

/** Events of each document of a block, of which the first are the block's own. */
type Sizes = readonly number[];

/** Chunks hold 8,192 events: some of these documents fill one, or have a larger one of their own. */
const CHAIN: readonly Sizes[] = [
  [3, 0, 5, 1],
  [0],
  [700, 4_000, 4_000, 200],
  [1, 2_000, 3_000],
  [9, 9_000],
  [0, 0, 0, 3],
  [8_200, 8_192, 1, 4_191],
  [2, 6],
  ...Array.from({ length: 30 }, (_, block) => [block % 3, 400 + block, block, 1]),
];

const LONG = "y".repeat(2_000);

function eventsOf(seed: number, count: number): AbciEvent[] {
  return Array.from({ length: count }, (_, number) => {
    const mixed = Math.imul(seed * 31 + number, 0x9e3779b1) >>> 8;
    const values = [
      ["common", `${mixed % 2}`],
      ["third", `${mixed % 3}`],
      ["amount", `${mixed % 1_000}uscrt`],
      ["precise", `${9_007_199_254_740_992n + BigInt(mixed % 5)}`],
      ["at", `2026-01-${10 + (mixed % 20)}T00:00:00Z`],
      ...(mixed % 911 === 0 ? [["rare", `r${mixed % 7}`]] : []),
      ...(mixed % 2_003 === 0 ? [["memo", `${LONG}${mixed % 3}`]] : []),
    ] as const;
    const attributes = values.map(([key = "", value = ""]) => ({ key, value, index: true }));
    return { type: "e", attributes };
  });
}

const resultOf = (events: readonly AbciEvent[]): ExecTxResult => ({
  code: 0,
  data: new Uint8Array(0),
  log: "",
  info: "",
  gasWanted: 0n,
  gasUsed: 0n,
  events,
  codespace: "",
});

const BLOCKS: readonly FinalizeBlockResponse[] = CHAIN.map(([own = 0, ...txs], block) => ({
  events: eventsOf(block + 7_000, own),
  txResults: txs.map((size, index) => resultOf(eventsOf(block * 100 + index, size))),
  validatorUpdates: [],
  consensusParamUpdates: undefined,
  appHash: new Uint8Array(0),
}));

async function store(database: ChainDatabase): Promise<void> {
  await database.write(() => {
    for (const [block, result] of BLOCKS.entries()) {
      const height = BigInt(block + 1);
      putIndexEntries(database, height, indexEntries(result));
      database.table("outcomes").put(heightKey(height), encodeBlockOutcome(result));
      result.txResults.forEach((each, index) => {
        database.table("results").put(positionKey(height, index), encodeExecTxResult(each));
      });
    }
  });
}

/** What the index should find, by looking at every event. */
function scan(query: string, first: number, of: "tx" | "block"): string[] {
  const conditions = parseQuery(query);
  const isOnHeight = ({ tag }: { readonly tag: string }) => tag === `${of}.height`;
  const byEvent = conditions.filter((condition) => !isOnHeight(condition));
  return BLOCKS.flatMap(({ events, txResults }, block) => {
    const height = `${block + 1}`;
    const heights = conditions.filter(isOnHeight);
    if (block + 1 < first || !heights.every((each) => matchesValue(each, height))) return [];
    const documents = of === "block" ? [events] : txResults.map((result) => result.events);
    return documents.flatMap((all, index) => {
      const isFound = all.some(({ attributes }) =>
        byEvent.every((each) =>
          attributes.some(({ key, value }) => each.tag === `e.${key}` && matchesValue(each, value)),
        ),
      );
      return isFound || byEvent.length === 0 ? [`${height}/${index}`] : [];
    });
  });
}

const condition = fc.constantFrom(
  "e.common = '1'",
  "e.third = '2'",
  "e.third EXISTS",
  "e.rare EXISTS",
  "e.rare = 'r3'",
  "e.amount >= 500",
  "e.amount < 3",
  "e.amount = 77",
  "e.precise > 9007199254740993",
  "e.precise = 9007199254740993",
  "e.at <= TIME 2026-01-15T00:00:00Z",
  "e.rare CONTAINS '5'",
  "e.memo CONTAINS 'y1'",
  "e.amount CONTAINS '99us'",
);
const height = fc
  .tuple(fc.constantFrom("<", ">=", "="), fc.integer({ min: 1, max: CHAIN.length + 1 }))
  .map(([operator, height]) => `height ${operator} ${height}`);
const question = fc.record({
  events: fc.uniqueArray(condition, { minLength: 1, maxLength: 3 }),
  heights: fc.array(height, { maxLength: 2 }),
  perPage: fc.integer({ min: 1, max: 60 }),
  page: fc.integer({ min: 1, max: 4 }),
  order: fc.constantFrom("asc" as const, "desc" as const),
  checkedMax: fc.constantFrom(-1, 1_000_000),
});

async function agrees(database: ChainDatabase, first: number): Promise<void> {
  const bounds = { first: BigInt(first), last: BigInt(CHAIN.length) };
  await fc.assert(
    fc.asyncProperty(question, async ({ events, heights, perPage, page, order, checkedMax }) => {
      const ask = (of: "tx" | "block") =>
        [...events, ...heights.map((each) => `${of}.${each}`)].join(" AND ");
      const limits = { checkedMax, visitsMax: 100_000_000 };
      const asked = { page, perPage, order };
      const pageOf = (all: readonly string[]) =>
        (order === "asc" ? all : all.toReversed()).slice((page - 1) * perPage, page * perPage);
      const txs = await searchTxs(database, ask("tx"), asked, bounds, limits);
      const expected = scan(ask("tx"), first, "tx");
      expect(txs.total).toBe(expected.length);
      expect(txs.hits.map(({ height, index }) => `${height}/${index}`)).toEqual(pageOf(expected));
      const blocks = await searchBlocks(database, ask("block"), asked, bounds);
      const expectedBlocks = scan(ask("block"), first, "block");
      expect(blocks.total).toBe(expectedBlocks.length);
      expect(blocks.hits.map((each) => `${each}/0`)).toEqual(pageOf(expectedBlocks));
    }),
    { numRuns: 40 },
  );
}

it("visits chunks, not hits, for conditions that many events meet", () =>
  inDirectory(async (directory) => {
    const database = new ChainDatabase(directory);
    await store(database);
    const bounds = { first: 1n, last: BigInt(CHAIN.length) };
    const page = { page: 1, perPage: 30, order: "desc" } as const;
    const limits = { checkedMax: 0, visitsMax: 300 };
    for (const query of [
      "e.common = '1' AND e.third = '2'",
      "e.amount > 1",
      "e.third EXISTS AND e.amount <= 500 AND tx.height > 2",
    ]) {
      const { total } = await searchTxs(database, query, page, bounds, limits);
      expect(total).toBe(scan(query, 1, "tx").length);
      expect(total).toBeGreaterThan(40);
    }
    await database.close();
  }));

it("finds what a look at every event finds, and the same of what pruning left", () =>
  inDirectory(async (directory) => {
    const database = new ChainDatabase(directory);
    await store(database);
    await agrees(database, 1);
    for (const [block, result] of BLOCKS.slice(0, 20).entries()) {
      await database.write(() => {
        removeIndexEntries(database, BigInt(block + 1), indexEntries(result));
      });
    }
    await agrees(database, 21);
    for (const [block, result] of BLOCKS.slice(20).entries()) {
      await database.write(() => {
        removeIndexEntries(database, BigInt(block + 21), indexEntries(result));
      });
    }
    const left = [...database.table("events").getKeys()].map((key) => Buffer.from(key).toString());
    expect(left).toEqual(["b\0z", "t\0z"]);
    await database.close();
  }));
