export {
  type Account,
  type AccountCodec,
  type AccountCommon,
  accountSchemas,
  type BaseAccount,
  createAccountCodec,
  type ModuleAccount,
  type VestingAccount,
} from "./account.ts";
export {
  type DeductFeeCollaborators,
  deductFee,
  type FeeBank,
  type FeeGrants,
} from "./ante/deduct-fee.ts";
export { setUpContext } from "./ante/set-up-context.ts";
export {
  consumeSignatureGas,
  incrementSequences,
  limitSignatures,
  setPublicKeys,
  verifySignatures,
} from "./ante/signatures.ts";
export { consumeSizeGas } from "./ante/size-gas.ts";
export {
  refuseExtensionOptions,
  timeoutHeight,
  validateBasic,
  validateMemo,
} from "./ante/validate.ts";
export { AccountKeeper, type AccountKeeperOptions } from "./keeper.ts";
export { authStoreName } from "./keys.ts";
export { createAuthModule } from "./module.ts";
export { feeCollectorName } from "./names.ts";
export { type AuthParams, defaultParams } from "./params.ts";
export { type PublicKey, parsePublicKey, publicKeySchemas } from "./public-key.ts";
export {
  createSignatureVerifier,
  type SignatureVerifier,
  type SignatureVerifierOptions,
  type SignerData,
} from "./signature.ts";
export { lockedCoins } from "./vesting.ts";
