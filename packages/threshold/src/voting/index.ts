export type { Choice } from "./answer.ts";
export {
  type BodyReading,
  type OpenedBallot,
  type PreparedBallot,
  prepareBallot,
  trackerOf,
  verifyOpening,
} from "./ballot.ts";
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
export {
  decryptTally,
  finishTally,
  type QuestionResult,
  replayRecord,
  type Tally,
  tallyRequest,
} from "./tally.ts";
export { type VerifiedElection, verifyElection } from "./verifier/verify-election.ts";
