import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dec } from "./dec.ts";
import { EncodingError } from "./errors.ts";

const dec = (text: string) => Dec.parse(text);

describe("Dec", () => {
  it.each([
    ["0", "0.000000000000000000", "0"],
    ["-0.5", "-0.500000000000000000", "-500000000000000000"],
    ["10000000", "10000000.000000000000000000", "10000000000000000000000000"],
    ["0.000000000000000001", "0.000000000000000001", "1"],
  ])("prints %s with 18 places and as atoms", (text, printed, wire) => {
    expect(dec(text).toString()).toBe(printed);
    expect(dec(text).toWire()).toBe(wire);
    expect(Dec.fromWire(wire).equals(dec(text))).toBe(true);
  });

  it.each(["", "-", ".5", "5.", "1.2.3", "1e3", "0.1234567890123456789", "+1", " 1", "0x1"])(
    "refuses %j",
    (text) => {
      expect(() => Dec.parse(text)).toThrow(EncodingError);
    },
  );

  it("rounds products half to even, on both sides of zero", () => {
    const half = dec("0.5");
    expect(Dec.fromAtoms(1n).mul(half).atoms).toBe(0n);
    expect(Dec.fromAtoms(3n).mul(half).atoms).toBe(2n);
    expect(Dec.fromAtoms(5n).mul(half).atoms).toBe(2n);
    expect(Dec.fromAtoms(-3n).mul(half).atoms).toBe(-2n);
    expect(Dec.fromAtoms(-5n).mul(half).atoms).toBe(-2n);
    expect(Dec.fromAtoms(3n).mulTruncate(half).atoms).toBe(1n);
    expect(Dec.fromAtoms(3n).mulRoundUp(half).atoms).toBe(2n);
    expect(Dec.fromAtoms(-3n).mulRoundUp(half).atoms).toBe(-1n);
  });

  it("divides as the SDK does", () => {
    expect(dec("2").quo(dec("3")).toString()).toBe("0.666666666666666667");
    expect(dec("2").quoTruncate(dec("3")).toString()).toBe("0.666666666666666666");
    expect(dec("1").quoRoundUp(dec("3")).toString()).toBe("0.333333333333333334");
    expect(dec("-2").quo(dec("3")).toString()).toBe("-0.666666666666666667");
    expect(dec("7").quoInt(2n).toString()).toBe("3.500000000000000000");
    expect(() => Dec.ONE.quo(Dec.ZERO)).toThrow(EncodingError);
  });

  it("rounds to integers half to even", () => {
    expect([dec("0.5"), dec("1.5"), dec("2.5"), dec("-1.5")].map((x) => x.roundInt())).toEqual([
      0n,
      2n,
      2n,
      -2n,
    ]);
    expect(dec("-1.9").truncateInt()).toBe(-1n);
    expect(dec("1.1").ceilInt()).toBe(2n);
    expect(dec("-1.1").ceilInt()).toBe(-1n);
    expect(dec("1.1").power(3n).toString()).toBe("1.331000000000000000");
  });

  it("refuses what has more than 256 bits of integer part", () => {
    const largest = Dec.fromAtoms(((10n ** 18n) << 256n) - 1n);
    expect(() => largest.add(Dec.fromAtoms(1n))).toThrow(EncodingError);
    expect(() => largest.mul(dec("2"))).toThrow(EncodingError);
  });

  it("reads what it prints", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (atoms) => {
        const value = Dec.fromAtoms(atoms);
        expect(Dec.parse(value.toString()).atoms).toBe(atoms);
        expect(Dec.fromWire(value.toWire()).atoms).toBe(atoms);
      }),
    );
  });
});
