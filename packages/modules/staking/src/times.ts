/** Arithmetic of block times. */
import type { Duration, Timestamp } from "@bufbuild/protobuf/wkt";
import { type Instant, secondsText } from "@tacit/encoding";

const NANOS = 1_000_000_000n;

/** An instant as messages hold it. */
export function toTimestamp({ seconds, nanos }: Instant): Timestamp {
  return { $typeName: "google.protobuf.Timestamp", seconds, nanos };
}

/** Go's zero time, year 1. */
export const zeroTime: Timestamp = toTimestamp({ seconds: -62_135_596_800n, nanos: 0 });

/** 1970-01-01. */
export const epoch: Timestamp = toTimestamp({ seconds: 0n, nanos: 0 });

export function nanosOf(time: Instant | undefined): bigint {
  return time === undefined ? 0n : time.seconds * NANOS + BigInt(time.nanos);
}

export function addDuration(time: Instant, duration: Duration | undefined): Timestamp {
  const total = nanosOf(time) + nanosOf(duration);
  const nanos = ((total % NANOS) + NANOS) % NANOS;
  return toTimestamp({ seconds: (total - nanos) / NANOS, nanos: Number(nanos) });
}

/** Whether `time` is not after `now`. */
export function isReached(time: Instant | undefined, now: Instant): boolean {
  return nanosOf(time ?? zeroTime) <= nanosOf(now);
}

/** RFC 3339 in whole seconds, as events show times. */
export function eventTime(time: Instant): string {
  return `${secondsText(time.seconds)}Z`;
}
