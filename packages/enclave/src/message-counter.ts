/**
 * Counts the messages of a block as Secret's enclave does (privacy protocol section 4.3), but for
 * the block being executed instead of the process: `random` of the first message that asks for it
 * counts from 0; each message adds one, except that the first of a block leaves the counter at 0
 * unless it has asked.
 */
export class MessageCounter {
  readonly height: bigint;
  #count = 0n;
  #isFresh = true;

  constructor(height: bigint) {
    this.height = height;
  }

  /** The counter for a random, read before the message is counted. */
  forRandom(): bigint {
    this.#isFresh = false;
    return this.#count;
  }

  /** Counts a message: instantiate, migrate and all kinds of handle; not queries. */
  next(): void {
    if (this.#isFresh) this.#isFresh = false;
    else this.#count += 1n;
  }

  get count(): bigint {
    return this.#count;
  }
}
