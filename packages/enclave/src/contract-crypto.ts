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
import { toHex } from "@tacit/encoding";
import type { ContractCrypto } from "@tacit/vm";
import { verifyQuote } from "./dcap/verify-quote.ts";

/** Result codes of the crypto imports (privacy protocol section 7.2). */
const VALID = 0;
const INVALID = 1;
const BAD_KEY = 5;
const GENERIC = 10;
const BAD_PRIVATE_KEY = 1000;

/**
 * The primitives behind a contract's crypto imports. Differences of libraries must not show:
 * high-S signatures answer 1 as upstream's do; Ed25519 follows ZIP-215. Lengths and tags the
 * engine has checked: what has them but is no number below the order, or no point, answers 10 for
 * secp256k1; for Ed25519 it answers 5 alone and 1 in a batch.
 */
export const contractCrypto: ContractCrypto = {
  secp256k1Verify(hash, signature, publicKey) {
    if (secp256k1Verify(hash, signature, publicKey)) return VALID;
    if (!isBelowOrder(signature.subarray(0, 32))) return GENERIC;
    if (!isBelowOrder(signature.subarray(32))) return GENERIC;
    const key = withoutHybridTag(publicKey);
    if (key === undefined || !isSecp256k1PublicKey(key)) return GENERIC;
    return key !== publicKey && secp256k1Verify(hash, signature, key) ? VALID : INVALID;
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

/** As `contractCrypto`, with attestation quotes judged at the time of the block. */
export function contractCryptoAt(timeNs: bigint): ContractCrypto {
  const seconds = Number(timeNs / 1_000_000_000n);
  return {
    ...contractCrypto,
    dcapQuoteVerify: (quote, collateral) => verifyQuote(quote, collateral, seconds),
  };
}

const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

function isBelowOrder(bytes: Uint8Array): boolean {
  return BigInt(`0x${toHex(bytes)}`) < SECP256K1_ORDER;
}

/** The hybrid form of X9.62 (6 and 7) is the uncompressed one with the parity of y as its tag. */
function withoutHybridTag(key: Uint8Array): Uint8Array | undefined {
  if (key[0] !== 6 && key[0] !== 7) return key;
  if ((key[64]! & 1) !== (key[0] & 1)) return undefined;
  const uncompressed = key.slice();
  uncompressed[0] = 4;
  return uncompressed;
}
