import { concat, type Secret, SivKey, X25519PrivateKey } from "@tacit/crypto";
import { deriveFromSeed } from "./derive.ts";

/**
 * The seeds as a new node gets them: each sealed under the raw agreement of the network's
 * seed-exchange key with the node's, 48 bytes a seed. No HKDF is involved; the node's public key
 * is the associated data (privacy protocol section 10).
 *
 * @throws {CryptoError} `crypto/bad_length`, `crypto/low_order_key`.
 */
export function encryptSeeds(seeds: readonly Secret[], nodePublicKey: Uint8Array): Uint8Array {
  const current = seeds.at(-1)!.reveal();
  const exchange = new X25519PrivateKey(deriveFromSeed(current, "seedExchange"));
  const key = new SivKey(exchange.sharedSecret(nodePublicKey));
  return concat(...seeds.map((seed) => key.seal(seed.reveal(), [nodePublicKey])));
}
