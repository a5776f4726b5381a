import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addCoins,
  checkCoins,
  coinsToText,
  coversCoins,
  makeCoins,
  parseCoins,
  subtractCoins,
} from "./coins.ts";
import { EncodingError } from "./errors.ts";
import { parseInt256 } from "./int.ts";

const anyCoins = fc
  .array(fc.tuple(fc.constantFrom("abc", "uscrt", "ibc/ABC", "zed"), fc.bigInt(1n, 10n ** 30n)))
  .map((list) => makeCoins(...list.map(([denom, amount]) => ({ denom, amount }))));

describe("coins", () => {
  it("adds and subtracts inversely, and stays sorted and positive", () => {
    fc.assert(
      fc.property(anyCoins, anyCoins, (a, b) => {
        const sum = addCoins(a, b);
        expect(checkCoins(sum)).toBe(sum);
        expect(coinsToText(subtractCoins(sum, b) ?? [])).toBe(coinsToText(a));
        expect(coversCoins(sum, a)).toBe(true);
        expect(subtractCoins(a, b) !== undefined).toBe(coversCoins(a, b));
      }),
    );
  });

  it("reads what it prints, in any order", () => {
    fc.assert(
      fc.property(anyCoins, (coins) => {
        expect(parseCoins(coinsToText(coins))).toEqual(coins);
        expect(parseCoins(coinsToText([...coins].reverse()))).toEqual(coins);
      }),
    );
  });

  it.each(["1", "uscrt", "-1uscrt", "1.5uscrt", "1us", "1uscrt,1uscrt", "1uscrt,", "1üscrt"])(
    "refuses the text %j",
    (text) => {
      expect(() => parseCoins(text)).toThrow(EncodingError);
    },
  );

  it.each([
    [
      "unsorted",
      [
        ["b2b", 1n],
        ["a1a", 1n],
      ],
    ],
    [
      "double",
      [
        ["a1a", 1n],
        ["a1a", 1n],
      ],
    ],
    ["zero", [["a1a", 0n]]],
    ["negative", [["a1a", -1n]]],
    ["a bad denomination", [["1aa", 1n]]],
  ] as const)("refuses a list that is %s", (_name, list) => {
    expect(() => checkCoins(list.map(([denom, amount]) => ({ denom, amount })))).toThrow(
      EncodingError,
    );
  });

  it("refuses integers that are not canonical decimal or too large", () => {
    for (const text of ["+1", "01", "0x1", "1e3", " 1", (1n << 256n).toString()]) {
      expect(() => parseInt256(text)).toThrow(EncodingError);
    }
    expect(parseInt256(((1n << 256n) - 1n).toString())).toBe((1n << 256n) - 1n);
  });
});
