/** Writes the events of a block and of its transactions into the index. */
import type { AbciEvent, FinalizeBlockResponse } from "@tacit/sdk";
import type { ChainDatabase, Table } from "./database.ts";
import {
  countIndexes,
  encodeEntry,
  entryKey,
  existsPrefixOf,
  heightOfEntry,
  type IndexKind,
  type Place,
  placeOf,
  tagPrefix,
  totalOf,
  valuePrefixOf,
} from "./index-keys.ts";

/** Tags that the chain itself answers; an application's attribute of that name is not indexed. */
const RESERVED = new Set(["tx.hash", "tx.height", "block.height"]);

/** The entry of every transaction, under which the index counts them. */
export const ALL_TXS = existsPrefixOf(tagPrefix("tx", "tx.height"));

export interface IndexEntry {
  /** The key without the height. */
  readonly prefix: Uint8Array;
  /** Ascending. */
  readonly places: readonly Place[];
}

/**
 * The entries of a block, nearly in key order, which is the order that is cheapest to store.
 * Attributes count only with `index` set; those of one block that are equal share an entry, since
 * most values of a block repeat.
 */
export function indexEntries(result: FinalizeBlockResponse): IndexEntry[] {
  const blocks = new Occurrences("block");
  blocks.add(0, result.events);
  const txs = new Occurrences("tx");
  result.txResults.forEach(({ events }, index) => {
    txs.add(index, events);
  });
  const every = result.txResults.map((_, index) => placeOf(index, 0));
  const all = every.length === 0 ? [] : [{ prefix: ALL_TXS, places: every }];
  return [...blocks.entries(), ...txs.entries(), ...all];
}

/** To be called inside a transaction of `database`, once a block, in the order of heights. */
export function putIndexEntries(
  database: ChainDatabase,
  height: bigint,
  entries: readonly IndexEntry[],
): void {
  const table = database.table("events");
  const at = Number(height);
  for (const { prefix, places } of entries) {
    const total = totalBefore(table, prefix, at) + countIndexes(places);
    table.put(entryKey(prefix, at), encodeEntry(total, places));
  }
}

/** To be called inside a transaction of `database`. */
export function removeIndexEntries(
  database: ChainDatabase,
  height: bigint,
  entries: readonly IndexEntry[],
): void {
  const table = database.table("events");
  for (const { prefix } of entries) table.remove(entryKey(prefix, Number(height)));
}

function totalBefore(table: Table, prefix: Uint8Array, height: number): number {
  const start = entryKey(prefix, height);
  for (const { key, value } of table.getRange({ start, end: prefix, reverse: true, limit: 2 })) {
    if (heightOfEntry(key) < height) return totalOf(value);
  }
  return 0;
}

type Values = Map<string, Place[]>;

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
      const place = placeOf(index, number);
      for (const { key, value, index: isIndexed } of attributes) {
        if (isIndexed) addPlace(valuesOf(byKey, type, key), value, place);
      }
    }
  }

  *entries(): Iterable<IndexEntry> {
    for (const [tag, values] of this.#sortedTags()) {
      const prefix = tagPrefix(this.#kind, tag);
      yield { prefix: existsPrefixOf(prefix), places: union(values) };
      for (const value of [...values.keys()].sort()) {
        yield { prefix: valuePrefixOf(prefix, value), places: values.get(value) as Place[] };
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
  for (const [value, places] of b) {
    merged.set(value, ascending([...(a.get(value) ?? []), ...places]));
  }
  return merged;
}

const union = (values: Values): Place[] => ascending([...values.values()].flat());

const ascending = (places: readonly Place[]): Place[] => [
  ...new Set([...places].sort((a, b) => a - b)),
];

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

function addPlace(values: Values | undefined, value: string, place: Place): void {
  if (values === undefined) return;
  const places = values.get(value);
  if (places === undefined) values.set(value, [place]);
  // An attribute that stands twice in one event counts once.
  else if (places.at(-1) !== place) places.push(place);
}
