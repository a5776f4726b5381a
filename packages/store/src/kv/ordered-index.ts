/**
 * A sorted map from ids to entries as a B+tree that is copied on write, so that a snapshot costs
 * nothing and an iteration keeps the state of its beginning while the map changes.
 */
import type { Cursor, Direction } from "./cursor.ts";

const NODE_ENTRIES_MAX = 32;
const HALF = NODE_ENTRIES_MAX / 2;

interface LeafPage<T> {
  readonly kind: "leaf";
  owner: object;
  readonly keys: string[];
  readonly entries: T[];
}

interface BranchPage<T> {
  readonly kind: "branch";
  owner: object;
  /** `keys[i]` is at most the smallest key below `children[i]`; `keys[0]` is never compared. */
  readonly keys: string[];
  readonly children: Page<T>[];
}

type Page<T> = LeafPage<T> | BranchPage<T>;

export class OrderedIndex<T> {
  #root: Page<T>;
  #owner: object = {};

  constructor() {
    this.#root = { kind: "leaf", owner: this.#owner, keys: [], entries: [] };
  }

  /** Builds the index from ids in ascending order, without repeats. */
  static fromSorted<T>(keys: readonly string[], entryOf: (key: string) => T): OrderedIndex<T> {
    const index = new OrderedIndex<T>();
    for (const key of keys) index.set(key, entryOf(key));
    return index;
  }

  set(key: string, entry: T): void {
    const root = this.#own(this.#root);
    const split = this.#insert(root, key, entry);
    this.#root =
      split === undefined
        ? root
        : {
            kind: "branch",
            owner: this.#owner,
            keys: ["", split.keys[0] as string],
            children: [root, split],
          };
  }

  /** Entries with `start <= key < end` as they are now. */
  cursor(start: string | undefined, end: string | undefined, direction: Direction): Cursor<T> {
    this.#owner = {};
    return new IndexCursor(this.#root, start, end, direction);
  }

  #own<P extends Page<T>>(page: P): P {
    if (page.owner === this.#owner) return page;
    const keys = page.keys.slice();
    return page.kind === "leaf"
      ? ({ kind: "leaf", owner: this.#owner, keys, entries: page.entries.slice() } as Page<T> as P)
      : ({
          kind: "branch",
          owner: this.#owner,
          keys,
          children: page.children.slice(),
        } as Page<T> as P);
  }

  /** @returns the new right neighbour if `page` had to be split. */
  #insert(page: Page<T>, key: string, entry: T): Page<T> | undefined {
    if (page.kind === "leaf") {
      const at = lowerBound(page.keys, key);
      if (page.keys[at] === key) {
        page.entries[at] = entry;
        return undefined;
      }
      page.keys.splice(at, 0, key);
      page.entries.splice(at, 0, entry);
    } else {
      const slot = childSlot(page.keys, key);
      const child = this.#own(page.children[slot] as Page<T>);
      page.children[slot] = child;
      const split = this.#insert(child, key, entry);
      if (split === undefined) return undefined;
      page.keys.splice(slot + 1, 0, split.keys[0] as string);
      page.children.splice(slot + 1, 0, split);
    }
    return page.keys.length > NODE_ENTRIES_MAX ? this.#split(page) : undefined;
  }

  #split(page: Page<T>): Page<T> {
    const keys = page.keys.splice(HALF);
    return page.kind === "leaf"
      ? { kind: "leaf", owner: this.#owner, keys, entries: page.entries.splice(HALF) }
      : { kind: "branch", owner: this.#owner, keys, children: page.children.splice(HALF) };
  }
}

class IndexCursor<T> implements Cursor<T> {
  done = false;
  key = "";
  entry!: T;
  readonly #branches: BranchPage<T>[] = [];
  readonly #slots: number[] = [];
  #leaf!: LeafPage<T>;
  #at = 0;
  readonly #step: 1 | -1;
  readonly #start: string | undefined;
  readonly #end: string | undefined;

  constructor(
    root: Page<T>,
    start: string | undefined,
    end: string | undefined,
    direction: Direction,
  ) {
    this.#start = start;
    this.#end = end;
    this.#step = direction === "ascending" ? 1 : -1;
    const from = direction === "ascending" ? start : end;
    this.#descend(root, from);
    if (from === undefined) this.#at = this.#step === 1 ? 0 : this.#leaf.keys.length - 1;
    else this.#at = lowerBound(this.#leaf.keys, from) - (this.#step === 1 ? 0 : 1);
    this.#settle();
  }

  next(): void {
    this.#at += this.#step;
    this.#settle();
  }

  #descend(root: Page<T>, from: string | undefined): void {
    let page = root;
    while (page.kind === "branch") {
      const edge = this.#step === 1 ? 0 : page.children.length - 1;
      const slot = from === undefined ? edge : childSlot(page.keys, from);
      this.#branches.push(page);
      this.#slots.push(slot);
      page = page.children[slot] as Page<T>;
    }
    this.#leaf = page;
  }

  /** Moves over page ends, then checks the far bound. */
  #settle(): void {
    while (this.#at < 0 || this.#at >= this.#leaf.keys.length) {
      if (!this.#nextLeaf()) {
        this.done = true;
        return;
      }
      this.#at = this.#step === 1 ? 0 : this.#leaf.keys.length - 1;
    }
    this.key = this.#leaf.keys[this.#at] as string;
    this.entry = this.#leaf.entries[this.#at] as T;
    if (this.#step === 1) this.done = this.#end !== undefined && this.key >= this.#end;
    else this.done = this.#start !== undefined && this.key < this.#start;
  }

  #nextLeaf(): boolean {
    for (let depth = this.#branches.length - 1; depth >= 0; depth--) {
      const branch = this.#branches[depth] as BranchPage<T>;
      const slot = (this.#slots[depth] as number) + this.#step;
      if (slot < 0 || slot >= branch.children.length) continue;
      this.#slots[depth] = slot;
      this.#branches.length = depth + 1;
      this.#slots.length = depth + 1;
      this.#descend(branch.children[slot] as Page<T>, undefined);
      return true;
    }
    return false;
  }
}

/** Index of the first key that is at least `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The child that holds `key`: the last whose separator is at most `key`. */
function childSlot(keys: readonly string[], key: string): number {
  let low = 1;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
