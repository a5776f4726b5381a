export { type Bip374Statement, proveBip374, verifyBip374 } from "./bip374.ts";
export {
  claimDleq,
  DLEQ_PAIRS_MAX,
  type DleqPair,
  proveDleq,
  proveDleqBatchable,
  verifyDleq,
  verifyDleqBatchable,
} from "./dleq.ts";
export {
  proveVoprfDleq,
  type VoprfMode,
  type VoprfStatement,
  verifyVoprfDleq,
} from "./voprf-dleq.ts";
