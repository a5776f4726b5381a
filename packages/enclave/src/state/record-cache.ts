import { RECORD_OVERHEAD_BYTES } from "../limits.ts";
import { RecentMap } from "../recent-map.ts";
import type { Known } from "./overlay.ts";

/** Records of one state that were proved or written. Values stay encrypted in here. */
export type RecordCache = RecentMap<Known>;

export function createRecordCache(bytesMax: number): RecordCache {
  return new RecentMap(
    bytesMax,
    (key, value) => key.length + (value?.length ?? 0) + RECORD_OVERHEAD_BYTES,
  );
}
