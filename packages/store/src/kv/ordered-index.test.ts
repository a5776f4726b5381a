import fc from "fast-check";
import { expect, it } from "vitest";
import type { Cursor } from "./cursor.ts";
import { OrderedIndex } from "./ordered-index.ts";

const key = fc.integer({ min: 0, max: 400 }).map((n) => n.toString(36).padStart(2, "0"));
const bound = fc.option(key, { nil: undefined });
const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ key, entry: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ start: bound, end: bound, descending: fc.boolean() }) },
);

function drain<T>(cursor: Cursor<T>): [string, T][] {
  const pairs: [string, T][] = [];
  for (; !cursor.done; cursor.next()) pairs.push([cursor.key, cursor.entry]);
  return pairs;
}

it("shows each cursor the entries of its beginning, in order, whatever is set later", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 1200, size: "max" }), (steps) => {
      const index = new OrderedIndex<number>();
      const model = new Map<string, number>();
      const open: { cursor: Cursor<number>; expected: [string, number][] }[] = [];
      for (const one of steps) {
        if ("key" in one) {
          index.set(one.key, one.entry);
          model.set(one.key, one.entry);
          continue;
        }
        const { start, end, descending } = one;
        const expected = [...model]
          .filter(([k]) => (start === undefined || k >= start) && (end === undefined || k < end))
          .sort(([a], [b]) => (a < b ? -1 : 1));
        if (descending) expected.reverse();
        const direction = descending ? "descending" : "ascending";
        open.push({ cursor: index.cursor(start, end, direction), expected });
      }
      for (const { cursor, expected } of open) expect(drain(cursor)).toEqual(expected);
      const all = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(drain(index.cursor(undefined, undefined, "ascending"))).toEqual(all);
    }),
  );
});

it("is built from sorted keys", () => {
  const keys = [...Array(1000).keys()].map((n) => String(n).padStart(4, "0"));
  const index = OrderedIndex.fromSorted(keys, Number);
  expect(drain(index.cursor("0100", "0103", "descending"))).toEqual([
    ["0102", 102],
    ["0101", 101],
    ["0100", 100],
  ]);
  expect(drain(index.cursor(undefined, undefined, "ascending"))).toHaveLength(1000);
});
