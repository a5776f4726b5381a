/**
 * Maps that together keep to a budget of bytes. Entries live in a young and an old generation;
 * what is read moves to the young one; when the young entries of all maps fill half the budget,
 * they become the old ones and the old ones go.
 */

/** What one entry costs beside its key and value, in bytes: map slot, string and array headers. */
const ENTRY_BYTES = 120;

export class CacheBudget {
  generation = 0;
  #youngBytes = 0;
  readonly #youngBytesMax: number;

  constructor(bytesMax: number) {
    this.#youngBytesMax = bytesMax / 2;
  }

  add(bytes: number): void {
    this.#youngBytes += bytes + ENTRY_BYTES;
    if (this.#youngBytes <= this.#youngBytesMax) return;
    this.generation += 1;
    this.#youngBytes = 0;
  }
}

export class GenerationCache<K, V> {
  readonly #budget: CacheBudget;
  readonly #bytesOf: (key: K, value: V) => number;
  #generation = 0;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  constructor(budget: CacheBudget, bytesOf: (key: K, value: V) => number) {
    this.#budget = budget;
    this.#bytesOf = bytesOf;
    this.#generation = budget.generation;
  }

  get(key: K): V | undefined {
    if (this.#generation !== this.#budget.generation) this.#age();
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.#add(key, old);
    return old;
  }

  set(key: K, value: V): void {
    if (this.#generation !== this.#budget.generation) this.#age();
    if (this.#young.has(key)) this.#young.set(key, value);
    else this.#add(key, value);
  }

  #add(key: K, value: V): void {
    this.#young.set(key, value);
    this.#budget.add(this.#bytesOf(key, value));
  }

  #age(): void {
    const missed = this.#budget.generation - this.#generation;
    this.#old = missed === 1 ? this.#young : new Map();
    this.#young = new Map();
    this.#generation = this.#budget.generation;
  }
}
