/** Arithmetic of block times. */
import type { Duration, Timestamp } from "@bufbuild/protobuf/wkt";
import type { Instant } from "@tacit/encoding";

const NANOS = 1_000_000_000n;

export function nanosOf(time: Instant | undefined): bigint {
  return time === undefined ? 0n : time.seconds * NANOS + BigInt(time.nanos);
}

/** An instant as messages hold it. */
export function toTimestamp({ seconds, nanos }: Instant): Timestamp {
  return { $typeName: "google.protobuf.Timestamp", seconds, nanos };
}

/** Go's zero time, year 1. */
export const zeroTime: Timestamp = toTimestamp({ seconds: -62_135_596_800n, nanos: 0 });

export function addDuration(time: Instant, duration: Duration | undefined): Timestamp {
  const total = nanosOf(time) + nanosOf(duration);
  const nanos = ((total % NANOS) + NANOS) % NANOS;
  return toTimestamp({ seconds: (total - nanos) / NANOS, nanos: Number(nanos) });
}

export function toDuration(seconds: bigint): Duration {
  return { $typeName: "google.protobuf.Duration", seconds, nanos: 0 };
}
