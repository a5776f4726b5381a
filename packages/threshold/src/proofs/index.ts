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
  encryptInput,
  type InputContext,
  type InputPolicy,
  type InputReading,
  type InputVerdict,
  OPTIONS_MAX,
  readInput,
  verifyInput,
  verifyInputs,
} from "./encrypted-input.ts";
export {
  areBits,
  bitWitness,
  decryptsTo,
  equalityWitness,
  equalPlaintexts,
  inSet,
  isBit,
  knowsPlaintext,
  plaintextWitness,
  randomnessWitness,
  SET_MAX,
  secretWitness,
  setWitness,
  sumEncryptions,
  sumIs,
  sumWitness,
  valueIs,
} from "./encryption.ts";
export {
  claimOneOfMany,
  LIST_MAX,
  type OneOfMany,
  proveOneOfMany,
  verifyOneOfMany,
} from "./one-of-many.ts";
export {
  proveVoprfDleq,
  type VoprfMode,
  type VoprfStatement,
  verifyVoprfDleq,
} from "./voprf-dleq.ts";
