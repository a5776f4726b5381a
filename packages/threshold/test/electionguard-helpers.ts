import { type RecordPlace, ThresholdError } from "../src/errors.ts";
import {
  type ElectionGuardResult,
  verifyElectionGuard,
} from "../src/voting/electionguard/index.ts";
import { type Json, type RecordTree, serialise } from "./electionguard-election.ts";

export function verify(
  record: RecordTree,
  onProgress?: (verified: number, all: number) => void,
): ElectionGuardResult {
  const read = (path: string) => serialise(record.get(path) as Json);
  return verifyElectionGuard({ paths: record.keys(), read }, onProgress);
}

export function textOf(record: RecordTree, path: string): string {
  return new TextDecoder().decode(serialise(record.get(path) as Json));
}

/** The verification that refuses, and where; or `form` if it is no record at all, or `none`. */
export function refusalOf(run: () => unknown): { refusal: string; place?: RecordPlace } {
  try {
    run();
    return { refusal: "none" };
  } catch (error) {
    if (!(error instanceof ThresholdError)) throw error;
    const { failure } = error;
    if (failure.code === "threshold/record") return { refusal: "form" };
    if (failure.code !== "threshold/electionguard") throw error;
    return { refusal: failure.verification, place: failure.place };
  }
}
