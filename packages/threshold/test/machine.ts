/** A machine with a disk, and a counter that is not on it. */
import { ThresholdError } from "../src/errors.ts";
import type { MonotonicCounter, VaultStorage } from "../src/protocol/index.ts";

export function createMachine() {
  let bytes: Uint8Array | undefined;
  let count = 0n;
  let writesLeft = Number.POSITIVE_INFINITY;
  const storage: VaultStorage = {
    read: async () => bytes,
    write: async (next) => {
      if (writesLeft-- <= 0) throw new RangeError("the machine crashed");
      bytes = Uint8Array.from(next);
    },
  };
  const counter: MonotonicCounter = {
    read: async () => count,
    advance: async (from) => {
      if (from !== count) return false;
      count += 1n;
      return true;
    },
  };
  return {
    storage,
    counter,
    disk: () => bytes,
    restoreDisk: (old: Uint8Array | undefined) => {
      bytes = old;
    },
    crashAfter: (more: number) => {
      writesLeft = more;
    },
  };
}

/** The code of the promise's failure, or undefined. */
export function failureOf(run: Promise<unknown>): Promise<string | undefined> {
  return run.then(
    () => undefined,
    (error: unknown) => (error instanceof ThresholdError ? error.code : String(error)),
  );
}
