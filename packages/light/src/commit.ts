/** CometBFT v0.38 commits: protobuf, hash, and what a validator signs (types/canonical.go). */
import { malformed, tooLarge } from "./errors.ts";
import {
  decodeBlockId,
  decodeTimestamp,
  encodeBlockId,
  encodeTimestamp,
  NO_BLOCK_ID,
  ZERO_TIME,
} from "./header.ts";
import { idToBytes } from "./ids.ts";
import { ADDRESS_LENGTH, SIGNATURE_BYTES_MAX, VALIDATORS_MAX } from "./limits.ts";
import { merkleLeaf, merkleRoot } from "./merkle.ts";
import { delimited, ProtoReader, ProtoWriter } from "./protobuf.ts";
import type { BlockId, BlockIdFlag, Commit, CommitSignature, Timestamp } from "./types.ts";

/** Values of `SignedMsgType` that are votes. A commit is made of precommits. */
export const PREVOTE = 1;
export const PRECOMMIT = 2;

/** Values of `BlockIdFlag`. */
export const BLOCK_ID_FLAG_ABSENT = 1;
export const BLOCK_ID_FLAG_COMMIT = 2;
export const BLOCK_ID_FLAG_NIL = 3;

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** The entry of a validator that did not vote. */
export const ABSENT_SIGNATURE: CommitSignature = {
  blockIdFlag: BLOCK_ID_FLAG_ABSENT,
  validatorAddress: NO_BYTES,
  timestamp: ZERO_TIME,
  signature: NO_BYTES,
};

/** The last commit of a chain's first block. */
export const EMPTY_COMMIT: Commit = { height: 0n, round: 0, blockId: NO_BLOCK_ID, signatures: [] };

export function encodeCommit(commit: Commit): Uint8Array {
  const writer = new ProtoWriter(128 + 120 * commit.signatures.length)
    .int(1, commit.height)
    .uint(2, commit.round)
    .message(3, encodeBlockId(commit.blockId));
  for (const signature of commit.signatures) writer.message(4, encodeSignature(signature));
  return writer.finish();
}

/** @throws {LightError} `light/malformed`, `light/too_large`. */
export function decodeCommit(bytes: Uint8Array): Commit {
  const reader = new ProtoReader(bytes, "commit", 4);
  let height = 0n;
  let round = 0;
  let blockId = NO_BLOCK_ID;
  const signatures: CommitSignature[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) height = reader.int64();
    else if (field === 2) round = reader.int32();
    else if (field === 3) blockId = decodeBlockId(reader.view());
    else if (field === 4) signatures.push(decodeSignature(reader.view()));
    else reader.unknown();
    if (signatures.length > VALIDATORS_MAX) throw tooLarge("commit");
  }
  return { height, round, blockId, signatures };
}

/** RFC 6962 root over the signatures' protobuf; sha256("") of none. 32 bytes. */
export function commitHash(commit: Commit): Uint8Array {
  const leaves = commit.signatures.map((signature) => merkleLeaf(encodeSignature(signature)));
  return idToBytes(merkleRoot(leaves));
}

/** A vote as it is signed. */
export interface SignedVote {
  /** A precommit unless given. */
  readonly type?: typeof PREVOTE | typeof PRECOMMIT;
  readonly height: bigint;
  readonly round: number;
  /** An empty hash is a vote for no block. */
  readonly blockId: BlockId;
  readonly timestamp: Timestamp;
}

/** `uvarint(length) ‖ CanonicalVote`: the bytes a validator signs. */
export function voteSignBytes(chainId: string, vote: SignedVote): Uint8Array {
  const writer = new ProtoWriter(192)
    .uint(1, vote.type ?? PRECOMMIT)
    .sfixed64(2, vote.height)
    .sfixed64(3, BigInt(vote.round));
  if (vote.blockId.hash.length > 0) writer.message(4, encodeBlockId(vote.blockId));
  writer.message(5, encodeTimestamp(vote.timestamp)).text(6, chainId);
  return delimited(writer.finish());
}

/** What the validator of entry `index` signed. An absent entry signed nothing. */
export function commitSignBytes(chainId: string, commit: Commit, index: number): Uint8Array {
  const entry = commit.signatures[index] as CommitSignature;
  const forBlock = entry.blockIdFlag === BLOCK_ID_FLAG_COMMIT;
  return voteSignBytes(chainId, {
    height: commit.height,
    round: commit.round,
    blockId: forBlock ? commit.blockId : NO_BLOCK_ID,
    timestamp: entry.timestamp,
  });
}

function encodeSignature(entry: CommitSignature): Uint8Array {
  return new ProtoWriter(128)
    .uint(1, entry.blockIdFlag)
    .bytes(2, entry.validatorAddress)
    .message(3, encodeTimestamp(entry.timestamp))
    .bytes(4, entry.signature)
    .finish();
}

function decodeSignature(bytes: Uint8Array): CommitSignature {
  const reader = new ProtoReader(bytes, "commit signature");
  let flag = 0;
  let validatorAddress = NO_BYTES;
  let timestamp: Timestamp = { seconds: 0n, nanos: 0 };
  let signature = NO_BYTES;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) flag = reader.uint32();
    else if (field === 2) validatorAddress = reader.bytes(ADDRESS_LENGTH);
    else if (field === 3) timestamp = decodeTimestamp(reader.view());
    else if (field === 4) signature = reader.bytes(SIGNATURE_BYTES_MAX);
    else reader.unknown();
  }
  const absent = flag === BLOCK_ID_FLAG_ABSENT;
  const addressFits = validatorAddress.length === (absent ? 0 : ADDRESS_LENGTH);
  if (flag < 1 || flag > 3 || !addressFits || absent !== (signature.length === 0)) {
    throw malformed("commit signature");
  }
  return { blockIdFlag: flag as BlockIdFlag, validatorAddress, timestamp, signature };
}
