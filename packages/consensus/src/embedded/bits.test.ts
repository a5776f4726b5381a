import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bits } from "./bits.ts";

const SIZE = 200;
const offsets = fc.uniqueArray(fc.nat({ max: SIZE - 1 }), { maxLength: 60 });
const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);

function bitsOf(values: readonly number[], room = SIZE): Bits {
  const bits = new Bits(room);
  for (const value of values) bits.add(value);
  return bits;
}

function valuesOf(bits: Bits): number[] {
  const values: number[] = [];
  bits.filter((offset) => {
    values.push(offset);
    return true;
  });
  return values;
}

describe("a set of offsets", () => {
  it("intersects, unites, narrows and counts as a set does, whatever room it began with", () => {
    const room = fc.constantFrom(0, 32, SIZE);
    const bound = fc.nat({ max: SIZE });
    fc.assert(
      fc.property(offsets, offsets, bound, room, (a, b, bound, room) => {
        const changed = (change: (bits: Bits) => void) => {
          const bits = bitsOf(a, room);
          change(bits);
          const values = valuesOf(bits);
          expect(bits.count()).toBe(values.length);
          expect(bits.isEmpty()).toBe(values.length === 0);
          return values;
        };
        const other = new Set(b);
        const own = sorted(a);
        expect(changed(() => {})).toEqual(own);
        expect(changed((bits) => bits.and(bitsOf(b)))).toEqual(own.filter((x) => other.has(x)));
        expect(changed((bits) => bits.or(bitsOf(b)))).toEqual(sorted(new Set([...a, ...b])));
        expect(changed((bits) => bits.keepFrom(bound))).toEqual(own.filter((x) => x >= bound));
        expect(changed((bits) => bits.keepBelow(bound))).toEqual(own.filter((x) => x < bound));
        expect(changed((bits) => bits.filter((x) => other.has(x)))).toEqual(
          own.filter((x) => other.has(x)),
        );
        expect(changed((bits) => bits.clear())).toEqual([]);
        expect(bitsOf(a, room).lastUpTo(bound)).toBe(own.findLast((x) => x <= bound) ?? 0);
        const between = bitsOf(a, room).countBetween(bound, SIZE - 10);
        expect(between).toBe(own.filter((x) => x >= bound && x < SIZE - 10).length);
      }),
    );
  });

  it("takes the bits of bytes instead of its own", () => {
    const bytes = fc.uint8Array({ maxLength: 20 });
    fc.assert(
      fc.property(offsets, bytes, (before, bytes) => {
        const bits = bitsOf(before, 0);
        bits.load(bytes);
        const expected = [...bytes].flatMap((byte, at) =>
          [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte >> bit) & 1).map((bit) => at * 8 + bit),
        );
        expect(valuesOf(bits)).toEqual(expected);
      }),
    );
  });

  it("tells and counts the stretches it touches", () => {
    fc.assert(
      fc.property(offsets, offsets, (events, others) => {
        const starts = sorted(new Set([0, ...others]));
        const touched = new Set(events.map((event) => starts.findLast((start) => start <= event)));
        const bits = bitsOf(events);
        expect(bits.stretches(bitsOf(starts))).toEqual(
          starts.filter((start) => touched.has(start)),
        );
        expect(bits.countStretches(bitsOf(starts))).toBe(touched.size);
      }),
    );
  });
});
