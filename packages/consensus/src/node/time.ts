import type { Timestamp } from "@tacit/light";

/** RFC 3339 in UTC with up to nine fraction digits, trailing zeros left out (Go's RFC3339Nano). */
export function formatTime(time: Timestamp): string {
  const whole = new Date(Number(time.seconds) * 1_000).toISOString().slice(0, 19);
  const fraction = `${time.nanos}`.padStart(9, "0").replace(/0+$/, "");
  return fraction === "" ? `${whole}Z` : `${whole}.${fraction}Z`;
}
