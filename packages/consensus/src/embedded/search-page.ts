/** Pages of what a search found. */

/** Which of the hits are wanted. */
export interface SearchPage {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
  readonly order: "asc" | "desc";
}

export interface Found<Hit> {
  readonly hits: readonly Hit[];
  /** Of all pages. */
  readonly total: number;
}

/** Ranks by age, from 0, `to` excluded. */
export interface Ranks {
  readonly from: number;
  readonly to: number;
}

export function ranksOf(total: number, { page, perPage, order }: SearchPage): Ranks {
  const start = Math.min((page - 1) * perPage, total);
  const end = Math.min(start + perPage, total);
  return order === "asc" ? { from: start, to: end } : { from: total - end, to: total - start };
}

/** @param hits of the page, the oldest first. */
export const inOrder = <Hit>(hits: readonly Hit[], { order }: SearchPage): readonly Hit[] =>
  order === "desc" ? hits.toReversed() : hits;
