export type { ContestData } from "./contest-data.ts";
export type { ContestResult, OpenedContest } from "./decryption.ts";
export type { RecordFiles } from "./files.ts";
export {
  type ElectionGuardResult,
  type VerifiedBallot,
  verifyElectionGuard,
} from "./verify.ts";
