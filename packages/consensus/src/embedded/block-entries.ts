/** What the events of a block and of its transactions add to the index. */
import type { AbciEvent, FinalizeBlockResponse } from "@tacit/sdk";
import { measureOf } from "../query/measure.ts";
import type { Cell } from "./columns.ts";
import {
  type ColumnKind,
  columnPrefix,
  documentsPrefix,
  existsPrefix,
  type IndexKind,
  tagPrefix,
  valuePrefix,
} from "./index-keys.ts";

/** Tags that the chain itself answers; an application's attribute of that name is not indexed. */
const RESERVED = new Set(["tx.hash", "tx.height", "block.height"]);
const COLUMNS: readonly ColumnKind[] = ["number", "time", "date"];

/** The entries of one kind. The events are numbered from 0, over all documents of the block. */
export interface BlockEntries {
  readonly kind: IndexKind;
  /** Numbers that each document takes: its events, at least one. */
  readonly sizes: readonly number[];
  readonly postings: readonly { readonly prefix: Uint8Array; readonly numbers: EventNumbers }[];
  /** `offset` of a cell is the event's number; ascending. */
  readonly columns: readonly { readonly prefix: Uint8Array; readonly cells: readonly Cell[] }[];
}

/** Ascending. */
type EventNumbers = readonly number[];

/**
 * The entries of a block, nearly in key order, which is the order that is cheapest to store.
 * Attributes count only with `index` set.
 */
export function indexEntries(result: FinalizeBlockResponse): BlockEntries[] {
  const blocks = new Occurrences("block");
  if (result.events.length > 0) blocks.add(result.events);
  const txs = new Occurrences("tx");
  for (const { events } of result.txResults) txs.add(events);
  return [blocks.entries(), txs.entries()].filter(({ sizes }) => sizes.length > 0);
}

/** Value → numbers of the events that have it. */
type Values = Map<string, number[]>;

class Occurrences {
  readonly #kind: IndexKind;
  readonly #sizes: number[] = [];
  readonly #starts: number[] = [];
  #next = 0;
  /** event type → attribute → values; undefined for what is not indexed. */
  readonly #byType = new Map<string, Map<string, Values | undefined>>();

  constructor(kind: IndexKind) {
    this.#kind = kind;
  }

  /** Adds a document. */
  add(events: readonly AbciEvent[]): void {
    events.forEach(({ type, attributes }, index) => {
      const byKey = this.#keysOf(type);
      for (const { key, value, index: isIndexed } of attributes) {
        if (isIndexed) addNumber(valuesOf(byKey, type, key), value, this.#next + index);
      }
    });
    const size = Math.max(1, events.length);
    this.#sizes.push(size);
    this.#starts.push(this.#next);
    this.#next += size;
  }

  entries(): BlockEntries {
    const postings = [
      { prefix: documentsPrefix(this.#kind), numbers: this.#starts as EventNumbers },
    ];
    const columns: BlockEntries["columns"][number][] = [];
    for (const [tag, values] of this.#sortedTags()) {
      const prefix = tagPrefix(this.#kind, tag);
      for (const kind of COLUMNS) {
        const cells = cellsOf(kind, values);
        if (cells.length > 0) columns.push({ prefix: columnPrefix(prefix, kind), cells });
      }
      postings.push({ prefix: existsPrefix(prefix), numbers: union(values) });
      for (const value of [...values.keys()].sort()) {
        const numbers = values.get(value) as number[];
        postings.push({ prefix: valuePrefix(prefix, value), numbers });
      }
    }
    return { kind: this.#kind, sizes: this.#sizes, postings, columns };
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
  for (const [value, numbers] of b) {
    merged.set(value, ascending([...(a.get(value) ?? []), ...numbers]));
  }
  return merged;
}

const union = (values: Values): number[] => ascending([...values.values()].flat());

const ascending = (numbers: EventNumbers): number[] => [
  ...new Set([...numbers].sort((a, b) => a - b)),
];

function cellsOf(kind: ColumnKind, values: Values): Cell[] {
  const cells: Cell[] = [];
  for (const [value, numbers] of values) {
    const measure = measureOf(kind, value);
    if (measure === undefined) continue;
    for (const offset of numbers) cells.push({ ...measure, offset });
  }
  return cells.sort((a, b) => a.offset - b.offset || a.nearest - b.nearest);
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

function addNumber(values: Values | undefined, value: string, number: number): void {
  if (values === undefined) return;
  const numbers = values.get(value);
  if (numbers === undefined) values.set(value, [number]);
  // An attribute that stands twice in one event counts once.
  else if (numbers.at(-1) !== number) numbers.push(number);
}
