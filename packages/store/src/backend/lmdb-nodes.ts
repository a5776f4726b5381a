/** Nodes on LMDB. */
import type { NodeSource, TreeNode } from "../iavl/node.ts";
import { nodeBytes, prunedNode } from "../iavl/node.ts";
import type { GenerationCache } from "./generation-cache.ts";
import type { ReadOptions, Table } from "./lmdb-env.ts";
import { decodeNode, decodeValue, pageOf } from "./pages.ts";

/** Longer pages hold one node alone. */
const COPIED_PAGE_BYTES_MAX = 65_536;

/** The page read last in this thread: a path goes through several of its nodes. */
const copy = new Uint8Array(COPIED_PAGE_BYTES_MAX);
let copiedTable: Table<number> | undefined;
let copiedPage = 0;
let pageLength = 0;

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

  load(ref: number, hash: string): TreeNode {
    const cached = this.#cache?.get(ref);
    if (cached !== undefined) return cached;
    const bytes = this.#page(ref);
    const node = decodeNode(bytes, pageLength, ref, hash, this.epoch);
    this.loadedBytes += nodeBytes(node);
    this.#cache?.set(ref, node);
    return node;
  }

  loadValue(ref: number): Uint8Array {
    const bytes = this.#page(ref);
    return decodeValue(bytes, pageLength, ref);
  }

  /** The page of a node, its length in `pageLength`. */
  #page(ref: number): Uint8Array {
    const page = pageOf(ref);
    if (page === copiedPage && this.#table === copiedTable) return copy;
    const bytes = this.#table.getBinaryFast(page, this.#options);
    if (bytes === undefined) throw prunedNode();
    pageLength = this.#table.lastSize;
    copiedPage = 0;
    if (pageLength > COPIED_PAGE_BYTES_MAX) return bytes;
    copy.set(bytes.subarray(0, pageLength));
    copiedPage = page;
    copiedTable = this.#table;
    return copy;
  }
}
