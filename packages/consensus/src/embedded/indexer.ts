/** Writes the events of a block and of its transactions into the index. */
import type { AbciEvent, FinalizeBlockResponse } from "@tacit/sdk";
import type { ChainDatabase } from "./database.ts";
import {
  encodeOccurrences,
  entryKey,
  type IndexKind,
  tagPrefix,
  valuePrefixOf,
} from "./index-keys.ts";

/** Tags that the chain itself answers; an application's attribute of that name is not indexed. */
const RESERVED = new Set(["tx.hash", "tx.height", "block.height"]);

export interface IndexEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * The entries of a block, nearly in key order, which is the order that is cheapest to store.
 * Attributes count only with `index` set; those of one block that are equal share an entry, since
 * most values of a block repeat.
 */
export function indexEntries(height: bigint, result: FinalizeBlockResponse): IndexEntry[] {
  const blocks = new Occurrences("block");
  blocks.add(0, result.events);
  const txs = new Occurrences("tx");
  result.txResults.forEach(({ events }, index) => {
    txs.add(index, events);
  });
  return [...blocks.entries(height), ...txs.entries(height)];
}

/** To be called inside a transaction of `database`. */
export function putIndexEntries(database: ChainDatabase, entries: readonly IndexEntry[]): void {
  const table = database.table("events");
  for (const { key, value } of entries) table.put(key, value);
}

/** value → index, event, index, event, … */
type Values = Map<string, number[]>;

class Occurrences {
  readonly #kind: IndexKind;
  /** event type → attribute → values; undefined for what is not indexed. */
  readonly #byType = new Map<string, Map<string, Values | undefined>>();

  constructor(kind: IndexKind) {
    this.#kind = kind;
  }

  add(index: number, events: readonly AbciEvent[]): void {
    for (let number = 0; number < events.length; number++) {
      const { type, attributes } = events[number] as AbciEvent;
      const byKey = this.#keysOf(type);
      for (const { key, value, index: isIndexed } of attributes) {
        if (isIndexed) addPair(valuesOf(byKey, type, key), value, index, number);
      }
    }
  }

  *entries(height: bigint): Iterable<IndexEntry> {
    for (const [tag, values] of this.#sortedTags()) {
      const prefix = tagPrefix(this.#kind, tag);
      for (const value of [...values.keys()].sort()) {
        yield {
          key: entryKey(valuePrefixOf(prefix, value), height),
          value: encodeOccurrences(values.get(value) as number[]),
        };
      }
    }
  }

  #keysOf(type: string): Map<string, Values | undefined> {
    let keys = this.#byType.get(type);
    if (keys === undefined) {
      keys = new Map();
      this.#byType.set(type, keys);
    }
    return keys;
  }

  /** Two types can make one tag: `wasm` with `a.b`, and `wasm.a` with `b`. */
  #sortedTags(): [string, Values][] {
    const tags = new Map<string, Values>();
    for (const [type, keys] of this.#byType) {
      for (const [key, values] of keys) {
        const tag = `${type}.${key}`;
        const others = tags.get(tag);
        if (values === undefined) continue;
        tags.set(tag, others === undefined ? values : mergedValues(others, values));
      }
    }
    return [...tags].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

function mergedValues(a: Values, b: Values): Values {
  const merged: Values = new Map(a);
  for (const [value, pairs] of b) merged.set(value, [...(a.get(value) ?? []), ...pairs]);
  return merged;
}

function valuesOf(
  keys: Map<string, Values | undefined>,
  type: string,
  key: string,
): Values | undefined {
  const known = keys.get(key);
  if (known !== undefined || keys.has(key)) return known;
  const isSkipped = type === "" || key === "" || RESERVED.has(`${type}.${key}`);
  const values: Values | undefined = isSkipped ? undefined : new Map();
  keys.set(key, values);
  return values;
}

function addPair(values: Values | undefined, value: string, index: number, event: number): void {
  if (values === undefined) return;
  const pairs = values.get(value);
  if (pairs === undefined) {
    values.set(value, [index, event]);
    return;
  }
  // An attribute that stands twice in one event counts once.
  const isRepeated = pairs.at(-2) === index && pairs.at(-1) === event;
  if (!isRepeated) pairs.push(index, event);
}
