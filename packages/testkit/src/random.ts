/** Random choices that are the same for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to `bound` - 1 (Mulberry32). @param bound 1 to 2^32. */
  below(bound: number): number {
    return this.#next() % bound;
  }

  /** From `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** From 0 to `bound` - 1; 0 for a bound below 1. */
  belowBig(bound: bigint): bigint {
    if (bound <= 1n) return 0n;
    let value = 0n;
    for (let bits = bound.toString(2).length + 32; bits > 0; bits -= 32) {
      value = (value << 32n) | BigInt(this.#next());
    }
    return value % bound;
  }

  /** True in `times` of `outOf` cases. */
  chance(times: number, outOf: number): boolean {
    return this.below(outOf) < times;
  }

  /** @param list must have something in it. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Undefined for an empty list. */
  pickIfAny<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : this.pick(list);
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
