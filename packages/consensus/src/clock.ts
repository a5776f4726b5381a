import { nanosToTimestamp, type Timestamp, timestampToNanos } from "@tacit/light";

/** Time as the engine sees it; tests hand in one that they move themselves. */
export interface Clock {
  now(): Timestamp;
  /** Calls `action` once after `delayMs`. @returns a function that cancels it. */
  schedule(delayMs: number, action: () => void): () => void;
}

const NANOS_PER_MS = 1_000_000n;

/**
 * Clients take the nine digits that CometBFT's times have for granted. The system tells whole
 * milliseconds; the digits below them come from the high-resolution counter, and the engine keeps
 * block times from going back.
 */
export const systemClock: Clock = {
  now: () =>
    nanosToTimestamp(BigInt(Date.now()) * NANOS_PER_MS + (process.hrtime.bigint() % NANOS_PER_MS)),
  schedule: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

export function timestampOfMilliseconds(milliseconds: number): Timestamp {
  return nanosToTimestamp(BigInt(Math.floor(milliseconds)) * NANOS_PER_MS);
}

export function laterOf(a: Timestamp, b: Timestamp): Timestamp {
  return timestampToNanos(a) >= timestampToNanos(b) ? a : b;
}
