/** Nodes on LMDB. */
import type { NodeSource, TreeNode } from "../iavl/node.ts";
import { nodeBytes, prunedNode } from "../iavl/node.ts";
import type { GenerationCache } from "./generation-cache.ts";
import type { ReadOptions, Table } from "./lmdb-env.ts";
import { decodeNode, decodeValue, pageOf } from "./pages.ts";

/** Longer pages hold one node alone. */
const COPIED_PAGE_BYTES_MAX = 65_536;

export class LmdbNodes implements NodeSource {
  readonly linksChildren: boolean;
  epoch = 1;
  loadedBytes = 0;
  readonly #copy = new Uint8Array(COPIED_PAGE_BYTES_MAX);
  #copiedPage = 0;
  #length = 0;
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

  load(ref: number, hash: string): TreeNode {
    const cached = this.#cache?.get(ref);
    if (cached !== undefined) return cached;
    const bytes = this.#page(ref);
    const node = decodeNode(bytes, this.#length, ref, hash, this.epoch);
    this.loadedBytes += nodeBytes(node);
    this.#cache?.set(ref, node);
    return node;
  }

  loadValue(ref: number): Uint8Array {
    const bytes = this.#page(ref);
    return decodeValue(bytes, this.#length, ref);
  }

  /** The page of a node. The one read last is kept: a path goes through several of its nodes. */
  #page(ref: number): Uint8Array {
    const page = pageOf(ref);
    if (page === this.#copiedPage) return this.#copy;
    const bytes = this.#table.getBinaryFast(page, this.#options);
    if (bytes === undefined) throw prunedNode();
    const length = this.#table.lastSize;
    this.#length = length;
    this.#copiedPage = 0;
    if (length > COPIED_PAGE_BYTES_MAX) return bytes;
    this.#copy.set(bytes.subarray(0, length));
    this.#copiedPage = page;
    return this.#copy;
  }
}
