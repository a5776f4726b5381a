/** The 64 uniform bytes that RFC 9380 maps to ristretto255 (`ristretto255_XMD:SHA-512_R255MAP_RO_`). */
import { expand_message_xmd } from "@noble/curves/abstract/hash-to-curve.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { utf8 } from "../bytes.ts";

export function expandForRistretto(message: Uint8Array, dst: string): Uint8Array {
  return expand_message_xmd(message, utf8(dst), 64, sha512);
}
