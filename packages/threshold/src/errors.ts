/** What was wrong with input of this package. Each code names one reason to refuse. */
export type ThresholdFailure =
  /** Bytes of another length than the format has. */
  | { readonly code: "threshold/length"; readonly what: string; readonly lengthBytes: number }
  /** Bytes that are no canonical encoding of an element of the prime-order group. */
  | { readonly code: "threshold/element" }
  /** The identity, where an element with a secret behind it is meant. */
  | { readonly code: "threshold/identity" }
  /** No memory for a list of that length. */
  | { readonly code: "threshold/memory" }
  /** A scalar that is not in its canonical range. */
  | { readonly code: "threshold/scalar" }
  /** A statement that the draft's instance validation refuses; `check` is its number there. */
  | { readonly code: "threshold/relation"; readonly check: number }
  /** A composed statement that is empty, too large, or of several groups. */
  | { readonly code: "threshold/statement" }
  /** A witness that does not satisfy the statement it is to prove. */
  | { readonly code: "threshold/witness" }
  /** A Paillier ciphertext out of range, or with a factor of the modulus. */
  | { readonly code: "threshold/ciphertext" }
  /** A backend that does not hide a lasting secret from who measures time. */
  | { readonly code: "threshold/backend"; readonly backend: string }
  /** Elements that are no key: see the function that refuses. */
  | { readonly code: "threshold/key" }
  /** A proof that does not verify. */
  | { readonly code: "threshold/proof" }
  /** An index of 0, above the bound, or of nobody. */
  | { readonly code: "threshold/index"; readonly index: number }
  /** An index that comes twice. */
  | { readonly code: "threshold/duplicate_index"; readonly index: number }
  /** Fewer shares than the threshold. */
  | { readonly code: "threshold/too_few"; readonly have: number; readonly need: number }
  /** A threshold or number of holders that makes no sense. */
  | { readonly code: "threshold/parameters" }
  /** Shares that do not belong to their commitments; `indices` are the cheaters. */
  | { readonly code: "threshold/bad_share"; readonly indices: readonly number[] }
  /** Nonces that are used up, were dropped, or never drawn. */
  | { readonly code: "threshold/nonce" }
  /** A session of ChillDKG that cannot go on; `participants` count from 0, as the BIP's. */
  | {
      readonly code: "threshold/chilldkg";
      readonly reason: ChillDkgReason;
      readonly participants: readonly number[];
    }
  /** A session of COCKTAIL-DKG that cannot go on; `participants` count from 1, as the standard's. */
  | {
      readonly code: "threshold/cocktail";
      readonly reason: CocktailReason;
      readonly participants: readonly number[];
    }
  /** BIP-445: what a signer sent, or the coordinator (undefined); by its place in the list, from 0. */
  | {
      readonly code: "threshold/contribution";
      readonly contribution: Bip445Contribution;
      readonly signer: number | undefined;
    }
  /** A plaintext outside of the range that was searched or promised. */
  | { readonly code: "threshold/range" }
  /** A signature that does not verify. */
  | { readonly code: "threshold/signature" }
  /** A record of an election that does not verify; `what` is the first thing that is wrong. */
  | { readonly code: "threshold/record"; readonly what: string }
  /**
   * A record of ElectionGuard that does not verify. `verification` is number and letter of the
   * list in its specification 2.0.0, such as `5.D`.
   */
  | {
      readonly code: "threshold/electionguard";
      readonly verification: string;
      readonly place: RecordPlace;
    }
  /** A ballot that is not accepted. */
  | { readonly code: "threshold/ballot"; readonly reason: BallotReason }
  /** JSON of a beacon that is not of drand's shape. */
  | { readonly code: "threshold/beacon"; readonly field: string };

/** Where in a record; names as the record has them, so from whoever wrote it. */
export interface RecordPlace {
  readonly guardian?: string;
  readonly device?: string;
  readonly ballot?: string;
  readonly contest?: string;
  readonly selection?: string;
}

/** Why a ballot is refused. */
export type BallotReason =
  /** Of another election. */
  | "election"
  /** Of a credential that is not on the list. */
  | "credential"
  /** Part of a ciphertext is on the board already, or twice in the ballot. */
  | "copied"
  /** A choice that the question does not allow. */
  | "choice"
  /** Was opened, so it is never cast; or was cast, so it is never opened. */
  | "challenged"
  | "cast"
  /** An opening that does not give the ballot's ciphertexts. */
  | "opening"
  /** Made without the election's box; or for a box, where the election has none. */
  | "box"
  /** The board is closed; or is not yet. */
  | "closed"
  | "not_closed"
  /** The holder of a share has decrypted another board of this election. */
  | "second_board";

/** Whose fault it is, or which input was wrong, in the words of the BIP's exceptions. */
export type ChillDkgReason =
  | "host_secret_key"
  | "threshold_or_count"
  | "host_public_key"
  | "duplicate_key"
  | "randomness"
  | "participant"
  | "participant_or_coordinator"
  | "coordinator"
  /** Somebody's, which {@link participantInvestigate} may tell. */
  | "unknown"
  | "recovery_data"
  /** Of a participant who may not have the recovery data; the key is good all the same. */
  | "acknowledgement";

/** What of BIP-445's messages was wrong. */
export type Bip445Contribution =
  | "public_nonce"
  | "aggregate_nonce"
  | "other_nonces"
  | "partial_signature";

/** Why a session of COCKTAIL-DKG stops; all but the last three name participants. */
export type CocktailReason =
  /** A first message that does not parse. */
  | "message"
  /** A proof of possession that does not verify. */
  | "possession"
  /** A share that does not decrypt. */
  | "ciphertext"
  /** Decrypted, but no scalar. */
  | "plaintext"
  /** A scalar that is not the polynomial's value. */
  | "share"
  /** A signature of the transcript that does not verify. */
  | "signature"
  /** What came of the coordinator is not what was sent. */
  | "coordinator"
  | "recovery_data"
  /** A secret key that is none of the session's. */
  | "host_key";

export type ThresholdErrorCode = ThresholdFailure["code"];

/** Wrong input. Callers switch on `code`; the message has no secret in it. */
export class ThresholdError extends Error {
  override readonly name = "ThresholdError";
  readonly failure: ThresholdFailure;

  constructor(failure: ThresholdFailure, options?: ErrorOptions) {
    super(failure.code, options);
    this.failure = failure;
  }

  get code(): ThresholdErrorCode {
    return this.failure.code;
  }
}

/** @throws {ThresholdError} `threshold/length` unless `bytes` has exactly `lengthBytes`. */
export function assertLength(bytes: Uint8Array, lengthBytes: number, what: string): void {
  if (bytes.length !== lengthBytes) {
    throw new ThresholdError({ code: "threshold/length", what, lengthBytes: bytes.length });
  }
}
