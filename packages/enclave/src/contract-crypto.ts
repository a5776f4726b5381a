import {
  CryptoError,
  Ed25519PrivateKey,
  ed25519Verify,
  isEd25519PublicKey,
  isSecp256k1PublicKey,
  Secret,
  secp256k1Recover,
  secp256k1Sign,
  secp256k1Verify,
  sha256,
} from "@tacit/crypto";
import type { ContractCrypto } from "@tacit/vm";

/** Result codes of the crypto imports (privacy protocol section 7.2). */
const VALID = 0;
const INVALID = 1;
const BAD_KEY = 5;
const GENERIC = 10;
const BAD_PRIVATE_KEY = 1000;

/**
 * The primitives behind a contract's crypto imports. Differences of libraries must not show:
 * high-S signatures answer 1 as upstream's do; Ed25519 follows ZIP-215.
 */
export const contractCrypto: ContractCrypto = {
  secp256k1Verify(hash, signature, publicKey) {
    if (secp256k1Verify(hash, signature, publicKey)) return VALID;
    return isSecp256k1PublicKey(publicKey) ? INVALID : BAD_KEY;
  },

  secp256k1RecoverPubkey(hash, signature, recoveryParam) {
    try {
      return { ok: secp256k1Recover(hash, signature, recoveryParam) };
    } catch (error) {
      if (error instanceof CryptoError) return { error: GENERIC };
      throw error;
    }
  },

  ed25519Verify(message, signature, publicKey) {
    if (ed25519Verify(message, signature, publicKey)) return VALID;
    return isEd25519PublicKey(publicKey) ? INVALID : BAD_KEY;
  },

  ed25519BatchVerify(messages, signatures, publicKeys) {
    if (!publicKeys.every((key) => isEd25519PublicKey(key))) return BAD_KEY;
    const isValid = messages.every((message, index) =>
      ed25519Verify(message, signatures[index]!, publicKeys[index]!),
    );
    return isValid ? VALID : INVALID;
  },

  secp256k1Sign(message, privateKey) {
    try {
      return { ok: secp256k1Sign(sha256(message), new Secret(privateKey, "key of a contract")) };
    } catch (error) {
      if (error instanceof CryptoError) return { error: BAD_PRIVATE_KEY };
      throw error;
    }
  },

  ed25519Sign(message, privateKey) {
    try {
      return { ok: new Ed25519PrivateKey(privateKey).sign(message) };
    } catch (error) {
      if (error instanceof CryptoError) return { error: BAD_PRIVATE_KEY };
      throw error;
    }
  },
};
