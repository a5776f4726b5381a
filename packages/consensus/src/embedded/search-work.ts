/** Counts what a search visits, refuses too much, and lets others run in between. */
import { QueryError } from "../errors.ts";
import { SEARCH_SLICE } from "../limits.ts";

export class Work {
  readonly #visitsMax: number;
  #visits = 0;
  #rested = 0;

  /** @param visitsMax of entries of the index, or what takes as long. */
  constructor(visitsMax: number) {
    this.#visitsMax = visitsMax;
  }

  /** @throws {QueryError} `query/too_broad`. */
  spend(visits: number): void {
    this.#visits += visits;
    if (this.#visits > this.#visitsMax) {
      throw new QueryError({ code: "query/too_broad", scannedMax: this.#visitsMax });
    }
  }

  /** To be awaited where it is not undefined. */
  rest(): Promise<void> | undefined {
    if (this.#visits - this.#rested < SEARCH_SLICE) return undefined;
    this.#rested = this.#visits;
    return new Promise((resolve) => setImmediate(resolve));
  }
}
