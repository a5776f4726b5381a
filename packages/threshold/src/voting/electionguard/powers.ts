/**
 * Powers modulo P, fast enough to verify with: of bases that come again by tables, of others with
 * the squarings shared among all exponents and the test for membership.
 */
import { G, P, Q } from "./group.ts";

/** Bits of an exponent that one multiplication takes care of, with a table. */
const TABLE_BITS = 7;
const EXPONENT_BITS = 256;

/** Powers of one base; making it costs as much as a dozen powers. 2.4 MB. */
export class FixedBase {
  readonly #rows: readonly (readonly bigint[])[];

  constructor(base: bigint) {
    const rows: bigint[][] = [];
    let step = base;
    for (let at = 0; at < EXPONENT_BITS; at += TABLE_BITS) {
      const row = [1n];
      for (let i = 0; i < 2 ** TABLE_BITS; i++) row.push(times(row[i] as bigint, step));
      step = row.pop() as bigint;
      rows.push(row);
    }
    this.#rows = rows;
  }

  /** @param exponent any integer; it counts modulo Q. */
  power(exponent: bigint): bigint {
    let rest = reduce(exponent);
    let result = 1n;
    for (const row of this.#rows) {
      const digit = Number(BigInt.asUintN(TABLE_BITS, rest));
      if (digit !== 0) result = times(result, row[digit] as bigint);
      rest >>= BigInt(TABLE_BITS);
    }
    return result;
  }
}

let generator: FixedBase | undefined;

export function generatorPower(exponent: bigint): bigint {
  generator ??= new FixedBase(G);
  return generator.power(exponent);
}

const DIGIT_BITS = 4;
/** 2^256 modulo Q. */
const GAP = (1n << BigInt(EXPONENT_BITS)) - Q;

/** Powers of a base that does not come again (Yao): 256 squarings for all of them together. */
export class Base {
  /** base^(16^i), the last being base^(2^256). */
  readonly #steps: readonly bigint[];

  /** @param base any number that was read. */
  constructor(base: bigint) {
    const steps = [base];
    let step = base;
    for (let at = 0; at < EXPONENT_BITS; at += DIGIT_BITS) {
      for (let i = 0; i < DIGIT_BITS; i++) step = times(step, step);
      steps.push(step);
    }
    this.#steps = steps;
  }

  /** Whether it is one spelling of an element of the subgroup: 0 < base < P and base^Q = 1. */
  isMember(): boolean {
    const base = this.#steps[0] as bigint;
    return base > 0n && base < P && this.#steps.at(-1) === this.#product(GAP);
  }

  /** @param exponent any integer; it counts modulo Q, which is right for members alone. */
  power(exponent: bigint): bigint {
    return this.#product(reduce(exponent));
  }

  /** The steps whose digit is d are multiplied to one; then all of these, each to its d. */
  #product(exponent: bigint): bigint {
    const buckets: bigint[] = new Array(2 ** DIGIT_BITS).fill(1n);
    let rest = exponent;
    for (let i = 0; rest > 0n; i++) {
      const digit = Number(BigInt.asUintN(DIGIT_BITS, rest));
      if (digit !== 0) buckets[digit] = times(buckets[digit] as bigint, this.#steps[i] as bigint);
      rest >>= BigInt(DIGIT_BITS);
    }
    let [sum, result] = [1n, 1n];
    for (let digit = buckets.length - 1; digit > 0; digit--) {
      sum = times(sum, buckets[digit] as bigint);
      result = times(result, sum);
    }
    return result;
  }
}

/** The product modulo P. */
export function times(left: bigint, right: bigint): bigint {
  if (left === 1n) return right;
  return right === 1n ? left : (left * right) % P;
}

export function reduce(exponent: bigint): bigint {
  const rest = exponent % Q;
  return rest < 0n ? rest + Q : rest;
}
