/** Shapes of CometBFT v0.38 blocks as plain values. Hashes and addresses are bytes. */

/** A point in time, as the protobuf Timestamp that is hashed and signed. */
export interface Timestamp {
  /** Seconds since the epoch. */
  readonly seconds: bigint;
  /** 0 to 999,999,999. */
  readonly nanos: number;
}

export interface BlockId {
  /** 32 bytes, or empty for "no block" (the last block id of the first block). */
  readonly hash: Uint8Array;
  readonly parts: { readonly total: number; readonly hash: Uint8Array };
}

export interface Header {
  readonly version: { readonly block: bigint; readonly app: bigint };
  readonly chainId: string;
  readonly height: bigint;
  readonly time: Timestamp;
  readonly lastBlockId: BlockId;
  readonly lastCommitHash: Uint8Array;
  readonly dataHash: Uint8Array;
  readonly validatorsHash: Uint8Array;
  readonly nextValidatorsHash: Uint8Array;
  readonly consensusHash: Uint8Array;
  /** State root after the block before this one. */
  readonly appHash: Uint8Array;
  readonly lastResultsHash: Uint8Array;
  readonly evidenceHash: Uint8Array;
  /** 20 bytes. */
  readonly proposerAddress: Uint8Array;
}

/** `absent` 1, `commit` 2, `nil` 3. */
export type BlockIdFlag = 1 | 2 | 3;

export interface CommitSignature {
  readonly blockIdFlag: BlockIdFlag;
  /** 20 bytes; empty when absent. */
  readonly validatorAddress: Uint8Array;
  readonly timestamp: Timestamp;
  /** 64 bytes; empty when absent. */
  readonly signature: Uint8Array;
}

export interface Commit {
  readonly height: bigint;
  readonly round: number;
  readonly blockId: BlockId;
  readonly signatures: readonly CommitSignature[];
}

export interface Validator {
  /** 20 bytes: the first of sha256(public key). */
  readonly address: Uint8Array;
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
  readonly power: bigint;
  readonly proposerPriority: bigint;
}

export interface ValidatorSet {
  /** Ordered by power, descending, then by address, ascending. */
  readonly validators: readonly Validator[];
  readonly proposer: Validator;
}

export interface Block {
  readonly header: Header;
  readonly txs: readonly Uint8Array[];
  /** Absent evidence of misbehaviour is an empty list; each entry is a protobuf Evidence. */
  readonly evidence: readonly Uint8Array[];
  readonly lastCommit: Commit;
}
