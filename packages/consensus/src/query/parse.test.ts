import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QueryError } from "../errors.ts";
import { matchesEvents } from "./match.ts";
import { parseQuery } from "./parse.ts";

const events = new Map([
  ["tm.event", ["Tx"]],
  ["tx.height", ["5"]],
  ["tx.hash", ["AB12"]],
  ["transfer.amount", ["100uscrt", "8.5atom"]],
  ["transfer.recipient", ["anna", "it has = and AND in it"]],
  ["block.time", ["2026-03-01T12:00:00Z"]],
  ["block.day", ["2026-03-01"]],
  ["wasm-coin.id", ["123456789012345678901234567890"]],
]);
const matches = (query: string) => matchesEvents(parseQuery(query), events);

describe("a query", () => {
  it.each([
    "tm.event='Tx'",
    "tm.event = 'Tx' AND tx.height = 5",
    "tx.height>4 AND tx.height<6 AND tx.height>=5 AND tx.height<=5",
    "tx.height > 4.9",
    "transfer.amount = 100",
    "transfer.amount > 99 AND transfer.amount < 9",
    "transfer.recipient CONTAINS 'nn'",
    "transfer.recipient = 'it has = and AND in it'",
    "transfer.recipient EXISTS",
    "transfer EXISTS",
    "block.time > TIME 2026-03-01T11:59:59Z",
    "block.time = TIME 2026-03-01T13:00:00+01:00",
    "block.day >= DATE 2026-03-01",
    "wasm-coin.id = 123456789012345678901234567890",
    "wasm-coin.id > 123456789012345678901234567889",
    "  tm.event\t=\n'Tx'  ",
  ])("matches: %s", (query) => expect(matches(query)).toBe(true));

  it.each([
    "tm.event='NewBlock'",
    "tx.height=5 AND tm.event='NewBlock'",
    "tx.height > 5",
    "tx.height = '05'",
    "transfer.recipient = 7",
    "missing EXISTS",
    "transfer.amount < 8.5",
    "block.time < TIME 2026-03-01T12:00:00Z",
    "block.time = DATE 2026-03-01",
    "wasm-coin.id = 123456789012345678901234567891",
  ])("does not match: %s", (query) => expect(matches(query)).toBe(false));

  it.each([
    ["", 0],
    ["tm.event", 8],
    ["tm.event=", 9],
    ["tm.event='Tx", 9],
    ["='Tx'", 0],
    ["AND='Tx'", 0],
    ["tm.event='Tx' AND", 17],
    ["tm.event='Tx' tx.height=5", 14],
    ["tm.event='Tx' OR tx.height=5", 14],
    ["tx.height<'5'", 10],
    ["tx.height CONTAINS 5", 19],
    ["tx.height=-5", 10],
    ["a=TIME 2026-13-01T00:00:00Z", 7],
    ["a=DATE 2026-02-30", 7],
    ["a=DATE 1812-01-01", 7],
    ["a!=5", 1],
    ["9a=5", 0],
  ])("is refused with the offset of what is wrong: %s", (query, offset) => {
    expect(() => parseQuery(query)).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ code: "query/syntax", offset }),
      }),
    );
  });

  it("is refused when longer than 512 characters", () => {
    expect(() => parseQuery(`a='${"x".repeat(508)}'`)).not.toThrow();
    expect(() => parseQuery(`a='${"x".repeat(509)}'`)).toThrow(
      expect.objectContaining({ code: "query/too_long" }),
    );
  });

  it("never fails but with a typed error, whatever the text", () => {
    const word = fc.constantFrom("tx.height", "=", "<=", ">", "AND", "EXISTS", "CONTAINS", "TIME ");
    const value = fc.oneof(
      fc.nat().map(String),
      fc.string().map((text) => `'${text}'`),
    );
    const text = fc.array(fc.oneof(word, value, fc.string({ unit: "binary" })));
    fc.assert(
      fc.property(text, (words) => {
        try {
          matches(words.join(" "));
        } catch (error) {
          expect(error).toBeInstanceOf(QueryError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
