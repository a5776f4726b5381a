/** Produced blocks against a second encoder (cosmjs-types), Node's hashes and its Ed25519. */
import { createHash, createPublicKey, verify } from "node:crypto";
import { toHex } from "@tacit/encoding";
import {
  type Block,
  type Commit,
  type Header,
  headerHash,
  verifyNextHeader,
  verifySignedHeader,
  ZERO_TIME,
} from "@tacit/light";
import { Timestamp } from "cosmjs-types/google/protobuf/timestamp";
import { Block as WireBlock } from "cosmjs-types/tendermint/types/block";
import {
  BlockID,
  SignedMsgType,
  type Header as WireHeader,
} from "cosmjs-types/tendermint/types/types";
import { Consensus } from "cosmjs-types/tendermint/version/types";
import { describe, expect, it } from "vitest";
import {
  inDirectory,
  openNode,
  strangerKey,
  type TestNode,
  testGenesis,
  textBytes,
  validatorKey,
} from "../../test/node.ts";
import { formatTime } from "../node/time.ts";
import type { StoredBlock } from "./events.ts";

async function makeBlocks({ engine, clock }: TestNode, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await engine.broadcastTx(textBytes(`k${engine.status().latestHeight}=v`));
    clock.advance(1_500);
    await engine.produceBlock();
  }
}

function blockAt({ engine }: TestNode, height: bigint): StoredBlock {
  const block = engine.block(height);
  if (block === undefined) throw new RangeError(`no block ${height}`);
  return block;
}

describe("the second implementation", () => {
  it("gives the known answer of CometBFT's TestHeaderHash, as ours does", () => {
    const sum = (text: string) => Uint8Array.from(createHash("sha256").update(text).digest());
    const nothing = new Uint8Array(32);
    const header: Header = {
      version: { block: 1n, app: 2n },
      chainId: "chainId",
      height: 3n,
      time: { seconds: BigInt(Date.UTC(2019, 9, 13, 16, 14, 44)) / 1_000n, nanos: 0 },
      lastBlockId: { hash: nothing, parts: { total: 6, hash: nothing } },
      lastCommitHash: sum("last_commit_hash"),
      dataHash: sum("data_hash"),
      validatorsHash: sum("validators_hash"),
      nextValidatorsHash: sum("next_validators_hash"),
      consensusHash: sum("consensus_hash"),
      appHash: sum("app_hash"),
      lastResultsHash: sum("last_results_hash"),
      evidenceHash: sum("evidence_hash"),
      proposerAddress: sum("proposer_address").slice(0, 20),
    };
    const known = "f740121f553b5418c3efbd343c2dbfe9e007bb67b0d020a0741374bab65242a4";
    expect([hashHeader({ header }), headerHash(header)].map(toHex)).toEqual([known, known]);
  });
});

describe("a produced block", () => {
  it("has the root of its header's fields as hash", () =>
    inDirectory(async (directory) => {
      const node = await openNode(directory);
      await makeBlocks(node, 3);
      for (const height of [1n, 2n, 3n]) {
        const { block, blockId } = blockAt(node, height);
        expect(toHex(hashHeader(block))).toBe(toHex(blockId.hash));
      }
      await node.engine.stop();
    }));

  it("is cut into parts of 65,536 bytes of the protobuf that cosmjs-types writes", () =>
    inDirectory(async (directory) => {
      const node = await openNode(directory);
      await node.engine.broadcastTx(textBytes(`large=${"x".repeat(150_000)}`));
      await makeBlocks(node, 2);
      for (const height of [1n, 2n]) {
        const { block, blockId, sizeBytes } = blockAt(node, height);
        const bytes = WireBlock.encode(wireBlock(block)).finish();
        expect(sizeBytes).toBe(bytes.length);
        expect(blockId.parts).toEqual({
          total: Math.ceil(bytes.length / 65_536),
          hash: merkleRoot(partsOf(bytes)),
        });
      }
      expect(blockAt(node, 1n).blockId.parts.total).toBe(3);
      await node.engine.stop();
    }));

  it("carries a signature of the canonical vote, by hand", () =>
    inDirectory(async (directory) => {
      const node = await openNode(directory);
      await makeBlocks(node, 1);
      const { commit } = node.engine.commit(1n) ?? {};
      const [entry] = commit?.signatures ?? [];
      expect(entry?.signature.length).toBe(64);
      expect(verifyByHand(commit as Commit)).toBe(true);
      await node.engine.stop();
    }));

  it("passes the light client, which follows the chain from the first block", () =>
    inDirectory(async (directory) => {
      const node = await openNode(directory);
      await makeBlocks(node, 5);
      const signed = [1n, 2n, 3n, 4n, 5n].map((height) => ({
        header: blockAt(node, height).block.header,
        commit: node.engine.commit(height)?.commit as Commit,
        validators: node.engine.validators(height)?.validators ?? [],
      }));
      verifySignedHeader("counter-1", signed[0] as never);
      signed.slice(1).forEach((next, index) => {
        verifyNextHeader((signed[index] as never as typeof next).header, next);
      });
      await node.engine.stop();
    }));

  it("bears the time of the signatures under the block before it", () =>
    inDirectory(async (directory) => {
      const node = await openNode(directory);
      await makeBlocks(node, 3);
      expect(blockAt(node, 1n).block.header.time).toEqual(testGenesis().genesisTime);
      for (const height of [2n, 3n]) {
        const { header, lastCommit } = blockAt(node, height).block;
        expect(header.time).toEqual(lastCommit.signatures[0]?.timestamp);
      }
      await node.engine.stop();
    }));

  it("is later than the one before even if the clock stands still or goes back", () =>
    inDirectory(async (directory) => {
      const node = await openNode(directory);
      await node.engine.produceBlock();
      node.clock.advance(-60_000);
      await node.engine.produceBlock();
      await node.engine.produceBlock();
      const [first, second, third] = [1n, 2n, 3n].map((height) =>
        formatTime(blockAt(node, height).block.header.time),
      );
      expect([first, second, third]).toEqual([
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00.001Z",
        "2026-01-01T00:00:00.002Z",
      ]);
      await node.engine.stop();
    }));

  it("starts from sha256 of nothing where there is nothing before it", () =>
    inDirectory(async (directory) => {
      const node = await openNode(directory);
      await node.engine.produceBlock();
      const empty = createHash("sha256").digest("hex");
      const { header, lastCommit } = blockAt(node, 1n).block;
      const hashes = [header.lastCommitHash, header.lastResultsHash, header.evidenceHash];
      expect([...hashes, header.dataHash].map(toHex)).toEqual([empty, empty, empty, empty]);
      expect(lastCommit).toMatchObject({ height: 0n, signatures: [] });
      expect(header.lastBlockId).toEqual({
        hash: new Uint8Array(0),
        parts: { total: 0, hash: new Uint8Array(0) },
      });
      await node.engine.stop();
    }));
});

describe("a changed validator set", () => {
  const stranger = toHex(strangerKey.publicKey());

  it("holds from the block after next, marks the silent one absent and warns", () =>
    inDirectory(async (directory) => {
      const node = await openNode(directory);
      const { engine, warnings } = node;
      await engine.broadcastTx(textBytes(`val:${stranger}=10`));
      for (let i = 0; i < 5; i++) await engine.produceBlock();
      const counts = [1n, 2n, 3n, 4n, 5n].map((h) => engine.validators(h)?.validators.length);
      expect(counts).toEqual([1, 1, 2, 2, 2]);
      const { header } = blockAt(node, 2n).block;
      expect(header.nextValidatorsHash).toEqual(blockAt(node, 3n).block.header.validatorsHash);
      const flags = engine.commit(3n)?.commit.signatures.map((each) => each.blockIdFlag);
      expect(flags?.toSorted()).toEqual([1, 2]);
      const absent = engine.commit(3n)?.commit.signatures.find((each) => each.blockIdFlag === 1);
      expect(absent).toEqual({
        blockIdFlag: 1,
        validatorAddress: new Uint8Array(0),
        timestamp: ZERO_TIME,
        signature: new Uint8Array(0),
      });
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain("10 of 20");
      // The application hears of it with the block after.
      expect(engine.blockResults(4n)?.events.map(({ type }) => type)).toEqual(["liveness"]);
      expect(toHex(hashHeader(blockAt(node, 5n).block))).toBe(
        toHex(blockAt(node, 5n).blockId.hash),
      );
      await engine.stop();
    }));

  it("stops a node whose own validator was removed", () =>
    inDirectory(async (directory) => {
      const { engine } = await openNode(directory);
      await engine.broadcastTx(textBytes(`val:${stranger}=10`));
      await engine.produceBlock();
      await engine.broadcastTx(textBytes(`val:${toHex(validatorKey.publicKey())}=0`));
      await engine.produceBlock();
      await engine.produceBlock();
      await expect(engine.produceBlock()).rejects.toMatchObject({
        failure: { code: "consensus/not_a_validator", height: 4n },
      });
      await engine.stop();
    }));
});

/** types.Header.Hash of CometBFT, over fields as cosmjs-types encodes them and wrapped by hand. */
function hashHeader({ header }: Pick<Block, "header">): Uint8Array {
  const wire = wireHeader(header);
  const wrapped = (bytes: Uint8Array) => Uint8Array.from(field(0x0a, [...bytes]));
  return merkleRoot([
    Consensus.encode(wire.version).finish(),
    wrapped(textBytes(header.chainId)),
    Uint8Array.from([0x08, ...varint(header.height)]),
    Timestamp.encode(wire.time).finish(),
    BlockID.encode(wire.lastBlockId).finish(),
    ...[header.lastCommitHash, header.dataHash, header.validatorsHash].map(wrapped),
    ...[header.nextValidatorsHash, header.consensusHash, header.appHash].map(wrapped),
    ...[header.lastResultsHash, header.evidenceHash, header.proposerAddress].map(wrapped),
  ]);
}

function varint(value: bigint): number[] {
  return value < 0x80n ? [Number(value)] : [Number(value & 0x7fn) | 0x80, ...varint(value >> 7n)];
}

function field(tag: number, bytes: readonly number[]): number[] {
  return [tag, bytes.length, ...bytes];
}

function wireHeader(header: Header): WireHeader {
  return { ...header, lastBlockId: wireBlockId(header.lastBlockId) };
}

function wireBlockId({ hash, parts }: Commit["blockId"]) {
  return { hash, partSetHeader: parts };
}

function wireBlock({ header, txs, lastCommit }: Block): WireBlock {
  return {
    header: wireHeader(header),
    data: { txs: [...txs] },
    evidence: { evidence: [] },
    lastCommit: {
      height: lastCommit.height,
      round: lastCommit.round,
      blockId: wireBlockId(lastCommit.blockId),
      signatures: lastCommit.signatures.map((each) => ({ ...each })),
    },
  } as WireBlock;
}

function partsOf(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 65_536) parts.push(bytes.slice(at, at + 65_536));
  return parts;
}

function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const hash = (...parts: Uint8Array[]) =>
    Uint8Array.from(createHash("sha256").update(Buffer.concat(parts)).digest());
  if (leaves.length === 1) return hash(Uint8Array.of(0), leaves[0] as Uint8Array);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const halves = [merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split))];
  return hash(Uint8Array.of(1), ...halves);
}

/** The sign bytes of CanonicalVote put together byte by byte. */
function verifyByHand({ height, blockId, signatures }: Commit): boolean {
  const [entry] = signatures;
  if (entry === undefined) return false;
  const parts = [0x08, blockId.parts.total, ...field(0x12, [...blockId.parts.hash])];
  const { seconds, nanos } = entry.timestamp;
  const time = [0x08, ...varint(seconds), ...(nanos > 0 ? [0x10, ...varint(BigInt(nanos))] : [])];
  const vote = [
    ...[0x08, SignedMsgType.SIGNED_MSG_TYPE_PRECOMMIT],
    ...[0x11, Number(height), 0, 0, 0, 0, 0, 0, 0],
    ...field(0x22, [...field(0x0a, [...blockId.hash]), ...field(0x12, parts)]),
    ...field(0x2a, time),
    ...field(0x32, [...textBytes("counter-1")]),
  ];
  const key = createPublicKey({
    key: {
      kty: "OKP",
      crv: "Ed25519",
      x: Buffer.from(validatorKey.publicKey()).toString("base64url"),
    },
    format: "jwk",
  });
  return verify(
    null,
    Uint8Array.from([...varint(BigInt(vote.length)), ...vote]),
    key,
    entry.signature,
  );
}
