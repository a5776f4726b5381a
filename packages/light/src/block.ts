/** CometBFT v0.38 blocks: protobuf, parts, and the hashes a header takes from its block. */
import { decodeCommit, EMPTY_COMMIT, encodeCommit } from "./commit.ts";
import { malformed, tooLarge } from "./errors.ts";
import { decodeHeader, encodeHeader } from "./header.ts";
import { idToBytes, sha256Id } from "./ids.ts";
import { BLOCK_BYTES_MAX, PART_BYTES } from "./limits.ts";
import { merkleLeaf, merkleRoot } from "./merkle.ts";
import { ProtoReader, ProtoWriter } from "./protobuf.ts";
import type { Block, BlockId, Commit, Header } from "./types.ts";

export function encodeBlock(block: Block): Uint8Array {
  const bytesHint = block.txs.reduce((sum, tx) => sum + tx.length + 8, 2048);
  const data = new ProtoWriter(bytesHint);
  for (const tx of block.txs) data.message(1, tx);
  const evidence = new ProtoWriter();
  for (const entry of block.evidence) evidence.message(1, entry);
  return new ProtoWriter(bytesHint)
    .message(1, encodeHeader(block.header))
    .message(2, data.finish())
    .message(3, evidence.finish())
    .message(4, encodeCommit(block.lastCommit))
    .finish();
}

/** @throws {LightError} `light/malformed`, `light/too_large`. */
export function decodeBlock(bytes: Uint8Array): Block {
  if (bytes.length > BLOCK_BYTES_MAX) throw tooLarge("block");
  const reader = new ProtoReader(bytes, "block");
  let header: Header | undefined;
  let txs: Uint8Array[] = [];
  let evidence: Uint8Array[] = [];
  let lastCommit: Commit = EMPTY_COMMIT;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) header = decodeHeader(reader.view());
    else if (field === 2) txs = decodeList(reader.view(), "block data");
    else if (field === 3) evidence = decodeList(reader.view(), "block evidence");
    else if (field === 4) lastCommit = decodeCommit(reader.view());
    else reader.unknown();
  }
  if (header === undefined) throw malformed("block without header");
  return { header, txs, evidence, lastCommit };
}

/** RFC 6962 root over the SHA-256 of each transaction; 32 bytes. */
export function dataHash(txs: readonly Uint8Array[]): Uint8Array {
  return dataHashOf(txs.map((tx) => idToBytes(sha256Id(tx))));
}

/** {@link dataHash} from the transactions' hashes, 32 bytes each. */
export function dataHashOf(txHashes: readonly Uint8Array[]): Uint8Array {
  return idToBytes(merkleRoot(txHashes.map((hash) => merkleLeaf(hash))));
}

/**
 * RFC 6962 root over the evidence; 32 bytes. A leaf is the evidence itself without the wrapper that
 * tells its kind.
 * @param evidence protobuf Evidence each. @throws {LightError} `light/malformed`.
 */
export function evidenceHash(evidence: readonly Uint8Array[]): Uint8Array {
  return idToBytes(merkleRoot(evidence.map((entry) => merkleLeaf(unwrapEvidence(entry)))));
}

/** Number and root of the parts in which a block's protobuf travels. */
export function partSetHeader(blockBytes: Uint8Array): BlockId["parts"] {
  const leaves: string[] = [];
  for (let at = 0; at < blockBytes.length; at += PART_BYTES) {
    leaves.push(merkleLeaf(blockBytes.subarray(at, at + PART_BYTES)));
  }
  return { total: leaves.length, hash: idToBytes(merkleRoot(leaves)) };
}

function decodeList(bytes: Uint8Array, what: string): Uint8Array[] {
  const reader = new ProtoReader(bytes, what, 1);
  const entries: Uint8Array[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field !== 1) reader.unknown();
    entries.push(reader.bytes(BLOCK_BYTES_MAX));
  }
  return entries;
}

/** Evidence is a choice of `duplicate_vote_evidence` (1) and `light_client_attack_evidence` (2). */
function unwrapEvidence(bytes: Uint8Array): Uint8Array {
  const reader = new ProtoReader(bytes, "evidence");
  const field = reader.next();
  if (field !== 1 && field !== 2) throw malformed("evidence");
  const inner = reader.view();
  if (reader.next() !== 0) throw malformed("evidence");
  return inner;
}
