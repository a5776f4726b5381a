export {
  ADDRESS_BYTES,
  accountAddress,
  contractAddress,
  moduleAddress,
  truncatedHashAddress,
} from "./address.ts";
export {
  SIV_KEY_BYTES,
  SIV_TAG_BYTES,
  SivKey,
  type SivMessage,
} from "./aes-siv.ts";
export { concat, equalConstantTime } from "./bytes.ts";
export {
  ED25519_KEY_BYTES,
  ED25519_SIGNATURE_BYTES,
  Ed25519PrivateKey,
  ed25519Verify,
  isEd25519PublicKey,
} from "./ed25519.ts";
export { CryptoError, type CryptoFailure } from "./errors.ts";
export { hkdfSha256, hmacSha256, keccak256, ripemd160, sha256, sha512 } from "./hash.ts";
export { randomBytes } from "./random.ts";
export {
  guardNativeCalls,
  isSecp256k1PublicKey,
  type NativeGuard,
  SECP256K1_SIGNATURE_BYTES,
  secp256k1Implementation,
  secp256k1PublicKey,
  secp256k1Recover,
  secp256k1Sign,
  secp256k1Verify,
} from "./secp256k1.ts";
export { Secret } from "./secret.ts";
export { X25519_KEY_BYTES, X25519PrivateKey } from "./x25519.ts";
