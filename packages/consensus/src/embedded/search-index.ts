/** Finds the documents whose events meet conditions, and how many there are, in the event index. */
import type { Condition } from "../query/parse.ts";
import { Bits } from "./bits.ts";
import type { ChainDatabase, Table } from "./database.ts";
import {
  chunkOfPlace,
  columnPrefix,
  documentsPrefix,
  existsPrefix,
  type IndexKind,
  tagPrefix,
  valuePrefix,
} from "./index-keys.ts";
import { ChunkCursor } from "./search-cursor.ts";
import {
  Documents,
  type HeightRange,
  type PlaceRange,
  type Position,
  placesOf,
} from "./search-documents.ts";
import { type Found, inOrder, type Ranks, ranksOf, type SearchPage } from "./search-page.ts";
import { PostingRanks, type Start } from "./search-posting.ts";
import {
  Checker,
  ColumnSource,
  Intersection,
  isComparing,
  isContaining,
  PostingSource,
  type Source,
} from "./search-scan.ts";
import { KeptSource, walkValues } from "./search-walk.ts";
import { Work } from "./search-work.ts";

export interface Question {
  readonly kind: IndexKind;
  readonly heights: HeightRange;
  /** All must hold in one and the same event; none is met by every document. */
  readonly conditions: readonly Condition[];
}

export interface SearchLimits {
  /** Events that are read to check CONTAINS; beyond, values are walked instead. */
  readonly checkedMax: number;
  /** Index entries that may be visited. */
  readonly visitsMax: number;
}

/** @throws {QueryError} `query/too_broad`. */
export async function searchIndex(
  database: ChainDatabase,
  question: Question,
  page: SearchPage,
  limits: SearchLimits,
): Promise<Found<Position>> {
  const range = placesOf(database.table("events"), question.kind, question.heights);
  if (range === undefined) return { hits: [], total: 0 };
  return new Search(database, question, range, limits).page(page);
}

/** What is found, as far as it is known before a page is looked up. */
interface Counted {
  readonly total: number;
  /** The chunk of hit number `rank`. */
  readonly startOf: (rank: number) => Start;
}

class Search {
  readonly #table: Table;
  readonly #question: Question;
  readonly #range: PlaceRange;
  readonly #limits: SearchLimits;
  readonly #work: Work;
  readonly #documents: Documents;
  readonly #checker: Checker;
  readonly #postings: readonly PostingRanks[];
  readonly #columns: readonly Source[];
  readonly #shared: Intersection;

  constructor(
    database: ChainDatabase,
    question: Question,
    range: PlaceRange,
    limits: SearchLimits,
  ) {
    this.#table = database.table("events");
    this.#question = question;
    this.#range = range;
    this.#limits = limits;
    this.#work = new Work(limits.visitsMax);
    this.#documents = new Documents(database, question.kind, chunkOfPlace(range.end));
    this.#checker = new Checker(this.#documents, this.#work);
    const postings = this.#prefixes()
      .map((prefix) => ({
        prefix,
        ranks: new PostingRanks(this.#table, prefix, this.#documents, range),
      }))
      .sort((a, b) => a.ranks.total - b.ranks.total);
    this.#postings = postings.map(({ ranks }) => ranks);
    this.#columns = this.#columnSources();
    const found = postings.map(({ prefix }) => new PostingSource(this.#cursor(prefix), this.#work));
    this.#shared = new Intersection([...found, ...this.#columns], range);
  }

  async page(page: SearchPage): Promise<Found<Position>> {
    const counted = await this.#count();
    const hits = await this.#positions(ranksOf(counted.total, page), counted);
    return { hits: inOrder(hits, page), total: counted.total };
  }

  async #count(): Promise<Counted> {
    const contained = this.#question.conditions.filter(isContaining);
    const [first, second] = [...this.#postings, ...this.#columns];
    if (contained.length === 0 && second === undefined && first instanceof PostingRanks) {
      return { total: first.total, startOf: (rank) => first.startOf(rank) };
    }
    const { events, ...counted } = await this.#visitAll();
    if (contained.length === 0) return counted;
    if (events <= this.#limits.checkedMax) this.#shared.add(await this.#check(contained));
    else for (const condition of contained) this.#shared.add(await this.#walk(condition));
    return this.#visitAll();
  }

  async #visitAll(): Promise<Counted & { readonly events: number }> {
    const starts: Start[] = [];
    let total = 0;
    let events = 0;
    for (const chunk of this.#shared.chunks(0)) {
      const documents = this.#documents.count(chunk, this.#shared.events);
      if (documents > 0) starts.push({ chunk, rank: total });
      total += documents;
      events += this.#shared.events.count();
      const pause = this.#work.rest();
      if (pause !== undefined) await pause;
    }
    return { total, events, startOf: (rank) => lastUpTo(starts, rank) };
  }

  async #positions({ from, to }: Ranks, { startOf }: Counted): Promise<Position[]> {
    const hits: Position[] = [];
    if (from >= to) return hits;
    const start = startOf(from);
    let rank = start.rank;
    for (const chunk of this.#shared.chunks(start.chunk)) {
      for (const offset of this.#documents.offsets(chunk, this.#shared.events)) {
        const position = rank < from ? undefined : this.#documents.position(chunk, offset);
        if (position !== undefined) hits.push(position);
        rank += 1;
        if (rank === to) return hits;
      }
      await this.#work.rest();
    }
    return hits;
  }

  /** Of the postings that hold every hit. */
  #prefixes(): Uint8Array[] {
    const { kind, conditions } = this.#question;
    if (conditions.length === 0) return [documentsPrefix(kind)];
    return conditions.flatMap((condition) => {
      if (isComparing(condition)) return [];
      const tag = tagPrefix(kind, condition.tag);
      const isValue = condition.operator === "=";
      return [isValue ? valuePrefix(tag, condition.operand.text) : existsPrefix(tag)];
    });
  }

  #columnSources(): Source[] {
    const { kind, conditions } = this.#question;
    const tools = { work: this.#work, checker: this.#checker };
    return conditions.filter(isComparing).map((condition) => {
      const prefix = columnPrefix(tagPrefix(kind, condition.tag), condition.operand.kind);
      return new ColumnSource(this.#cursor(prefix), condition, tools);
    });
  }

  /** Reads the events that all sources share. */
  async #check(conditions: readonly Condition[]): Promise<Source> {
    const { events } = this.#shared;
    const found = new Map<number, Bits>();
    for (const chunk of this.#shared.chunks(0)) {
      events.filter((offset) => this.#checker.holds(chunk, offset, conditions));
      const kept = new Bits(0);
      kept.or(events);
      if (!kept.isEmpty()) found.set(chunk, kept);
      await this.#work.rest();
    }
    return new KeptSource(found);
  }

  #walk(condition: Condition): Promise<Source> {
    const { kind } = this.#question;
    const walk = { table: this.#table, kind, range: this.#range };
    return walkValues({ ...walk, checker: this.#checker, work: this.#work }, condition);
  }

  #cursor(prefix: Uint8Array): ChunkCursor {
    return new ChunkCursor(this.#table, prefix, chunkOfPlace(this.#range.end));
  }
}

/** @param starts ascending. */
function lastUpTo(starts: readonly Start[], rank: number): Start {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((starts[middle] as Start).rank <= rank) low = middle + 1;
    else high = middle;
  }
  return starts[low - 1] ?? { chunk: 0, rank: 0 };
}
