const ENDED = 0;
const GUARDED = 1;
const WORDS = 2;

/**
 * Lets an engine thread be terminated only where that is safe. V8 stops a thread at any point of its
 * JavaScript; a native module that is just being loaded or called meets an exception that it does not
 * expect, and its process aborts. So the thread says when it is in one.
 */
export class EndGate {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array<SharedArrayBuffer>;

  /** Guarded from the start: a thread begins by loading its modules. */
  constructor(buffer?: SharedArrayBuffer) {
    this.buffer = buffer ?? new SharedArrayBuffer(WORDS * 4);
    this.#words = new Int32Array(this.buffer);
    if (buffer === undefined) Atomics.store(this.#words, GUARDED, 1);
  }

  /**
   * Main thread: resolves when the engine thread may be terminated. Of this and {@link enter} one sees the other:
   * the thread is in no native module, and will be in none.
   */
  async end(): Promise<void> {
    Atomics.store(this.#words, ENDED, 1);
    await Atomics.waitAsync(this.#words, GUARDED, 1).value;
  }

  /** Engine thread: before a native module; goes no further if the thread is to end. */
  enter(): void {
    Atomics.store(this.#words, GUARDED, 1);
    if (Atomics.load(this.#words, ENDED) === 1) this.leave();
  }

  /** Engine thread: after it; goes no further if the thread is to end. */
  leave(): void {
    Atomics.store(this.#words, GUARDED, 0);
    if (Atomics.load(this.#words, ENDED) === 0) return;
    Atomics.notify(this.#words, GUARDED);
    Atomics.wait(this.#words, ENDED, 1);
  }
}
