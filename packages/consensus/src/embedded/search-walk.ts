/** CONTAINS over many events: a walk over the values of an attribute. */
import { SEARCH_SLICE } from "../limits.ts";
import { matchesValue } from "../query/match.ts";
import type { Condition } from "../query/parse.ts";
import { Bits } from "./bits.ts";
import { plain } from "./bytes.ts";
import type { Table } from "./database.ts";
import {
  chunkOfKey,
  chunkOfPlace,
  type IndexKind,
  prefixOfKey,
  tagPrefix,
  valueOfKey,
  valuesRange,
} from "./index-keys.ts";
import { loadPosting } from "./postings.ts";
import type { PlaceRange } from "./search-documents.ts";
import type { Checker, Source } from "./search-scan.ts";
import type { Work } from "./search-work.ts";

export interface Walk {
  readonly table: Table;
  readonly kind: IndexKind;
  readonly range: PlaceRange;
  readonly checker: Checker;
  readonly work: Work;
}

/** The events with a value that meets `condition`. @throws {QueryError} `query/too_broad`. */
export async function walkValues(
  { table, kind, range, checker, work }: Walk,
  condition: Condition,
): Promise<Source> {
  const tag = tagPrefix(kind, condition.tag);
  const first = chunkOfPlace(range.from);
  const last = chunkOfPlace(range.end);
  const found = new Map<number, Bits>();
  const events = new Bits(0);
  let { start, end } = valuesRange(tag);
  for (;;) {
    const entries = [...table.getRange({ start, end, limit: SEARCH_SLICE })];
    work.spend(entries.length);
    let isSkipped = false;
    for (const { key, value } of entries) {
      const text = valueOfKey(key, tag);
      isSkipped = text !== undefined && !matchesValue(condition, text);
      const chunk = chunkOfKey(key);
      if (isSkipped || chunk < first || chunk > last) continue;
      loadPosting(plain(value), events);
      // Of a value that is only kept as its hash the events tell whether it meets the condition.
      if (text === undefined) events.filter((offset) => checker.holds(chunk, offset, [condition]));
      addAll(found, chunk, events);
    }
    const newest = entries.at(-1);
    if (newest === undefined || entries.length < SEARCH_SLICE) break;
    start = isSkipped ? afterValue(newest.key) : Uint8Array.of(...newest.key, 0);
    await work.rest();
  }
  return new KeptSource(found);
}

/** The first key after all entries of the value of `key`, whose prefix ends in a zero. */
function afterValue(key: Uint8Array): Uint8Array {
  const after = Uint8Array.from(prefixOfKey(key));
  after[after.length - 1] = 1;
  return after;
}

function addAll(found: Map<number, Bits>, chunk: number, events: Bits): void {
  const known = found.get(chunk) ?? new Bits(0);
  known.or(events);
  found.set(chunk, known);
}

/** Events that were found and kept, by chunk. */
export class KeptSource implements Source {
  readonly #found: ReadonlyMap<number, Bits>;
  readonly #chunks: readonly number[];
  #at = 0;

  constructor(found: ReadonlyMap<number, Bits>) {
    this.#found = found;
    this.#chunks = [...found.keys()].sort((a, b) => a - b);
  }

  seek(chunk: number): number | undefined {
    while (this.#at > 0 && (this.#chunks[this.#at - 1] as number) >= chunk) this.#at -= 1;
    while ((this.#chunks[this.#at] ?? chunk) < chunk) this.#at += 1;
    return this.#chunks[this.#at];
  }

  load(events: Bits): void {
    events.clear();
    const chunk = this.#chunks[this.#at];
    const found = chunk === undefined ? undefined : this.#found.get(chunk);
    if (found !== undefined) events.or(found);
  }
}
