import type { Timestamp } from "@tacit/light";

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

const NANOS_PER_SECOND = 1_000_000_000n;

export function timestampOfMilliseconds(milliseconds: number): Timestamp {
  return timestampOfNanos(BigInt(Math.floor(milliseconds)) * 1_000_000n);
}

/** @param nanos since the epoch; may be negative. */
export function timestampOfNanos(nanos: bigint): Timestamp {
  let seconds = nanos / NANOS_PER_SECOND;
  let rest = nanos % NANOS_PER_SECOND;
  if (rest < 0n) {
    seconds -= 1n;
    rest += NANOS_PER_SECOND;
  }
  return { seconds, nanos: Number(rest) };
}

export function nanosOfTimestamp(time: Timestamp): bigint {
  return time.seconds * NANOS_PER_SECOND + BigInt(time.nanos);
}

export function laterOf(a: Timestamp, b: Timestamp): Timestamp {
  return nanosOfTimestamp(a) >= nanosOfTimestamp(b) ? a : b;
}

/** Go's zero time, 0001-01-01T00:00:00Z: the timestamp of an absent signature. */
export const ZERO_TIME: Timestamp = { seconds: -62_135_596_800n, nanos: 0 };
