export type { Choice } from "./answer.ts";
export {
  type BodyReading,
  type OpenedBallot,
  type PreparedBallot,
  prepareBallot,
  trackerOf,
  verifyOpening,
} from "./ballot.ts";
export type { Question as BeleniosQuestion } from "./belenios/election.ts";
export { type BeleniosResult, verifyBelenios } from "./belenios/record.ts";
export { BeleniosBoard } from "./belenios-prover/archive.ts";
export { makeBeleniosBallot } from "./belenios-prover/ballot.ts";
export {
  type BeleniosDefinition,
  type BeleniosKey,
  type BeleniosSetup,
  beleniosTrustee,
  defineBelenios,
  generateBeleniosKey,
} from "./belenios-prover/election.ts";
export {
  type BallotVerdict,
  Board,
  type BoardEntry,
  type CountedBallot,
  EntryKind,
  type Receipt,
  replayBoard,
} from "./board.ts";
export {
  type BallotOffer,
  type BoxedBallot,
  offerBallot,
  receiveOffer,
  simulateReencryption,
  verifyOfferOpening,
} from "./box.ts";
export { type Credential, deriveCredential } from "./credential.ts";
export {
  decodeElection,
  type Election,
  type ElectionDefinition,
  openElection,
  type Question,
  type Voter,
} from "./election.ts";
export type { ContestData } from "./electionguard/contest-data.ts";
export type { ContestResult, OpenedContest } from "./electionguard/decryption.ts";
export type { RecordFiles } from "./electionguard/files.ts";
export {
  type ElectionGuardResult,
  type VerifiedBallot,
  verifyElectionGuard,
} from "./electionguard/verify.ts";
export {
  decryptTally,
  finishTally,
  type QuestionResult,
  replayRecord,
  type Tally,
  tallyRequest,
} from "./tally.ts";
export { type VerifiedElection, verifyElection } from "./verifier/verify-election.ts";
