/** Bounds the memory of all trees of a multistore together. */

import { AgeCensus, evict } from "./iavl/eviction.ts";
import type { NodeSource } from "./iavl/node.ts";
import type { MountedStore } from "./mounted-store.ts";

/** How full the memory stays after an eviction; the rest is room until the next one. */
const KEPT_SHARE = 0.6;

export class NodeBudget {
  readonly #bytesMax: number;
  /** An upper bound of the bytes in memory. */
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** After a commit: unlinks what was not used for longest if there is too much. */
  settle(stores: Iterable<MountedStore>, nodes: NodeSource): void {
    this.#bytes += nodes.loadedBytes;
    nodes.loadedBytes = 0;
    if (this.#bytes <= this.#bytesMax) return;
    const roots = [...stores].flatMap((store) => store.committed ?? []);
    const census = new AgeCensus();
    for (const root of roots) census.add(root, nodes.epoch);
    const cutoff = census.cutoff(this.#bytesMax * KEPT_SHARE);
    this.#bytes = 0;
    for (const root of roots) this.#bytes += evict(root, nodes.epoch, cutoff);
  }
}
