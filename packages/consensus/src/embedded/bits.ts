/** A set of offsets, as bits. */

const WORD = 32;

export class Bits {
  /** Words beyond it are zero or absent. */
  #used = 0;
  #words: Uint32Array;

  constructor(bits: number) {
    this.#words = new Uint32Array(Math.ceil(bits / WORD));
  }

  clear(): void {
    this.#words.fill(0, 0, this.#used);
    this.#used = 0;
  }

  add(offset: number): void {
    const at = offset >>> 5;
    this.#reach(at + 1);
    this.#words[at] = (this.#words[at] as number) | (1 << (offset & 31));
  }

  /** Takes the bits of `bytes` instead of those it has, the lowest of each byte first. */
  load(bytes: Uint8Array): void {
    this.clear();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const whole = bytes.length >>> 2;
    this.#reach(Math.ceil(bytes.length / 4));
    const words = this.#words;
    for (let at = 0; at < whole; at++) words[at] = view.getUint32(at * 4, true);
    for (let at = whole * 4; at < bytes.length; at++) {
      words[whole] = (words[whole] as number) | ((bytes[at] as number) << ((at & 3) * 8));
    }
  }

  /** Keeps what `other` has too. */
  and(other: Bits): void {
    const words = this.#words;
    const others = other.#words;
    const shared = Math.min(this.#used, other.#used);
    for (let at = 0; at < shared; at++) words[at] = (words[at] as number) & (others[at] as number);
    words.fill(0, shared, this.#used);
    this.#used = shared;
  }

  /** Adds what `other` has. */
  or(other: Bits): void {
    this.#reach(other.#used);
    for (let at = 0; at < other.#used; at++) {
      this.#words[at] = (this.#words[at] as number) | (other.#words[at] as number);
    }
  }

  /** Keeps the offsets that are `from` or more. */
  keepFrom(from: number): void {
    const first = from >>> 5;
    this.#words.fill(0, 0, Math.min(first, this.#used));
    if (first < this.#used) this.#mask(first, -1 << (from & 31));
  }

  /** Keeps the offsets that are below `end`. */
  keepBelow(end: number): void {
    const last = end >>> 5;
    if (last >= this.#used) return;
    this.#mask(last, ~(-1 << (end & 31)));
    this.#words.fill(0, last + 1, this.#used);
    this.#used = last + 1;
  }

  isEmpty(): boolean {
    for (let at = 0; at < this.#used; at++) if (this.#words[at] !== 0) return false;
    return true;
  }

  count(): number {
    let count = 0;
    for (let at = 0; at < this.#used; at++) count += ones(this.#words[at] as number);
    return count;
  }

  /** How many there are from `from` to `end`, `end` excluded. */
  countBetween(from: number, end: number): number {
    let count = 0;
    for (let at = from >>> 5; at < this.#used && at * WORD < end; at++) {
      let word = this.#words[at] as number;
      if (at === from >>> 5) word &= -1 << (from & 31);
      if (at === end >>> 5) word &= ~(-1 << (end & 31));
      count += ones(word);
    }
    return count;
  }

  /** The last one that is `offset` or less; 0 if there is none. */
  lastUpTo(offset: number): number {
    for (let at = Math.min(offset >>> 5, this.#used - 1); at >= 0; at--) {
      let word = this.#words[at] as number;
      // Of bit 31 on all bits count; a shift by 32 would be one by 0.
      if (at === offset >>> 5) word &= -1 >>> (31 - (offset & 31));
      if (word !== 0) return at * WORD + bitOf(word);
    }
    return 0;
  }

  /** Keeps the offsets for which `test` holds. */
  filter(test: (offset: number) => boolean): void {
    for (let at = 0; at < this.#used; at++) {
      for (let rest = this.#words[at] as number; rest !== 0; rest &= rest - 1) {
        const low = rest & -rest;
        if (test(at * WORD + bitOf(low))) continue;
        this.#words[at] = (this.#words[at] as number) & ~low;
      }
    }
  }

  /** How many stretches, each from a bit of `starts` to before the next one, have any of these bits. */
  countStretches(starts: Bits): number {
    let count = 0;
    let isCounted = false;
    for (let at = 0; at < this.#used; at++) {
      let open = starts.#words[at] ?? 0;
      for (let rest = this.#words[at] as number; rest !== 0; rest &= rest - 1) {
        const upTo = (rest & -rest) | ((rest & -rest) - 1);
        if ((open & upTo) !== 0 || !isCounted) count += 1;
        isCounted = true;
        open &= ~upTo;
      }
      if (open !== 0) isCounted = false;
    }
    return count;
  }

  /** The first offset of each stretch that {@link countStretches} counts, ascending. */
  stretches(starts: Bits): number[] {
    const found: number[] = [];
    let start = 0;
    for (let at = 0; at < starts.#used || at < this.#used; at++) {
      const own = this.#words[at] ?? 0;
      const open = starts.#words[at] ?? 0;
      for (let rest = own | open; rest !== 0; rest &= rest - 1) {
        const low = rest & -rest;
        if ((open & low) !== 0) start = at * WORD + bitOf(low);
        if ((own & low) !== 0 && found.at(-1) !== start) found.push(start);
      }
    }
    return found;
  }

  #mask(at: number, mask: number): void {
    this.#words[at] = (this.#words[at] as number) & mask;
  }

  #reach(words: number): void {
    if (words > this.#words.length) {
      const larger = new Uint32Array(Math.max(words, this.#words.length * 2));
      larger.set(this.#words);
      this.#words = larger;
    }
    if (words > this.#used) this.#used = words;
  }
}

/** @param word of 32 bits. */
function ones(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The highest bit of a word that has one. */
const bitOf = (word: number): number => 31 - Math.clz32(word);
