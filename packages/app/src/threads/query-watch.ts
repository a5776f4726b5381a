/**
 * What the main thread and one query thread tell each other about a query's time. A query thread
 * gets no events while it waits for the enclave, so it is words of shared memory.
 */
import { AppError } from "../errors.ts";

const OVERDUE = 0;
const ASKING = 1;
const STOPPED = 2;
const WORDS = 3;

export class QueryWatch {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(WORDS * 4)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** Main thread: before a query is handed to the thread, which does nothing then. */
  begin(): void {
    this.#words.fill(0);
  }

  /**
   * Main thread: the query's time is over. Of this and {@link enter} one sees the other, so that no
   * question is asked unnoticed after it.
   *
   * @returns whether the thread waits for the enclave, whose engine must be ended then.
   */
  expire(): boolean {
    Atomics.store(this.#words, OVERDUE, 1);
    return Atomics.load(this.#words, ASKING) === 1;
  }

  /** Main thread: whether the query was stopped; one that was quick enough after all was not. */
  get wasStopped(): boolean {
    return Atomics.load(this.#words, STOPPED) === 1;
  }

  /** Query thread: before it asks the enclave. @throws {AppError} `app/query_timeout`. */
  enter(): void {
    Atomics.store(this.#words, ASKING, 1);
    if (!this.isOverdue) return;
    this.leave();
    this.stop();
  }

  leave(): void {
    Atomics.store(this.#words, ASKING, 0);
  }

  get isOverdue(): boolean {
    return Atomics.load(this.#words, OVERDUE) === 1;
  }

  /** Query thread: gives the query up. @throws {AppError} `app/query_timeout`. */
  stop(cause?: unknown): never {
    Atomics.store(this.#words, STOPPED, 1);
    throw new AppError({ code: "app/query_timeout" }, { cause });
  }
}
