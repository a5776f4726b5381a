export {
  aggregateBip445Nonces,
  type Bip445Nonces,
  generateBip445Nonces,
  type NonceInputs,
} from "./nonces.ts";
export {
  type SignersContext,
  type SigningContext,
  type SigningTask,
  signersOf,
  signingKeyOf,
} from "./session.ts";
export {
  aggregateBip445,
  type Bip445Share,
  signBip445,
  signBip445Deterministically,
  verifyBip445Partial,
} from "./sign.ts";
export { type DerivedKey, deriveSharedKey } from "./xpub.ts";
