/** Numbers, times and days of attributes as floating-point numbers that keep their order. */
import { compareDecimals, leadingDecimal } from "./decimal.ts";
import type { Operand } from "./parse.ts";
import { parseDate, parseTime } from "./time.ts";

export type MeasureKind = Exclude<Operand["kind"], "string">;

/**
 * The floating-point number nearest to a value, a time in nanoseconds since the epoch. It never
 * decreases when the value grows.
 */
export interface Measure {
  readonly nearest: number;
  /** False if the value may be another one that is near. */
  readonly isExact: boolean;
}

/** @returns undefined if `value` is not of this kind; see `matchesValue`. */
export function measureOf(kind: MeasureKind, value: string): Measure | undefined {
  if (kind === "number") {
    const number = leadingDecimal(value);
    if (number === undefined) return undefined;
    // Digits after the point are taken for inexact; halves and the like are too rare to tell apart.
    if (number.scale === 0) return whole(number.unscaled);
    return { nearest: Number(`${number.unscaled}e-${number.scale}`), isExact: false };
  }
  const nanos = kind === "time" ? parseTime(value) : parseDate(value);
  return nanos === undefined ? undefined : whole(nanos);
}

/** An operand, for comparison with measures of its kind. */
export interface Mark {
  readonly nearest: number;
  /** How values that are exactly `nearest` stand to the operand: negative, zero, positive. */
  readonly tie: number;
}

export function markOf(operand: Exclude<Operand, { kind: "string" }>): Mark {
  if (operand.kind !== "number") {
    const { nearest } = whole(operand.nanos);
    return { nearest, tie: Number(BigInt(nearest) - operand.nanos) };
  }
  const nearest = Number(operand.text);
  return { nearest, tie: compareDecimals(decimalOf(nearest), operand.value) };
}

const whole = (value: bigint): Measure => {
  const nearest = Number(value);
  return { nearest, isExact: BigInt(nearest) === value };
};

/** Exactly `value`, which is not negative. */
function decimalOf(value: number): { readonly unscaled: bigint; readonly scale: number } {
  let unscaled = value;
  let scale = 0;
  // Each doubling is exact, and the fraction of a number of 53 bits ends.
  while (!Number.isInteger(unscaled)) {
    unscaled *= 2;
    scale += 1;
  }
  return { unscaled: BigInt(unscaled) * 5n ** BigInt(scale), scale };
}
