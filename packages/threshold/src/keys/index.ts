export {
  type ContentId,
  combineKey,
  contentKey,
  contentKeyId,
  createTransportKey,
  derivePartialKey,
  identityPoint,
  type KeyRequest,
  openKey,
  type PartialKey,
  verifyDelivery,
  verifyPartialKey,
} from "./content-keys.ts";
export { decryptWithIdentity, encryptToIdentity, IBE_BYTES_MAX } from "./ibe.ts";
