export { type RoastConfig, RoastCoordinator, RoastSigner, verifyRoastFault } from "./roast.ts";
export {
  aggregateShares,
  checkCommitments,
  commitNonces,
  drawNonces,
  type FrostKey,
  type NonceCommitments,
  type Nonces,
  type SignatureShare,
  type SigningRequest,
  signShare,
  verifySignature,
  verifySignatureShare,
} from "./sign.ts";
export {
  createEd25519Frost,
  ed448Frost,
  ed25519Frost,
  type FrostSuite,
  p256Frost,
  ristretto255Frost,
  secp256k1Frost,
  taprootFrost,
} from "./suites.ts";
export { type KeyTweak, taprootTweak, tweakedKey } from "./tweak.ts";
export { NonceVault } from "./vault.ts";
