/**
 * A walk through the flat index in batches, so that no LMDB cursor stays open when an iteration is
 * abandoned. Right for as long as no commit comes between; iterations end with their block.
 */
import type { Direction, ValueCursor } from "../kv/cursor.ts";
import { type ReadOptions, STORE_PREFIX_BYTES, type Table } from "./lmdb-env.ts";

const FIRST_BATCH = 16;
const LATER_BATCH_MAX = 512;

interface Range {
  /** Two characters in front of every key of the store. */
  readonly prefix: string;
  readonly start: string | undefined;
  readonly end: string | undefined;
}

interface FlatPair {
  readonly key: string;
  readonly value: Uint8Array;
}

export class FlatCursor implements ValueCursor {
  done = false;
  key = "";
  readonly #table: Table<string>;
  readonly #options: ReadOptions;
  readonly #values: { flatValue(bytes: Uint8Array, length: number): Uint8Array };
  readonly #ascending: boolean;
  #low: string;
  /** Exclusive. */
  #high: string;
  #pairs: FlatPair[] = [];
  #at = 0;
  #batch = FIRST_BATCH;
  #exhausted = false;

  constructor(
    table: Table<string>,
    range: Range,
    direction: Direction,
    options: ReadOptions,
    values: { flatValue(bytes: Uint8Array, length: number): Uint8Array },
  ) {
    this.#table = table;
    this.#options = options;
    this.#values = values;
    this.#ascending = direction === "ascending";
    this.#low = range.prefix + (range.start ?? "");
    this.#high = range.end === undefined ? after(range.prefix) : range.prefix + range.end;
    this.#settle();
  }

  value(): Uint8Array {
    const { value } = this.#pairs[this.#at] as FlatPair;
    return this.#values.flatValue(value, value.length);
  }

  next(): void {
    this.#at += 1;
    this.#settle();
  }

  #settle(): void {
    if (this.#at >= this.#pairs.length && !this.#exhausted) this.#fill();
    const pair = this.#pairs[this.#at];
    if (pair === undefined) this.done = true;
    else this.key = pair.key.slice(STORE_PREFIX_BYTES);
  }

  /** The next batch; the far end of the range moves behind it. */
  #fill(): void {
    const limit = this.#batch;
    const bounds = this.#ascending
      ? { start: this.#low, end: this.#high }
      : {
          start: this.#high,
          end: this.#low,
          reverse: true,
          exclusiveStart: true,
          inclusiveEnd: true,
        };
    const pairs = [...this.#table.getRange({ ...bounds, ...this.#options, limit })] as FlatPair[];
    this.#pairs = pairs;
    this.#at = 0;
    this.#batch = Math.min(limit * 4, LATER_BATCH_MAX);
    this.#exhausted = pairs.length < limit;
    const last = pairs.at(-1)?.key;
    if (last === undefined) return;
    if (this.#ascending) this.#low = `${last}\0`;
    else this.#high = last;
  }
}

/** The smallest string above all that begin with a two-character prefix. */
function after(prefix: string): string {
  const number = prefix.charCodeAt(0) * 0x100 + prefix.charCodeAt(1) + 1;
  return String.fromCharCode(number >>> 8, number & 0xff);
}
