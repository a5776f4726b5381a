/** Nodes on LMDB by record number. */
import type { NodeSource, TreeNode } from "../iavl/node.ts";
import { nodeBytes, prunedNode } from "../iavl/node.ts";
import type { GenerationCache } from "./generation-cache.ts";
import type { ReadOptions, Table } from "./lmdb-env.ts";
import { copyOf, decodeNode, leafValueOffset } from "./records.ts";

export class LmdbNodes implements NodeSource {
  readonly linksChildren: boolean;
  epoch = 1;
  loadedBytes = 0;
  readonly #table: Table<number>;
  readonly #options: ReadOptions;
  readonly #cache: GenerationCache<number, TreeNode> | undefined;

  /** @param cache of readers; the writer keeps nodes linked instead. */
  constructor(
    table: Table<number>,
    options: ReadOptions,
    cache?: GenerationCache<number, TreeNode>,
  ) {
    this.#table = table;
    this.#options = options;
    this.#cache = cache;
    this.linksChildren = cache === undefined;
  }

  load(ref: number): TreeNode {
    const cached = this.#cache?.get(ref);
    if (cached !== undefined) return cached;
    const bytes = this.#table.getBinaryFast(ref, this.#options);
    if (bytes === undefined) throw prunedNode();
    const node = decodeNode(bytes, this.#table.lastSize, ref);
    node.used = this.epoch;
    this.loadedBytes += nodeBytes(node);
    this.#cache?.set(ref, node);
    return node;
  }

  loadValue(ref: number): Uint8Array {
    const bytes = this.#table.getBinaryFast(ref, this.#options);
    if (bytes === undefined) throw prunedNode();
    return copyOf(bytes, leafValueOffset(bytes), this.#table.lastSize);
  }
}
