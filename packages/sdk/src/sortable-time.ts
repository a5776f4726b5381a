/** Times as parts of store keys. */
import { secondsText } from "@tacit/encoding";
import { utf8Bytes } from "./keys.ts";

/** Bytes of {@link sortableTime}. */
export const sortableTimeBytes = 29;

/**
 * An instant in UTC as text of one length, `2006-01-02T15:04:05.000000000`, whose order is that of
 * time: the SDK's sortable format.
 */
export function sortableTime(time: {
  readonly seconds: bigint;
  readonly nanos: number;
}): Uint8Array {
  return utf8Bytes(`${secondsText(time.seconds)}.${`${time.nanos}`.padStart(9, "0")}`);
}
