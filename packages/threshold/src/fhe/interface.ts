/**
 * Computing on ciphertexts under a key that is shared: the interface, for whatever scheme.
 *
 * A request names ciphertexts and what to do with them; each holder answers a decryption request
 * with a part; parts combine. This is the shape of threshold decryption here, so that what calls
 * it need not change when a real scheme comes. There is none yet: see {@link createFheSimulator}.
 */

/** Bytes of the scheme; what is inside shows to nobody below the threshold. */
export type FheCiphertext = Uint8Array;

/** Unsigned integers of this many bits; results wrap around. */
export type FheWidth = 8 | 16 | 32 | 64;

export type FheOperation = "add" | "subtract" | "multiply" | "equal" | "less" | "select";

/** Asks holders for parts; whoever grants it grants that this ciphertext becomes public. */
export interface FheDecryptionRequest {
  readonly ciphertext: FheCiphertext;
  /** 32 bytes: what granted it, for instance a transaction. A holder answers a request once. */
  readonly requestId: Uint8Array;
}

export interface FhePartial {
  readonly index: number;
  readonly body: Uint8Array;
}

export interface ThresholdFhe {
  /** `simulated` means: whoever reads the memory of this process reads every plaintext. */
  readonly security: "threshold" | "simulated";
  readonly threshold: number;
  readonly holders: number;
  encrypt(value: bigint, width: FheWidth): FheCiphertext;
  /** For `select`, the first operand chooses the second if it is not 0, else the third. */
  evaluate(operation: FheOperation, operands: readonly FheCiphertext[]): FheCiphertext;
  partialDecrypt(index: number, request: FheDecryptionRequest): FhePartial;
  combine(request: FheDecryptionRequest, partials: readonly FhePartial[]): bigint;
}
