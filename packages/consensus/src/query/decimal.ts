/** Exact comparison of the decimal numbers of queries and attributes. */
import { NUMBER_DIGITS_MAX } from "../limits.ts";

/** `unscaled / 10^scale`. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** @returns undefined unless `text` is digits with an optional fraction, and not too long. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^([0-9]+)(?:\.([0-9]*))?$/.exec(text);
  if (match === null || text.length > NUMBER_DIGITS_MAX) return undefined;
  const fraction = match[2] ?? "";
  return { unscaled: BigInt(`${match[1]}${fraction}`), scale: fraction.length };
}

/** The number that an attribute such as `12`, `8.5` or `100uscrt` begins with. */
export function leadingDecimal(value: string): Decimal | undefined {
  const match = /^[0-9]+(?:\.[0-9]+)?/.exec(value.slice(0, NUMBER_DIGITS_MAX + 1));
  return match === null ? undefined : parseDecimal(match[0]);
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const left = a.unscaled * 10n ** BigInt(scale - a.scale);
  const right = b.unscaled * 10n ** BigInt(scale - b.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}
