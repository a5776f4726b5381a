import { nanosToTimestamp, type Timestamp, timestampToNanos } from "@tacit/light";
import { systemTimer, type Timer } from "./timer.ts";

/** Time as the engine sees it; tests hand in one that they move themselves. */
export interface Clock extends Timer {
  now(): Timestamp;
}

const NANOS_PER_MS = 1_000_000n;

/**
 * Clients take the nine digits that CometBFT's times have for granted. The system tells whole
 * milliseconds; the digits below them come from the high-resolution counter, and the engine keeps
 * block times from going back.
 */
export const systemClock: Clock = {
  ...systemTimer,
  now: () =>
    nanosToTimestamp(BigInt(Date.now()) * NANOS_PER_MS + (process.hrtime.bigint() % NANOS_PER_MS)),
};

export function timestampOfMilliseconds(milliseconds: number): Timestamp {
  return nanosToTimestamp(BigInt(Math.floor(milliseconds)) * NANOS_PER_MS);
}

export function laterOf(a: Timestamp, b: Timestamp): Timestamp {
  return timestampToNanos(a) >= timestampToNanos(b) ? a : b;
}
