import { nanosToTimestamp, type Timestamp, timestampToNanos } from "@tacit/light";

/** Time as the engine sees it; tests hand in one that they move themselves. */
export interface Clock {
  now(): Timestamp;
  /** Calls `action` once after `delayMs`. @returns a function that cancels it. */
  schedule(delayMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => timestampOfMilliseconds(Date.now()),
  schedule: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

export function timestampOfMilliseconds(milliseconds: number): Timestamp {
  return nanosToTimestamp(BigInt(Math.floor(milliseconds)) * 1_000_000n);
}

export function laterOf(a: Timestamp, b: Timestamp): Timestamp {
  return timestampToNanos(a) >= timestampToNanos(b) ? a : b;
}
