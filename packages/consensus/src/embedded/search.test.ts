import { sha256 } from "@tacit/crypto";
import { toHex } from "@tacit/encoding";
import type { AbciEvent, FinalizeBlockResponse } from "@tacit/sdk";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inDirectory, openNode, textBytes } from "../../test/node.ts";
import { matchesEvents, matchesValue } from "../query/match.ts";
import { parseQuery } from "../query/parse.ts";
import { encodeBlockOutcome, encodeExecTxResult } from "./abci-codec.ts";
import { indexEntries } from "./block-entries.ts";
import { ChainDatabase } from "./database.ts";
import { putIndexEntries } from "./indexer.ts";
import { heightKey, positionKey } from "./keys.ts";
import { searchBlocks, searchTxs } from "./search.ts";
import type { SearchPage } from "./search-page.ts";

const event = (type: string, values: Readonly<Record<string, string>>): AbciEvent => ({
  type,
  attributes: Object.entries(values).map(([key, value]) => ({ key, value, index: true })),
});

const LONG = "x".repeat(3_000);

/** Events of each transaction, by height. */
const CHAIN: readonly (readonly (readonly AbciEvent[])[])[] = [
  [
    [event("transfer", { sender: "a", recipient: "b", amount: "10uscrt" })],
    [
      event("transfer", { sender: "a", recipient: "c", amount: "200uscrt" }),
      event("transfer", { sender: "c", recipient: "b", amount: "5uscrt" }),
    ],
  ],
  [[event("transfer", { sender: "b", recipient: "a", amount: "77uscrt" })]],
  [
    [event("wasm", { memo: LONG, "a.b": "1" }), event("", { key: "no type" })],
    [event("wasm", { memo: "zero\u0000byte", empty: "" }), event("wasm.a", { b: "1" })],
  ],
];

async function store(database: ChainDatabase): Promise<void> {
  for (const [i, txs] of CHAIN.entries()) {
    const height = BigInt(i + 1);
    const result: FinalizeBlockResponse = {
      events: [event("block_bloom", { number: `${height}`, kind: "test" })],
      txResults: txs.map((events) => ({
        code: 0,
        data: new Uint8Array(0),
        log: "",
        info: "",
        gasWanted: 0n,
        gasUsed: 0n,
        events,
        codespace: "",
      })),
      validatorUpdates: [],
      consensusParamUpdates: undefined,
      appHash: new Uint8Array(0),
    };
    const entries = indexEntries(result);
    await database.write(() => {
      putIndexEntries(database, height, entries);
      database.table("outcomes").put(heightKey(height), encodeBlockOutcome(result));
      result.txResults.forEach((each, index) => {
        const position = positionKey(height, index);
        database.table("results").put(position, encodeExecTxResult(each));
        database.table("txs").put(position, position);
        database.table("hashes").put(sha256(position), position);
      });
    });
  }
}

let database: ChainDatabase;
let end: () => void;
let done: Promise<void>;
beforeAll(async () => {
  const opened = Promise.withResolvers<void>();
  done = inDirectory(async (directory) => {
    database = new ChainDatabase(directory);
    await store(database);
    opened.resolve();
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    await database.close();
  });
  await opened.promise;
});
afterAll(async () => {
  end();
  await done;
});

const everything = { page: 1, perPage: 1_000, order: "asc" } as const;
const bounds = { first: 1n, last: BigInt(CHAIN.length) };

async function found(query: string, page: SearchPage = everything): Promise<string[]> {
  const { hits } = await searchTxs(database, query, page, bounds);
  return hits.map(({ height, index }) => `${height}/${index}`);
}

describe("a search for transactions", () => {
  it.each([
    ["transfer.sender = 'a'", ["1/0", "1/1"]],
    ["transfer.sender = 'a' AND tx.height = 2", []],
    ["tx.height = 1", ["1/0", "1/1"]],
    ["tx.height >= 2", ["2/0", "3/0", "3/1"]],
    ["tx.height > 1 AND tx.height < 3", ["2/0"]],
    ["tx.height > 1.5 AND tx.height <= 2.5", ["2/0"]],
    ["tx.height = 1.5", []],
    ["tx.height EXISTS", ["1/0", "1/1", "2/0", "3/0", "3/1"]],
    ["tx.height CONTAINS '1'", []],
    ["transfer.amount > 50", ["1/1", "2/0"]],
    ["transfer.amount = 10", ["1/0"]],
    ["transfer.amount = '10uscrt'", ["1/0"]],
    ["transfer.amount CONTAINS '0us'", ["1/0", "1/1"]],
    ["transfer.recipient = 'b'", ["1/0", "1/1"]],
    ["transfer.recipient EXISTS AND transfer.amount < 8", ["1/1"]],
    ["wasm.memo EXISTS", ["3/0", "3/1"]],
    ["wasm.a.b = '1'", ["3/0", "3/1"]],
    ["wasm.empty = ''", ["3/1"]],
    ["missing.key = 'a'", []],
    ["transfer.sender = 'A'", []],
  ])("finds %s", async (query, expected) => expect(await found(query)).toEqual(expected));

  it("finds values that are too long for a key, or contain a zero byte", async () => {
    expect(await found(`wasm.memo = '${LONG.slice(0, 400)}'`)).toEqual([]);
    expect(await found("wasm.memo CONTAINS 'xxx'")).toEqual(["3/0"]);
    const walked = { checkedMax: -1, visitsMax: 10_000 };
    const query = "wasm.memo CONTAINS 'o\u0000b'";
    const { hits } = await searchTxs(database, query, everything, bounds, walked);
    expect(hits).toEqual([{ height: 3, index: 1 }]);
    expect(await found("wasm.memo = 'zero\u0000byte'")).toEqual(["3/1"]);
  });

  it("wants the conditions to hold in one event, as CometBFT does", async () => {
    expect(await found("transfer.sender = 'a' AND transfer.recipient = 'b'")).toEqual(["1/0"]);
    expect(await found("transfer.sender = 'c' AND transfer.recipient = 'b'")).toEqual(["1/1"]);
  });

  it("takes a hash alone, whatever else is asked", async () => {
    const hash = toHex(sha256(positionKey(2n, 0))).toUpperCase();
    expect(await found(`tx.hash = '${hash}' AND transfer.sender = 'nobody'`)).toEqual(["2/0"]);
    expect(await found(`tx.hash = '${"00".repeat(32)}'`)).toEqual([]);
  });

  it("agrees with a scan of all events, page by page, from either end", async () => {
    const tag = fc.constantFrom("transfer.sender", "transfer.recipient", "transfer.amount");
    const condition = fc
      .tuple(
        tag,
        fc.constantFrom("= 'a'", "= 'b'", "= 'c'", "> 9", "<= 77", "CONTAINS 'c'", "EXISTS"),
      )
      .map((parts) => parts.join(" "));
    const heights = fc.constantFrom("tx.height > 1", "tx.height <= 2", "tx.height = 1");
    const conditions = fc.array(fc.oneof(condition, heights), { minLength: 1, maxLength: 3 });
    const page = fc.record({
      perPage: fc.integer({ min: 1, max: 3 }),
      order: fc.constantFrom("asc" as const, "desc" as const),
    });
    // With no hits to be checked, values are walked.
    const limits = fc.constantFrom(undefined, { checkedMax: -1, visitsMax: 10_000 });
    await fc.assert(
      fc.asyncProperty(conditions, page, limits, async (all, { perPage, order }, limit) => {
        const query = all.join(" AND ");
        const expected = order === "asc" ? scan(query) : scan(query).toReversed();
        const pages: string[] = [];
        for (let number = 1; number <= 5; number++) {
          const asked = { page: number, perPage, order };
          const { hits, total } = await searchTxs(database, query, asked, bounds, limit);
          expect(total).toBe(expected.length);
          pages.push(...hits.map(({ height, index }) => `${height}/${index}`));
        }
        expect(pages).toEqual(expected.slice(0, 5 * perPage));
      }),
      { numRuns: 300 },
    );
  });
});

describe("a search that asks too much", () => {
  it.each(["transfer.amount > 1", "transfer.sender = 'a' AND transfer.recipient EXISTS"])(
    "is refused: %s",
    async (query) => {
      const limits = { checkedMax: -1, visitsMax: 2 };
      await expect(searchTxs(database, query, everything, bounds, limits)).rejects.toThrow(
        expect.objectContaining({ code: "query/too_broad" }),
      );
    },
  );
});

describe("a page of large transactions", () => {
  it("is refused, and smaller ones are not", () =>
    inDirectory(async (directory) => {
      const { engine } = await openNode(directory);
      for (let block = 0; block < 12; block++) {
        await engine.broadcastTx(textBytes(`k${block}=${"v".repeat(6 * 1024 * 1024)}`));
        await engine.produceBlock();
      }
      const page = (perPage: number) =>
        engine.txSearch("tx.height > 0", { page: 1, perPage, order: "asc" });
      await expect(page(12)).rejects.toMatchObject({ code: "query/page_too_large" });
      expect((await page(5)).txs).toHaveLength(5);
      await engine.stop();
    }));
});

describe("a search for blocks", () => {
  it.each([
    ["block_bloom.number = '2'", [2n]],
    ["block_bloom.number >= 2", [2n, 3n]],
    ["block_bloom.kind = 'test' AND block.height < 3", [1n, 2n]],
    ["block.height <= 2", [1n, 2n]],
    ["block_bloom.kind = 'test' AND block_bloom.number > 1", [2n, 3n]],
    ["block_bloom.kind EXISTS", [1n, 2n, 3n]],
    ["block.height > 3", []],
    ["transfer.sender = 'a'", []],
  ])("finds %s", async (query, heights) => {
    const { hits } = await searchBlocks(database, query, everything, bounds);
    expect(hits).toEqual(heights);
  });
});

describe("the engine's search", () => {
  it("pages through what it found from either end", () =>
    inDirectory(async (directory) => {
      const { engine } = await openNode(directory);
      for (let block = 0; block < 3; block++) {
        for (let tx = 0; tx < 3; tx++) await engine.broadcastTx(textBytes(`k${block}${tx}=v`));
        await engine.produceBlock();
      }
      const page = async (number: number, order: "asc" | "desc") => {
        const { txs, total } = await engine.txSearch("set.value='v'", {
          page: number,
          perPage: 4,
          order,
        });
        expect(total).toBe(9);
        return txs.map(({ tx }) => new TextDecoder().decode(tx).slice(1, 3));
      };
      expect(await page(1, "asc")).toEqual(["00", "01", "02", "10"]);
      expect(await page(3, "asc")).toEqual(["22"]);
      expect(await page(1, "desc")).toEqual(["22", "21", "20", "12"]);
      expect(await page(4, "asc")).toEqual([]);
      const hidden = await engine.txSearch("set.private EXISTS", {
        page: 1,
        perPage: 4,
        order: "asc",
      });
      expect(hidden.total).toBe(0);
      const blocks = await engine.blockSearch("block.height>1", {
        page: 1,
        perPage: 9,
        order: "desc",
      });
      expect(blocks).toEqual({ heights: [3n, 2n], total: 2 });
      await engine.stop();
    }));
});

/** What the index should find, by looking at every event. */
function scan(query: string): string[] {
  const conditions = parseQuery(query);
  const byHeight = conditions.filter(({ tag }) => tag === "tx.height");
  const byEvent = conditions.filter(({ tag }) => tag !== "tx.height");
  return CHAIN.flatMap((txs, block) =>
    txs.flatMap((events, index) => {
      const height = new Map([["tx.height", [`${block + 1}`]]]);
      if (!byHeight.every((condition) => matchesEvents([condition], height))) return [];
      const isFound =
        byHeight.length === conditions.length ||
        events.some((each) =>
          byEvent.every((condition) =>
            each.attributes.some(
              ({ key, value }) =>
                `${each.type}.${key}` === condition.tag && matchesValue(condition, value),
            ),
          ),
        );
      return isFound ? [`${block + 1}/${index}`] : [];
    }),
  );
}
