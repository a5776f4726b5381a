import { ProtocolError } from "@tacit/encoding/errors";

export type CryptoFailure =
  /** An input has the wrong length. */
  | { readonly code: "crypto/bad_length"; readonly what: string; readonly lengthBytes: number }
  /** A ciphertext was not made with this key and associated data; says nothing about where it differs. */
  | { readonly code: "crypto/bad_tag" }
  /** A public key of small order, with which a shared secret would be known to everybody. */
  | { readonly code: "crypto/low_order_key" }
  /** A key that is not a point or scalar of its curve. */
  | { readonly code: "crypto/bad_key"; readonly curve: string }
  /** A signature that cannot be one, whatever was signed. */
  | { readonly code: "crypto/bad_signature_format" }
  /** Somebody tried to serialise a secret. */
  | { readonly code: "crypto/secret_serialised" }
  /** A secret was used after it had been wiped. */
  | { readonly code: "crypto/secret_wiped" };

const SENTENCES: { readonly [Code in CryptoFailure["code"]]: string } = {
  "crypto/bad_length": "a key, nonce or ciphertext has the wrong length",
  "crypto/bad_tag": "the ciphertext does not belong to this key",
  "crypto/low_order_key": "the public key has small order",
  "crypto/bad_key": "the key is not valid for its curve",
  "crypto/bad_signature_format": "the signature is malformed",
  "crypto/secret_serialised": "a secret must not be serialised",
  "crypto/secret_wiped": "the secret was already wiped",
};

export class CryptoError extends ProtocolError<CryptoFailure> {
  constructor(failure: CryptoFailure, options?: ErrorOptions) {
    super(failure, SENTENCES[failure.code], options);
  }
}

/** @throws {CryptoError} `crypto/bad_length` unless `bytes` has exactly `lengthBytes`. */
export function assertLength(bytes: Uint8Array, lengthBytes: number, what: string): void {
  if (bytes.length !== lengthBytes) {
    throw new CryptoError({ code: "crypto/bad_length", what, lengthBytes: bytes.length });
  }
}
