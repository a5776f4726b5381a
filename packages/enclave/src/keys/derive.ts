import { concat, hkdfSha256 } from "@tacit/crypto";
import { fromHex } from "@tacit/encoding";
import { utf8 } from "../bytes.ts";

/** The network's one HKDF salt; clients know it too (privacy protocol section 1.1). */
const HKDF_SALT = fromHex("000000000000000000024bead8df69990852c202db0e0097c1a12ea637d7e96d");

const NO_INFO = new Uint8Array(0);
const SEED_INFO = utf8("seed");

/** What the keys derived from a consensus seed are for; the number goes into the derivation. */
export const KEY_PURPOSE = {
  seedExchange: 1,
  ioExchange: 2,
  state: 3,
  callback: 4,
  randomEncryption: 5,
  initialRandomness: 6,
  adminProof: 7,
  contractKeyProof: 8,
} as const;

export type KeyPurpose = keyof typeof KEY_PURPOSE;

/** `K(seed, n)` of section 1.1, 32 bytes. Both argument and result are secret. */
export function deriveFromSeed(seed: Uint8Array, purpose: KeyPurpose): Uint8Array {
  const index = new Uint8Array(4);
  new DataView(index.buffer).setUint32(0, KEY_PURPOSE[purpose], false);
  const ikm = concat(seed, index);
  return hkdfSha256({ salt: HKDF_SALT, ikm, info: SEED_INFO, lengthBytes: 32 });
}

/** `D(key, data)` of section 1.1, 32 bytes. The key is secret. */
export function deriveFromKey(key: Uint8Array, data: Uint8Array): Uint8Array {
  const ikm = concat(key, data);
  return hkdfSha256({ salt: HKDF_SALT, ikm, info: NO_INFO, lengthBytes: 32 });
}

/** `HKDF(ikm, info)` of section 1.1, 32 bytes. The input is secret. */
export function deriveWithInfo(ikm: Uint8Array, info: Uint8Array): Uint8Array {
  return hkdfSha256({ salt: HKDF_SALT, ikm, info, lengthBytes: 32 });
}
