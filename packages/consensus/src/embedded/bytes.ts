import { sha256 } from "@tacit/crypto";

/** SHA-256 of the transaction: its name everywhere. */
export function txHash(tx: Uint8Array): Uint8Array {
  return sha256(tx);
}

/** Lower-case hex. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}

export function bytesOfHex(hex: string): Uint8Array {
  return plain(Buffer.from(hex, "hex"));
}

export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}

export function bytesOfBase64(text: string): Uint8Array {
  return plain(Buffer.from(text, "base64"));
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** The same memory without Node's Buffer methods. */
export function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
