/** The entries of one key of the index, in the order of chunks. */
import { plain } from "./bytes.ts";
import type { Table } from "./database.ts";
import { chunkKey, chunkOfKey } from "./index-keys.ts";

export interface ChunkEntry {
  readonly chunk: number;
  readonly value: Uint8Array;
}

/** Entries read at once: few after a jump, more the longer the reading goes straight on. */
const BATCH_MIN = 2;
const BATCH_MAX = 64;

export class ChunkCursor {
  readonly #table: Table;
  readonly #prefix: Uint8Array;
  readonly #last: number;
  #batch: readonly ChunkEntry[] = [];
  /** From which chunk the batch was read: there is nothing between it and the first entry. */
  #start = 0;
  #size = BATCH_MIN;
  /** Where in the batch the last entry was found; seeks mostly go forward. */
  #at = 0;

  /** @param last chunk of interest. */
  constructor(table: Table, prefix: Uint8Array, last: number) {
    this.#table = table;
    this.#prefix = prefix;
    this.#last = last;
  }

  /** The first entry at `chunk` or after it. Cheapest when chunks ascend. */
  seek(chunk: number): ChunkEntry | undefined {
    const found = this.#inBatch(chunk);
    if (found !== undefined) return found;
    const isStraightOn = chunk === (this.#batch.at(-1)?.chunk ?? -2) + 1;
    this.#size = isStraightOn ? Math.min(this.#size * 2, BATCH_MAX) : BATCH_MIN;
    this.#batch = (isStraightOn ? undefined : this.#exactly(chunk)) ?? this.#from(chunk);
    this.#start = chunk;
    this.#at = 0;
    return this.#batch[0];
  }

  /** One look-up is quicker than a range, and most jumps are to where something is. */
  #exactly(chunk: number): readonly ChunkEntry[] | undefined {
    const value = chunk > this.#last ? undefined : this.#table.get(chunkKey(this.#prefix, chunk));
    return value && [{ chunk, value: plain(value) }];
  }

  #from(chunk: number): readonly ChunkEntry[] {
    const start = chunkKey(this.#prefix, chunk);
    const end = chunkKey(this.#prefix, this.#last + 1);
    return [...this.#table.getRange({ start, end, limit: this.#size })].map(entryOf);
  }

  /** The last entry at `chunk` or before it. */
  before(chunk: number): ChunkEntry | undefined {
    const start = chunkKey(this.#prefix, chunk);
    const range = { start, end: this.#prefix, reverse: true, limit: 1 };
    for (const entry of this.#table.getRange(range)) return entryOf(entry);
    return undefined;
  }

  #inBatch(chunk: number): ChunkEntry | undefined {
    if (this.#batch.length === 0 || chunk < this.#start) return undefined;
    if (chunk < (this.#batch[this.#at] as ChunkEntry).chunk) this.#at = 0;
    for (; this.#at < this.#batch.length; this.#at++) {
      const entry = this.#batch[this.#at] as ChunkEntry;
      if (entry.chunk >= chunk) return entry;
    }
    this.#at = this.#batch.length - 1;
    return undefined;
  }
}

function entryOf({
  key,
  value,
}: {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}): ChunkEntry {
  return { chunk: chunkOfKey(key), value: plain(value) };
}
