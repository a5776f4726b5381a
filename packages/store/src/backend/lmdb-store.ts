/** One store on LMDB: nodes by record number, newest values in a flat index. */
import { idToBytes, sha256Id } from "@tacit/light/ids";
import { StoreError } from "../errors.ts";
import type { TreeNode } from "../iavl/node.ts";
import { findLeaf, TreeCursor } from "../iavl/read.ts";
import type { Direction, ValueCursor } from "../kv/cursor.ts";
import { FLAT_KEY_BYTES_MAX } from "../limits.ts";
import type { StoreBackend } from "./backend.ts";
import { FlatCursor } from "./flat-cursor.ts";
import type { GenerationCache } from "./generation-cache.ts";
import { type ReadOptions, STORE_PREFIX_BYTES, storePrefix, type Tables } from "./lmdb-env.ts";
import { decodeNode, leafValueOffset, readRef } from "./records.ts";

export const ABSENT = new Uint8Array(0);
const FLAT_INLINE = 0;
const COPY_LOOP_MAX = 64;

export class LmdbStore implements StoreBackend {
  readonly linksChildren: boolean;
  /** Stamp for nodes that are read now. */
  epoch = 1;
  /** Nodes read since the counter was last set to 0. */
  loads = 0;
  /** Keys too long for the flat index exist; then it is not in key order. */
  hasLongKeys = false;
  /** Root of the newest version, for iteration in a store with long keys. */
  rootOf: () => TreeNode | undefined = () => undefined;
  readonly #tables: Tables;
  readonly #prefix: string;
  readonly #options: ReadOptions;
  readonly #nodes: GenerationCache<number, TreeNode> | undefined;
  readonly #values: GenerationCache<string, Uint8Array> | undefined;

  constructor(
    tables: Tables,
    number: number,
    options: ReadOptions,
    caches: {
      readonly nodes?: GenerationCache<number, TreeNode> | undefined;
      readonly values?: GenerationCache<string, Uint8Array> | undefined;
    },
  ) {
    this.#tables = tables;
    this.#prefix = storePrefix(number);
    this.#options = options;
    this.#nodes = caches.nodes;
    this.#values = caches.values;
    this.linksChildren = caches.nodes === undefined;
  }

  load(ref: number): TreeNode {
    const cached = this.#nodes?.get(ref);
    if (cached !== undefined) return cached;
    const table = this.#tables.nodes;
    const bytes = table.getBinaryFast(ref, this.#options);
    if (bytes === undefined) throw pruned();
    const node = decodeNode(bytes, table.lastSize, ref);
    node.used = this.epoch;
    this.loads += 1;
    this.#nodes?.set(ref, node);
    return node;
  }

  loadValue(ref: number): Uint8Array {
    const table = this.#tables.nodes;
    const bytes = table.getBinaryFast(ref, this.#options);
    if (bytes === undefined) throw pruned();
    return copyOf(bytes, leafValueOffset(bytes), table.lastSize);
  }

  read(id: string): Uint8Array | undefined {
    const cached = this.#values?.get(id);
    if (cached !== undefined) return cached === ABSENT ? undefined : cached;
    const table = this.#tables.flat;
    const bytes = table.getBinaryFast(this.flatKey(id), this.#options);
    const value = bytes === undefined ? undefined : this.flatValue(bytes, table.lastSize);
    this.#values?.set(id, value ?? ABSENT);
    return value;
  }

  /** The value of `id` is now this one, committed. */
  remember(id: string, value: Uint8Array | undefined): void {
    this.#values?.set(id, value ?? ABSENT);
  }

  cursor(start: string | undefined, end: string | undefined, direction: Direction): ValueCursor {
    const boundTooLong = isLongKey(start ?? "") || isLongKey(end ?? "");
    if (this.hasLongKeys || boundTooLong)
      return new TreeCursor(this.rootOf(), { start, end }, direction, this);
    const range = { prefix: this.#prefix, start, end };
    return new FlatCursor(this.#tables.flat, range, direction, this.#options, this);
  }

  /** The flat index's key; a long one is cut and told apart by its hash. */
  flatKey(id: string): string {
    if (isLongKey(id)) {
      const head = id.slice(0, FLAT_KEY_BYTES_MAX - STORE_PREFIX_BYTES - 32);
      return this.#prefix + head + sha256Id(idToBytes(id));
    }
    return this.#prefix + id;
  }

  flatValue(bytes: Uint8Array, length: number): Uint8Array {
    return bytes[0] === FLAT_INLINE ? copyOf(bytes, 1, length) : this.loadValue(readRef(bytes, 1));
  }

  leafRef(root: TreeNode | undefined, id: string): number {
    return findLeaf(root, id, this)?.ref ?? 0;
  }
}

export function isLongKey(id: string): boolean {
  return id.length + STORE_PREFIX_BYTES > FLAT_KEY_BYTES_MAX;
}

/** A copy of `bytes[start, end)` that is no Buffer. */
export function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  const copy = new Uint8Array(length);
  if (length > COPY_LOOP_MAX) copy.set(bytes.subarray(start, end));
  else for (let i = 0; i < length; i++) copy[i] = bytes[start + i] as number;
  return copy;
}

function pruned(): StoreError {
  return new StoreError(
    { code: "store/version_unknown", version: 0n },
    "a node of this version was pruned",
  );
}
