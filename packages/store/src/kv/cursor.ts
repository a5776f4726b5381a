/** A position in sorted pairs. `key` and `entry` are valid while `done` is false. */
export interface Cursor<T> {
  readonly done: boolean;
  readonly key: string;
  readonly entry: T;
  next(): void;
}

export type Direction = "ascending" | "descending";

/** Gives the value of the pair under it only when asked, for values that cost a read. */
export interface ValueCursor {
  readonly done: boolean;
  readonly key: string;
  value(): Uint8Array;
  next(): void;
}
