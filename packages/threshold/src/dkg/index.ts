export { type Holder, type RunId, type ShareRange, shareRanges } from "./config.ts";
export {
  createDkg,
  type DkgConfig,
  type DkgIdentity,
  restoreDkg,
} from "./dkg-party.ts";
export { verifyDkgFault, verifyReshareFault } from "./faults.ts";
export {
  finishRepair,
  type RepairParts,
  type RepairPlan,
  splitForRepair,
  sumForRepair,
  verifyRepairCommitments,
} from "./repair.ts";
export {
  createReshare,
  type ReshareConfig,
  type ReshareIdentity,
  restoreReshare,
} from "./reshare-party.ts";
export type { FailedRun, PublicKeySet, RunOutcome, SharedKey } from "./shared-key.ts";
