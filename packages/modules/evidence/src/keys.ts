/** Keys of the store `evidence`. */
import { concatBytes, prefixEnd } from "@tacit/sdk";

export const evidenceStoreName = "evidence";

export const evidencePrefix: Uint8Array = Uint8Array.of(0x00);

/** Protobuf Any of the evidence, by the SHA-256 of its bytes. */
export function evidenceKey(hash: Uint8Array): Uint8Array {
  return concatBytes(evidencePrefix, hash);
}

export const evidenceRange: readonly [Uint8Array, Uint8Array | undefined] = [
  evidencePrefix,
  prefixEnd(evidencePrefix),
];
