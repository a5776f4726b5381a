/** The committed state that the enclave may ask for, with proofs. */
import { type PrivateView, privateStoreName } from "@tacit/module-compute";
import type { Context } from "@tacit/sdk";
import type { MultiStoreView } from "@tacit/store";

export function privateViewOf(view: MultiStoreView): PrivateView {
  const { storeRoot, proof } = view.proveStore(privateStoreName);
  return {
    appHash: view.appHash,
    privateRoot: storeRoot,
    privateRootProof: proof,
    read: (key) => view.proveRead(privateStoreName, key),
  };
}

/** Which committed state a context's contract calls read. */
export class PrivateViews {
  readonly #ofViews = new WeakMap<object, PrivateView>();
  #ofBlock: PrivateView | undefined;

  /** The state before the block that runs next; absent before the first commit. */
  setBlock(view: PrivateView | undefined): void {
    this.#ofBlock = view;
  }

  of(context: Context): PrivateView | undefined {
    const { stores } = context;
    if (context.mode !== "query" || !("proveRead" in stores)) return this.#ofBlock;
    let known = this.#ofViews.get(stores);
    if (known === undefined) {
      known = privateViewOf(stores as MultiStoreView);
      this.#ofViews.set(stores, known);
    }
    return known;
  }
}
