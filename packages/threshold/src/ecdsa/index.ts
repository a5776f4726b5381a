export {
  createPresign,
  type EcdsaKey,
  type Presignature,
  type PresignConfig,
  type PresignOutcome,
  restorePresign,
  verifyPresignFault,
} from "./presign.ts";
export {
  combineEcdsa,
  type EcdsaRequest,
  type EcdsaShare,
  type EcdsaSignature,
  PresignatureVault,
  signEcdsaShare,
} from "./sign.ts";
