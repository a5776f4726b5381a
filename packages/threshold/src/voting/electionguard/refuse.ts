import { type RecordPlace, ThresholdError } from "../../errors.ts";

/** @throws {ThresholdError} `threshold/electionguard` unless `condition` holds. */
export function check(
  condition: boolean,
  verification: string,
  place: RecordPlace = {},
): asserts condition {
  if (!condition)
    throw new ThresholdError({ code: "threshold/electionguard", verification, place });
}
