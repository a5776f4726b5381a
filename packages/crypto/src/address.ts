import { concat } from "./bytes.ts";
import { assertLength } from "./errors.ts";
import { ripemd160, sha256 } from "./hash.ts";

export const ADDRESS_BYTES = 20;

/** Address of a secp256k1 account: ripemd160(sha256(compressed key)), 20 bytes. @throws {CryptoError} `crypto/bad_length`. */
export function accountAddress(publicKey: Uint8Array): Uint8Array {
  assertLength(publicKey, 33, "compressed secp256k1 key");
  return ripemd160(sha256(publicKey));
}

/** First 20 bytes of SHA-256: validators (of the Ed25519 key), module accounts (of the name), multisigs (of the amino bytes). */
export function truncatedHashAddress(preimage: Uint8Array): Uint8Array {
  return sha256(preimage).slice(0, ADDRESS_BYTES);
}

/** Address of a module account by its name. */
export function moduleAddress(name: string): Uint8Array {
  return truncatedHashAddress(new TextEncoder().encode(name));
}

/**
 * Contract address, 20 bytes: ripemd160(sha256(u64BE(codeId·2³² + instanceId) ‖ creator)).
 * @see privacy protocol section 5
 */
export function contractAddress(options: {
  readonly codeId: bigint;
  readonly instanceId: bigint;
  readonly creator: Uint8Array;
}): Uint8Array {
  const id = new Uint8Array(8);
  new DataView(id.buffer).setBigUint64(0, (options.codeId << 32n) + options.instanceId, false);
  return ripemd160(sha256(concat(id, options.creator)));
}
