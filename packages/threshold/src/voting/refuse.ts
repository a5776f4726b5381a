import { ThresholdError } from "../errors.ts";

/** @throws {ThresholdError} `threshold/record`, always. @param what is wrong; none of the record's own words. */
export function refuse(what: string): never {
  throw new ThresholdError({ code: "threshold/record", what });
}

export function demand(condition: boolean, what: string): asserts condition {
  if (!condition) refuse(what);
}
