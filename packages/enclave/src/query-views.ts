import { toKey } from "./bytes.ts";
import { QUERY_VIEWS_MAX, RECORD_CACHE_BYTES_MAX } from "./limits.ts";
import {
  assertRoot,
  createProvedReads,
  EMPTY_STATE,
  type ProvedReads,
  type StateView,
} from "./state/proved-reads.ts";
import { createRecordCache, type RecordCache } from "./state/record-cache.ts";

/** One committed state as queries read it. */
export interface OpenView {
  readonly proved: ProvedReads;
  readonly cache: RecordCache;
}

/** The states that queries have named lately, each with what was proved of it. */
export class QueryViews {
  readonly #views = new Map<string, OpenView>();

  /**
   * @throws {Refusal} `enclave/bad_root` unless the private store's root is under the app hash. An
   *   empty root is the state before the first block, in which no contract exists.
   */
  open(view: StateView): OpenView {
    const name = toKey(view.appHash) + toKey(view.privateRoot);
    let open = this.#views.get(name);
    if (open !== undefined) return open;
    if (view.privateRoot.length > 0) assertRoot(view);
    open = {
      proved: view.privateRoot.length > 0 ? createProvedReads(view.privateRoot) : EMPTY_STATE,
      cache: createRecordCache(RECORD_CACHE_BYTES_MAX / QUERY_VIEWS_MAX),
    };
    this.#views.set(name, open);
    if (this.#views.size > QUERY_VIEWS_MAX) this.#forgetOldest();
    return open;
  }

  #forgetOldest(): void {
    for (const oldest of this.#views.keys()) {
      this.#views.delete(oldest);
      return;
    }
  }
}
