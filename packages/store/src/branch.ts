/** Branches over a multistore: writes stay in the branch until `write`. */
import { LayerStore, Overlay, type WriteLayer } from "./kv/layer.ts";
import type { CacheMultiStore, KVStore } from "./types.ts";

/** Gives the layer of a store, the same each time. @throws {StoreError} `store/store_unknown`. */
export type LayerOf = (name: string) => WriteLayer;

interface BranchStore {
  readonly parent: WriteLayer;
  readonly overlay: Overlay;
  readonly face: LayerStore;
}

export class Branch implements CacheMultiStore {
  readonly #layerOf: LayerOf;
  /** Whether the parent needs the writes in ascending order: only the tree does. */
  readonly #parentIsTree: boolean;
  readonly #stores = new Map<string, BranchStore>();

  constructor(layerOf: LayerOf, parentIsTree: boolean) {
    this.#layerOf = layerOf;
    this.#parentIsTree = parentIsTree;
  }

  kvStore(name: string): KVStore {
    return this.#store(name).face;
  }

  branch(): CacheMultiStore {
    return new Branch((name) => this.#store(name).overlay, false);
  }

  write(): void {
    for (const { parent, overlay } of this.#stores.values()) {
      if (overlay.size === 0) continue;
      parent.apply(this.#parentIsTree ? overlay.sorted() : overlay.unsorted());
      overlay.clear();
    }
  }

  #store(name: string): BranchStore {
    let store = this.#stores.get(name);
    if (store === undefined) {
      const parent = this.#layerOf(name);
      const overlay = new Overlay(parent);
      store = { parent, overlay, face: new LayerStore(overlay, overlay) };
      this.#stores.set(name, store);
    }
    return store;
  }
}
