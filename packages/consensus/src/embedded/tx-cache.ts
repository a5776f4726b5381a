/** The hashes seen last, least recently seen first out. */
export class TxCache {
  readonly #size: number;
  /** Insertion order is age. */
  readonly #keys = new Set<string>();

  constructor(size: number) {
    this.#size = size;
  }

  /** @returns whether `key` is new; a known one becomes the youngest. */
  add(key: string): boolean {
    const isNew = !this.#keys.delete(key);
    this.#keys.add(key);
    if (this.#keys.size > this.#size) {
      const [oldest] = this.#keys;
      if (oldest !== undefined) this.#keys.delete(oldest);
    }
    return isNew;
  }

  remove(key: string): void {
    this.#keys.delete(key);
  }
}
