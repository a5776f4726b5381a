/**
 * A map within a bound, which forgets what was not used for longest, or nearly so. What is used goes
 * to the young generation; when that fills half of the bound, it becomes the old one, and the old
 * one is forgotten. One `Map` kept in the order of use would do it exactly, but entries that are
 * taken out and put in again make V8 lay all of it out anew every few uses.
 */
export class RecentMap<Value> {
  readonly #youngSizeMax: number;
  readonly #sizeOf: (key: string, value: Value) => number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();
  #youngSize = 0;

  /**
   * @param sizeMax of all entries together.
   * @param sizeOf of one entry; 1 by default, so that `sizeMax` is how many there may be.
   */
  constructor(sizeMax: number, sizeOf: (key: string, value: Value) => number = () => 1) {
    this.#youngSizeMax = sizeMax / 2;
    this.#sizeOf = sizeOf;
  }

  get(key: string): Value | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: string, value: Value): void {
    const before = this.#young.get(key);
    if (before !== undefined) this.#youngSize -= this.#sizeOf(key, before);
    this.#young.set(key, value);
    this.#youngSize += this.#sizeOf(key, value);
    if (this.#youngSize > this.#youngSizeMax) this.#begin(this.#young);
  }

  clear(): void {
    this.#begin(new Map());
  }

  /** Begins a young generation after `old`. */
  #begin(old: Map<string, Value>): void {
    this.#old = old;
    this.#young = new Map();
    this.#youngSize = 0;
  }
}
