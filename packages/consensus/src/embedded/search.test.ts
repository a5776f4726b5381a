import { sha256 } from "@tacit/crypto";
import { toHex } from "@tacit/encoding";
import type { AbciEvent, FinalizeBlockResponse } from "@tacit/sdk";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inDirectory, openNode, textBytes } from "../../test/node.ts";
import { matchesValue } from "../query/match.ts";
import { parseQuery } from "../query/parse.ts";
import { ChainDatabase } from "./database.ts";
import { indexEntries, putIndexEntries } from "./indexer.ts";
import { positionKey } from "./keys.ts";
import { searchBlocks, searchTxs } from "./search.ts";

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
    const entries = indexEntries(height, result);
    await database.write(() => {
      putIndexEntries(database, entries);
      txs.forEach((_, index) => {
        const position = positionKey(height, index);
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

const found = (query: string) =>
  searchTxs(database, query).map(({ height, index }) => `${height}/${index}`);

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
  ])("finds %s", (query, expected) => expect(found(query)).toEqual(expected));

  it("finds values that are too long to search by content, by equality", () => {
    expect(found(`wasm.memo = '${LONG.slice(0, 400)}'`)).toEqual([]);
    expect(found("wasm.memo CONTAINS 'xxx'")).toEqual([]);
    expect(found("wasm.memo = 'zero\u0000byte'")).toEqual(["3/1"]);
  });

  it("wants the conditions to hold in one event, as CometBFT does", () => {
    expect(found("transfer.sender = 'a' AND transfer.recipient = 'b'")).toEqual(["1/0"]);
    expect(found("transfer.sender = 'c' AND transfer.recipient = 'b'")).toEqual(["1/1"]);
  });

  it("takes a hash alone, whatever else is asked", () => {
    const hash = toHex(sha256(positionKey(2n, 0))).toUpperCase();
    expect(found(`tx.hash = '${hash}' AND transfer.sender = 'nobody'`)).toEqual(["2/0"]);
    expect(found(`tx.hash = '${"00".repeat(32)}'`)).toEqual([]);
  });

  it("agrees with a scan of all events", () => {
    const tag = fc.constantFrom("transfer.sender", "transfer.recipient", "transfer.amount");
    const condition = fc
      .tuple(
        tag,
        fc.constantFrom("= 'a'", "= 'b'", "= 'c'", "> 9", "<= 77", "CONTAINS 'c'", "EXISTS"),
      )
      .map((parts) => parts.join(" "));
    fc.assert(
      fc.property(fc.array(condition, { minLength: 1, maxLength: 3 }), (conditions) => {
        const query = conditions.join(" AND ");
        expect(found(query)).toEqual(scan(query));
      }),
      { numRuns: 200 },
    );
  });
});

describe("a search for blocks", () => {
  it.each([
    ["block_bloom.number = '2'", [2n]],
    ["block_bloom.number >= 2", [2n, 3n]],
    ["block_bloom.kind = 'test' AND block.height < 3", [1n, 2n]],
    ["block.height <= 2", [1n, 2n]],
    ["transfer.sender = 'a'", []],
  ])("finds %s", (query, heights) => {
    expect(searchBlocks(database, query, { first: 1n, last: 3n })).toEqual(heights);
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
      const page = (number: number, order: "asc" | "desc") => {
        const { txs, total } = engine.txSearch("set.value='v'", {
          page: number,
          perPage: 4,
          order,
        });
        expect(total).toBe(9);
        return txs.map(({ tx }) => new TextDecoder().decode(tx).slice(1, 3));
      };
      expect(page(1, "asc")).toEqual(["00", "01", "02", "10"]);
      expect(page(3, "asc")).toEqual(["22"]);
      expect(page(1, "desc")).toEqual(["22", "21", "20", "12"]);
      expect(page(4, "asc")).toEqual([]);
      const hidden = engine.txSearch("set.private EXISTS", { page: 1, perPage: 4, order: "asc" });
      expect(hidden.total).toBe(0);
      const blocks = engine.blockSearch("block.height>1", { page: 1, perPage: 9, order: "desc" });
      expect(blocks).toEqual({ heights: [3n, 2n], total: 2 });
      await engine.stop();
    }));
});

/** What the index should find, by looking at every event. */
function scan(query: string): string[] {
  const conditions = parseQuery(query);
  return CHAIN.flatMap((txs, block) =>
    txs.flatMap((events, index) => {
      const isFound = events.some((each) =>
        conditions.every((condition) =>
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
