/** XAES-256-GCM (C2SP): AES-256-GCM under a key derived of the key and half of a 24-byte nonce. */
import { ecb, gcm } from "@noble/ciphers/aes.js";
import { concatBytes } from "../bytes.ts";

const BLOCK_BYTES = 16;

/** One block of AES-256. */
function encryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  return ecb(key, { disablePadding: true }).encrypt(block);
}

/**
 * NIST SP 800-108 in counter mode over AES-CMAC, of two blocks: `counter (2) || "X" || 0 ||
 * nonce[0:12]`, each a whole block, so that CMAC is one encryption of it masked by K1.
 *
 * @param key 32 bytes. @param nonce 24 bytes.
 */
function deriveGcmKey(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const subkey = doubleBlock(encryptBlock(key, new Uint8Array(BLOCK_BYTES)));
  const halves = [1, 2].map((counter) => {
    const block = concatBytes(Uint8Array.of(0, counter, 0x58, 0), nonce.subarray(0, 12));
    return encryptBlock(
      key,
      block.map((byte, i) => byte ^ (subkey[i] as number)),
    );
  });
  return concatBytes(...halves);
}

/** Times x in CMAC's field of 2^128 elements, without a branch on the secret. */
function doubleBlock(block: Uint8Array): Uint8Array {
  const carry = (block[0] as number) >> 7;
  return block.map((byte, i) => {
    const next = block[i + 1] ?? 0;
    const reduced = i === BLOCK_BYTES - 1 ? carry * 0x87 : 0;
    return ((byte << 1) & 0xff) ^ (next >> 7) ^ reduced;
  });
}

/** @param key 32 bytes. @param nonce 24 bytes. @returns a cipher for one message. */
export function xaes256gcm(key: Uint8Array, nonce: Uint8Array): ReturnType<typeof gcm> {
  return gcm(deriveGcmKey(key, nonce), nonce.subarray(12));
}
