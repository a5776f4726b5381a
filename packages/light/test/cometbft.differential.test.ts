import * as BlockTypes from "cosmjs-types/tendermint/types/block";
import * as CanonicalTypes from "cosmjs-types/tendermint/types/types";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ABSENT_SIGNATURE,
  type Block,
  type BlockId,
  type Commit,
  decodeBlock,
  decodeCommit,
  decodeHeader,
  encodeBlock,
  encodeCommit,
  encodeHeader,
  type Header,
  LightError,
} from "../src/index.ts";

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hash = bytesOf(32);
/** The second implementation writes int64 wrongly where bit 31 is set, so numbers stay below. */
const int64Max = 2n ** 31n - 1n;
const height = fc.bigInt({ min: 1n, max: int64Max });
const timestamp = fc.record({
  seconds: fc.bigInt({ min: 0n, max: int64Max }),
  nanos: fc.nat(999_999_999),
});
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

const blockIds: fc.Arbitrary<BlockId> = fc.record({
  hash,
  parts: fc.record({ total: fc.integer({ min: 1, max: 2 ** 31 }), hash }),
});

const headers: fc.Arbitrary<Header> = fc.record({
  version: fc.record({ block: uint64, app: uint64 }),
  chainId: fc.string({ maxLength: 50 }).filter((text) => Buffer.byteLength(text) <= 50),
  height,
  time: timestamp,
  lastBlockId: blockIds,
  lastCommitHash: hash,
  dataHash: hash,
  validatorsHash: hash,
  nextValidatorsHash: hash,
  consensusHash: hash,
  appHash: hash,
  lastResultsHash: hash,
  evidenceHash: hash,
  proposerAddress: bytesOf(20),
});

const commits: fc.Arbitrary<Commit> = fc.record({
  height,
  round: fc.nat(2 ** 31 - 1),
  blockId: blockIds,
  signatures: fc.array(
    fc.oneof(
      fc.constant(ABSENT_SIGNATURE),
      fc.record({
        blockIdFlag: fc.constantFrom(2 as const, 3 as const),
        validatorAddress: bytesOf(20),
        timestamp,
        signature: bytesOf(64),
      }),
    ),
    { maxLength: 6 },
  ),
});

const blocks: fc.Arbitrary<Block> = fc.record({
  header: headers,
  txs: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }),
  evidence: fc.constant([]),
  lastCommit: commits,
});

/** Field names of the second implementation. */
const blockIdToTheirs = ({ hash, parts }: BlockId) => ({ hash, partSetHeader: parts });
const headerToTheirs = (header: Header) => ({
  ...header,
  lastBlockId: blockIdToTheirs(header.lastBlockId),
});
const commitToTheirs = (commit: Commit) => ({
  ...commit,
  blockId: blockIdToTheirs(commit.blockId),
  signatures: [...commit.signatures],
});

describe("encodings against cosmjs-types", () => {
  it("encodes headers alike and decodes them back", () => {
    fc.assert(
      fc.property(headers, (header) => {
        const bytes = encodeHeader(header);
        const theirs = CanonicalTypes.Header.encode(headerToTheirs(header)).finish();
        expect(Buffer.from(bytes)).toEqual(Buffer.from(theirs));
        expect(decodeHeader(bytes)).toEqual(header);
      }),
    );
  });

  it("encodes commits alike and decodes them back", () => {
    fc.assert(
      fc.property(commits, (commit) => {
        const bytes = encodeCommit(commit);
        const theirs = CanonicalTypes.Commit.encode(commitToTheirs(commit)).finish();
        expect(Buffer.from(bytes)).toEqual(Buffer.from(theirs));
        expect(decodeCommit(bytes)).toEqual(commit);
      }),
    );
  });

  it("encodes blocks alike and decodes them back", () => {
    fc.assert(
      fc.property(blocks, (block) => {
        const bytes = encodeBlock(block);
        const theirs = BlockTypes.Block.encode({
          header: headerToTheirs(block.header),
          data: { txs: [...block.txs] },
          evidence: { evidence: [] },
          lastCommit: commitToTheirs(block.lastCommit),
        }).finish();
        expect(Buffer.from(bytes)).toEqual(Buffer.from(theirs));
        expect(decodeBlock(bytes)).toEqual(block);
      }),
    );
  });

  it("refuses whatever is no header, commit or block with a typed error", () => {
    const valid = fc.oneof(
      headers.map(encodeHeader),
      commits.map(encodeCommit),
      blocks.map(encodeBlock),
    );
    const mutated = fc.tuple(valid, fc.nat(), fc.nat(255)).map(([bytes, at, byte]) => {
      const copy = Uint8Array.from(bytes);
      if (copy.length > 0) copy[at % copy.length] = byte;
      return copy;
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), valid, mutated), (bytes) => {
        for (const decode of [decodeHeader, decodeCommit, decodeBlock]) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(LightError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
