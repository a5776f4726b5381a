/** Writes the events of a block and of its transactions into the index. */
import type { AbciEvent, FinalizeBlockResponse } from "@tacit/sdk";
import type { ChainDatabase } from "./database.ts";
import { encodeOccurrences, entryKey, type IndexKind, valuePrefix } from "./index-keys.ts";

/** Tags that the chain itself answers; an application's attribute of that name is not indexed. */
const RESERVED = new Set(["tx.hash", "tx.height", "block.height"]);

export interface IndexEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * The entries of a block, in key order. Attributes count only with `index` set; those of one
 * block that are equal share an entry, since most values of a block repeat.
 */
export function indexEntries(height: bigint, result: FinalizeBlockResponse): IndexEntry[] {
  const blocks = new Occurrences("block");
  blocks.add(0, result.events);
  const txs = new Occurrences("tx");
  result.txResults.forEach(({ events }, index) => {
    txs.add(index, events);
  });
  return [...blocks.entries(height), ...txs.entries(height)].sort((a, b) =>
    Buffer.compare(a.key, b.key),
  );
}

/** To be called inside a transaction of `database`. */
export function putIndexEntries(database: ChainDatabase, entries: readonly IndexEntry[]): void {
  const table = database.table("events");
  for (const { key, value } of entries) table.put(key, value);
}

class Occurrences {
  readonly #kind: IndexKind;
  /** tag → value → index, event, index, event, … */
  readonly #byTag = new Map<string, Map<string, number[]>>();

  constructor(kind: IndexKind) {
    this.#kind = kind;
  }

  add(index: number, events: readonly AbciEvent[]): void {
    events.forEach((event, number) => {
      if (event.type === "") return;
      for (const { key, value, index: isIndexed } of event.attributes) {
        const tag = `${event.type}.${key}`;
        if (!isIndexed || key === "" || RESERVED.has(tag)) continue;
        const pairs = this.#pairs(tag, value);
        const isRepeated = pairs.at(-2) === index && pairs.at(-1) === number;
        if (!isRepeated) pairs.push(index, number);
      }
    });
  }

  *entries(height: bigint): Iterable<IndexEntry> {
    for (const [tag, values] of this.#byTag) {
      for (const [value, pairs] of values) {
        const key = entryKey(valuePrefix(this.#kind, tag, value), height);
        yield { key, value: encodeOccurrences(pairs) };
      }
    }
  }

  #pairs(tag: string, value: string): number[] {
    const values = this.#byTag.get(tag) ?? new Map<string, number[]>();
    this.#byTag.set(tag, values);
    const pairs = values.get(value) ?? [];
    values.set(value, pairs);
    return pairs;
  }
}
