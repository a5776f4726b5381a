/** Bounds the memory of all trees of a multistore together. */
import { AgeCensus, evict } from "./iavl/eviction.ts";
import type { MountedStore } from "./mounted-store.ts";

/** A node with its key and hashes, on average. */
const NODE_BYTES = 280;

/** How full the memory stays after an eviction; the rest is room until the next one. */
const KEPT_SHARE = 0.6;

export class NodeBudget {
  readonly #nodesMax: number;
  /** An upper bound of the nodes in memory. */
  #nodes = 0;

  constructor(bytesMax: number) {
    this.#nodesMax = Math.floor(bytesMax / NODE_BYTES);
  }

  /** After a commit: unlinks what was not used for longest if there is too much. */
  settle(stores: Iterable<MountedStore>): void {
    const all = [...stores];
    for (const store of all) this.#nodes += store.takeGrowth();
    if (this.#nodes <= this.#nodesMax) return;
    const census = new AgeCensus();
    for (const { committed, backend } of all) census.add(committed, backend.epoch);
    const cutoff = census.cutoff(this.#nodesMax * KEPT_SHARE);
    this.#nodes = 0;
    for (const { committed, backend } of all) {
      this.#nodes += evict(committed, backend.epoch, cutoff);
    }
  }
}
