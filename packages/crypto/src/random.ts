import { randomBytes as nodeRandomBytes } from "node:crypto";

/** Bytes of the operating system's generator. Never where nodes must agree. */
export function randomBytes(lengthBytes: number): Uint8Array {
  return Uint8Array.from(nodeRandomBytes(lengthBytes));
}
