/**
 * One store as a stack of layers: what is committed, the changes of the block, and the branches on
 * top. Inside the stack keys are ids (see bytes.ts).
 */
import { bytesToId, idToBytes } from "@tacit/light/ids";
import { StoreError } from "../errors.ts";
import { KEY_BYTES_MAX, VALUE_BYTES_MAX } from "../limits.ts";
import type { KVStore } from "../types.ts";
import type { Cursor, Direction, ValueCursor } from "./cursor.ts";
import { OrderedIndex } from "./ordered-index.ts";

/** Reads only. */
export interface ReadLayer {
  read(id: string): Uint8Array | undefined;
  cursor(start: string | undefined, end: string | undefined, direction: Direction): ValueCursor;
}

/** Stands for the value of a key that was deleted; told by identity, so that one look finds both. */
export const DELETED: Uint8Array = new Uint8Array(0);

/** An id and its new value, or {@link DELETED}. */
export type Write = readonly [id: string, value: Uint8Array];

/** Takes the writes of the branch above, in ascending key order. */
export interface WriteLayer extends ReadLayer {
  apply(writes: Iterable<Write>): void;
}

/** Writes over a parent. */
export class Overlay implements WriteLayer {
  readonly #parent: ReadLayer;
  readonly #writes = new Map<string, Uint8Array>();
  /** Made when an iterator needs it. */
  #index: OrderedIndex<Uint8Array> | undefined;
  /** Written since: most writes of a block come after its last iterator. */
  #unindexed: string[] = [];

  constructor(parent: ReadLayer) {
    this.#parent = parent;
  }

  get size(): number {
    return this.#writes.size;
  }

  read(id: string): Uint8Array | undefined {
    const own = this.#writes.get(id);
    if (own === undefined) return this.#parent.read(id);
    return own === DELETED ? undefined : own;
  }

  write(id: string, value: Uint8Array): void {
    this.#writes.set(id, value);
    if (this.#index === undefined) return;
    if (this.#unindexed.push(id) > this.#writes.size) this.#dropIndex();
  }

  apply(writes: Iterable<Write>): void {
    for (const [id, value] of writes) this.write(id, value);
  }

  cursor(start: string | undefined, end: string | undefined, direction: Direction): ValueCursor {
    const parent = this.#parent.cursor(start, end, direction);
    if (this.#writes.size === 0) return parent;
    return new MergedCursor(parent, this.#ordered().cursor(start, end, direction), direction);
  }

  /** The writes in no order; for a parent that does not mind. */
  unsorted(): Iterable<Write> {
    return this.#writes;
  }

  /** The writes in ascending key order. */
  *sorted(): Iterable<Write> {
    for (const id of this.#sortedIds()) yield [id, this.#writes.get(id) as Uint8Array];
  }

  clear(): void {
    this.#writes.clear();
    this.#dropIndex();
  }

  #ordered(): OrderedIndex<Uint8Array> {
    const written = (id: string) => this.#writes.get(id) as Uint8Array;
    this.#index ??= OrderedIndex.fromSorted(this.#sortedIds(), written);
    for (const id of this.#unindexed) this.#index.set(id, written(id));
    this.#unindexed = [];
    return this.#index;
  }

  #dropIndex(): void {
    this.#index = undefined;
    this.#unindexed = [];
  }

  #sortedIds(): string[] {
    return [...this.#writes.keys()].sort(compareIds);
  }
}

/** A parent's pairs with newer writes over them. */
class MergedCursor implements ValueCursor {
  done = false;
  key = "";
  readonly #parent: ValueCursor;
  readonly #writes: Cursor<Uint8Array>;
  readonly #ascending: boolean;
  /** The written value under the cursor; undefined when the pair is the parent's. */
  #own: Uint8Array | undefined;

  constructor(parent: ValueCursor, writes: Cursor<Uint8Array>, direction: Direction) {
    this.#parent = parent;
    this.#writes = writes;
    this.#ascending = direction === "ascending";
    this.#settle();
  }

  value(): Uint8Array {
    return this.#own ?? this.#parent.value();
  }

  next(): void {
    if (this.#own === undefined) this.#parent.next();
    else this.#writes.next();
    this.#settle();
  }

  #settle(): void {
    const parent = this.#parent;
    const writes = this.#writes;
    while (!writes.done) {
      if (!parent.done) {
        if (parent.key === writes.key) parent.next();
        else if (parent.key < writes.key === this.#ascending) break;
      }
      if (writes.entry !== DELETED) {
        this.#own = writes.entry;
        this.key = writes.key;
        return;
      }
      writes.next();
    }
    this.#own = undefined;
    this.done = parent.done;
    if (!parent.done) this.key = parent.key;
  }
}

/** The public face of a layer; `overlay` absent makes it read only. */
export class LayerStore implements KVStore {
  readonly #layer: ReadLayer;
  readonly #overlay: Overlay | undefined;

  constructor(layer: ReadLayer, overlay?: Overlay) {
    this.#layer = layer;
    this.#overlay = overlay;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#layer.read(keyToId(key));
  }

  has(key: Uint8Array): boolean {
    return this.#layer.read(keyToId(key)) !== undefined;
  }

  set(key: Uint8Array, value: Uint8Array): void {
    if (value.length > VALUE_BYTES_MAX) {
      throw new StoreError(
        { code: "store/value_too_long", lengthBytes: value.length },
        `a value has at most ${VALUE_BYTES_MAX} bytes, not ${value.length}`,
      );
    }
    this.#writable().write(keyToId(key), value);
  }

  delete(key: Uint8Array): void {
    this.#writable().write(keyToId(key), DELETED);
  }

  iterator(start?: Uint8Array, end?: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]> {
    return this.#pairs(start, end, "ascending");
  }

  reverseIterator(
    start?: Uint8Array,
    end?: Uint8Array,
  ): Iterable<readonly [Uint8Array, Uint8Array]> {
    return this.#pairs(start, end, "descending");
  }

  #pairs(
    start: Uint8Array | undefined,
    end: Uint8Array | undefined,
    direction: Direction,
  ): Iterable<readonly [Uint8Array, Uint8Array]> {
    const from = start === undefined ? undefined : bytesToId(start);
    const to = end === undefined ? undefined : bytesToId(end);
    const empty = from !== undefined && to !== undefined && from >= to;
    return empty ? [] : drain(this.#layer.cursor(from, to, direction));
  }

  #writable(): Overlay {
    if (this.#overlay !== undefined) return this.#overlay;
    throw new StoreError({ code: "store/read_only" }, "a committed version cannot be written");
  }
}

function* drain(cursor: ValueCursor): Generator<readonly [Uint8Array, Uint8Array]> {
  for (; !cursor.done; cursor.next()) yield [idToBytes(cursor.key), cursor.value()];
}

/** @throws {StoreError} `store/bad_key`. */
export function keyToId(key: Uint8Array): string {
  if (key.length === 0 || key.length > KEY_BYTES_MAX) {
    throw new StoreError(
      { code: "store/bad_key", lengthBytes: key.length },
      `a key has 1 to ${KEY_BYTES_MAX} bytes, not ${key.length}`,
    );
  }
  return bytesToId(key);
}

export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
