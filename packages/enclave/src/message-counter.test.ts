import { describe, expect, it } from "vitest";
import { MessageCounter } from "./message-counter.ts";

/** Counters of randoms and of states after each message; true is a contract that asks for a random. */
function count(messages: readonly boolean[]): {
  readonly randoms: bigint[];
  readonly after: bigint[];
} {
  const counter = new MessageCounter(7n);
  const randoms: bigint[] = [];
  const after = messages.map((wantsRandom) => {
    if (wantsRandom) randoms.push(counter.forRandom());
    counter.next();
    return counter.count;
  });
  return { randoms, after };
}

describe("the message counter of a block", () => {
  it("starts at 0 for the first random, and counts that message", () => {
    expect(count([true, true, false, true])).toEqual({
      randoms: [0n, 1n, 3n],
      after: [1n, 2n, 3n, 4n],
    });
  });

  it("does not count the first message if it asks for none", () => {
    expect(count([false, true, true])).toEqual({ randoms: [0n, 1n], after: [0n, 1n, 2n] });
  });
});
