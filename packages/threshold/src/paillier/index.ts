export {
  decodePaillierCiphertext,
  encodePaillierCiphertext,
  type PaillierCiphertext,
  PaillierEncryptor,
  paillierAdd,
  paillierAddPublic,
  paillierDecrypt,
  paillierEncryptWith,
  paillierScale,
  paillierSubtract,
} from "./cipher.ts";
export { proveFactors, verifyFactors } from "./factor-proof.ts";
export {
  createPaillierKeyPair,
  decodePaillierKey,
  encodePaillierKey,
  importPaillierKeyPair,
  MODULUS_BITS,
  type PaillierKeyPair,
  type PaillierPublicKey,
} from "./keys.ts";
export { proveModulus, verifyModulus } from "./modulus-proof.ts";
export {
  createRingPedersen,
  decodeRingPedersen,
  encodeRingPedersen,
  importRingPedersen,
  proveRingPedersen,
  type RingPedersen,
  type RingPedersenSecret,
  verifyRingPedersen,
} from "./ring-pedersen.ts";
