export {
  combineRound,
  type PartialSignature,
  roundRandomness,
  signRound,
  verifyRound,
} from "./beacon/rounds.ts";
export {
  ThresholdError,
  type ThresholdErrorCode,
  type ThresholdFailure,
} from "./errors.ts";
export {
  type Ed448Point,
  type Ed25519Point,
  ed448Group,
  ed25519Group,
} from "./groups/edwards-group.ts";
export type { BackendName, Group, GroupName, RandomBytes, Scalar } from "./groups/group.ts";
export {
  type Ed25519Backend,
  loadEd25519,
  loadPairing,
  loadRistretto255,
  type PairingBackend,
  type RistrettoBackend,
} from "./groups/load.ts";
export {
  bls12381G1Group,
  bls12381G2Group,
  type G1Point,
  type G2Point,
  type P256Point,
  p256Group,
  type RistrettoPoint,
  ristretto255Group,
  type Secp256k1Point,
  secp256k1Group,
} from "./groups/noble-group.ts";
export { noblePairing, type Pairing } from "./groups/pairing.ts";
export {
  type Claim,
  checkClaims,
  findFalseClaims,
  type ProductSum,
} from "./sigma/claims.ts";
export {
  claimStatement,
  type ProofFlavor,
  proveStatement,
  type Statement,
  verifyStatement,
  type Witness,
} from "./sigma/compose.ts";
export {
  claimRelation,
  proveRelation,
  proveRelationBatchable,
  verifyRelation,
  verifyRelationBatchable,
} from "./sigma/linear.ts";
export { protocolTag } from "./sigma/narg.ts";
export {
  decodeRelation,
  type Equation,
  encodeRelation,
  type ImageTerm,
  type LinearRelation,
  type Term,
} from "./sigma/relation.ts";
export { DuplexSponge, decodeString, deriveSessionId, encodeString } from "./sigma/transcript.ts";
export {
  combineShares,
  type Dealing,
  dealShares,
  lagrangeWeights,
  publicShare,
  SHARES_MAX,
  type Share,
  verifyShare,
} from "./vss.ts";
