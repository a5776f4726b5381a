import { utf8Bytes } from "@tacit/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  JsonShapeError,
  parseJson,
  readBytes,
  readOptionalString,
  readUint64,
  readVariant,
} from "./json.ts";
import { JSON_DEPTH_MAX } from "./limits.ts";

const parse = (text: string) => parseJson(utf8Bytes(text));
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe("JSON of contracts", () => {
  it("is what JSON.parse makes of it, but for large integers", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.stringify(parse(text), bigintText)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
    expect(parse("[9007199254740993, 1.5, -18446744073709551616]")).toEqual([
      9007199254740993n,
      1.5,
      -18446744073709551616n,
    ]);
  });

  it("nests as deep as the network's parser allows, and brackets in strings do not count", () => {
    expect(() => parse(nested(JSON_DEPTH_MAX))).not.toThrow();
    expect(() => parse(nested(JSON_DEPTH_MAX + 1))).toThrow(JsonShapeError);
    expect(() => parse(nested(1_000_000))).toThrow(JsonShapeError);
    expect(parse(`["${"[".repeat(1_000)}\\"[["]`)).toHaveLength(1);
  });

  it("is read field by field, and what is wrong is named", () => {
    expect(readVariant({ a: null, b: {} }, "x")).toEqual(["b", {}]);
    for (const wrong of [null, [], {}, { a: {}, b: {} }, { a: 1 }]) {
      expect(() => readVariant(wrong, "x")).toThrow(JsonShapeError);
    }
    expect(readUint64({ n: 2n ** 64n - 1n }, "n")).toBe(2n ** 64n - 1n);
    for (const n of [-1, 1.5, "1", 2n ** 64n, undefined]) {
      expect(() => readUint64({ n }, "n")).toThrow(expect.objectContaining({ path: "n" }));
    }
    expect(readBytes({}, "b")).toEqual(new Uint8Array());
    expect(readBytes({ b: "AQI=" }, "b")).toEqual(Uint8Array.of(1, 2));
    for (const b of ["AQI", "AQ-_", "A===", 5]) {
      expect(() => readBytes({ b }, "b")).toThrow(JsonShapeError);
    }
    expect(readOptionalString({ s: null }, "s")).toBeUndefined();
  });
});

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
