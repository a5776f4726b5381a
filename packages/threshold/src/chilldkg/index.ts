export { participantAcknowledge, verifyAcknowledgements } from "./acknowledge.ts";
export {
  type CoordinatorState,
  coordinatorFinalize,
  coordinatorInvestigate,
  coordinatorStep1,
} from "./coordinator.ts";
export {
  InvestigableError,
  type ParticipantState1,
  type ParticipantState2,
  participantFinalize,
  participantInvestigate,
  participantStep1,
  participantStep2,
} from "./participant.ts";
export { recoverChillDkg } from "./recover.ts";
export {
  type ChillDkgOutput,
  hostPublicKey,
  paramsHash,
  type SessionParams,
} from "./session.ts";
