export type { EvidenceSlashingKeeper, EvidenceStakingKeeper } from "./expected.ts";
export { evidenceStoreName } from "./keys.ts";
export { createEvidenceModule, type EvidenceOptions } from "./module.ts";
