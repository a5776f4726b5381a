import { RECORD_OVERHEAD_BYTES } from "../limits.ts";
import type { Known } from "./overlay.ts";

/**
 * Records of one state that were proved or written, bounded by bytes; what was used least recently goes first.
 * Values stay encrypted in here.
 */
export class RecordCache {
  readonly #records = new Map<string, Known>();
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get(key: string): Known | undefined {
    const value = this.#records.get(key);
    if (value === undefined) return undefined;
    this.#records.delete(key);
    this.#records.set(key, value);
    return value;
  }

  set(key: string, value: Known): void {
    const old = this.#records.get(key);
    if (old !== undefined) this.#drop(key, old);
    this.#records.set(key, value);
    this.#bytes += sizeOf(key, value);
    while (this.#bytes > this.#bytesMax && this.#records.size > 1) this.#dropOldest();
  }

  clear(): void {
    this.#records.clear();
    this.#bytes = 0;
  }

  #dropOldest(): void {
    for (const [key, value] of this.#records) {
      this.#drop(key, value);
      return;
    }
  }

  #drop(key: string, value: Known): void {
    this.#records.delete(key);
    this.#bytes -= sizeOf(key, value);
  }
}

function sizeOf(key: string, value: Known): number {
  return key.length + (value?.length ?? 0) + RECORD_OVERHEAD_BYTES;
}
