export {
  addCiphertexts,
  addPublic,
  type Ciphertext,
  ciphertextBytes,
  decodeCiphertext,
  decryptToElement,
  type Encryption,
  encodeCiphertext,
  encrypt,
  encryptWith,
  rerandomize,
  scaleCiphertext,
  subtractCiphertexts,
  sumCiphertexts,
} from "./ciphertext.ts";
export { DiscreteLogTable } from "./discrete-log.ts";
export {
  createKeyPair,
  decodeKey,
  type EncryptionKey,
  encodeKey,
  fixedCommitmentBase,
  type KeyPair,
  sharedKey,
} from "./keys.ts";
export {
  AMOUNT_BITS,
  decryptAmount,
  encryptAmount,
  joinLimbs,
  type LimbBits,
  splitAmount,
} from "./limbs.ts";
