/**
 * A map within a budget of bytes. Entries live in a young and an old generation; what is read moves
 * to the young one; when that fills half the budget, it becomes the old one and the old one goes.
 */
export class GenerationCache<K, V> {
  readonly #youngBytesMax: number;
  readonly #bytesOf: (value: V) => number;
  #youngBytes = 0;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  constructor(bytesMax: number, bytesOf: (value: V) => number) {
    this.#youngBytesMax = bytesMax / 2;
    this.#bytesOf = bytesOf;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    this.#young.set(key, value);
    this.#youngBytes += this.#bytesOf(value);
    if (this.#youngBytes <= this.#youngBytesMax) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
  }
}
