import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  commitHash,
  consensusParamsHash,
  dataHash,
  decodeHeader,
  EMPTY_COMMIT,
  encodeBlockId,
  encodeCommit,
  encodeHeader,
  encodeTimestamp,
  evidenceHash,
  headerHash,
  NO_BLOCK_ID,
  nanosToTimestamp,
  partSetHeader,
  resultsHash,
  timestampToNanos,
  voteSignBytes,
  ZERO_TIME,
} from "../src/index.ts";

const sha = (text: string | Uint8Array) =>
  new Uint8Array(createHash("sha256").update(text).digest());
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

describe("known answers of CometBFT v0.38", () => {
  const header = {
    version: { block: 1n, app: 2n },
    chainId: "chainId",
    height: 3n,
    time: { seconds: 1_570_983_284n, nanos: 0 },
    lastBlockId: { hash: new Uint8Array(32), parts: { total: 6, hash: new Uint8Array(32) } },
    lastCommitHash: sha("last_commit_hash"),
    dataHash: sha("data_hash"),
    validatorsHash: sha("validators_hash"),
    nextValidatorsHash: sha("next_validators_hash"),
    consensusHash: sha("consensus_hash"),
    appHash: sha("app_hash"),
    lastResultsHash: sha("last_results_hash"),
    evidenceHash: sha("evidence_hash"),
    proposerAddress: sha("proposer_address").slice(0, 20),
  };

  it("hashes a header (types/block_test.go, TestHeaderHash)", () => {
    const known = "f740121f553b5418c3efbd343c2dbfe9e007bb67b0d020a0741374bab65242a4";
    expect(hex(headerHash(header))).toBe(known);
    expect(hex(headerHash(decodeHeader(encodeHeader(header))))).toBe(known);
  });

  it("changes the hash with every field", () => {
    const seen = new Set([hex(headerHash(header))]);
    const changes = Object.keys(header).map((name) => {
      const value = header[name as keyof typeof header];
      if (name === "version") return { ...header, version: { block: 1n, app: 3n } };
      if (name === "time") return { ...header, time: { seconds: 1n, nanos: 1 } };
      if (name === "lastBlockId") return { ...header, lastBlockId: NO_BLOCK_ID };
      if (typeof value === "bigint") return { ...header, [name]: value + 1n };
      if (typeof value === "string") return { ...header, [name]: `${value}x` };
      return { ...header, [name]: new Uint8Array((value as Uint8Array).length) };
    });
    for (const changed of changes) seen.add(hex(headerHash(changed)));
    expect(seen.size).toBe(15);
  });

  it("makes the bytes a validator signs (types/vote_test.go, TestVoteSignBytesTestVectors)", () => {
    const vote = { height: 1n, round: 1, blockId: NO_BLOCK_ID, timestamp: ZERO_TIME };
    const tail = "2a0b088092b8c398feffffff01";
    expect(hex(voteSignBytes("", vote))).toBe(`210802110100000000000000190100000000000000${tail}`);
    expect(hex(voteSignBytes("test_chain_id", vote))).toBe(
      `300802110100000000000000190100000000000000${tail}320d746573745f636861696e5f6964`,
    );
  });

  it("writes the parts header of no block and an empty last commit", () => {
    expect(hex(encodeBlockId(NO_BLOCK_ID))).toBe("1200");
    expect(hex(encodeCommit(EMPTY_COMMIT))).toBe("1a021200");
    expect(hex(encodeTimestamp(ZERO_TIME))).toBe("088092b8c398feffffff01");
  });

  it("hashes nothing to the hash of nothing", () => {
    for (const hash of [
      dataHash([]),
      evidenceHash([]),
      resultsHash([]),
      commitHash(EMPTY_COMMIT),
    ]) {
      expect(hex(hash)).toBe(EMPTY);
    }
  });
});

describe("hashes by their definition", () => {
  it("takes transactions by their SHA-256", () => {
    const tx = Uint8Array.of(1, 2, 3);
    expect(hex(dataHash([tx]))).toBe(hex(sha(Buffer.concat([Uint8Array.of(0), sha(tx)]))));
  });

  it("takes evidence without the wrapper of its kind", () => {
    const inner = Uint8Array.of(8, 1);
    const wrapped = Uint8Array.of(0x12, 2, 8, 1);
    expect(hex(evidenceHash([wrapped]))).toBe(hex(sha(Buffer.concat([Uint8Array.of(0), inner]))));
  });

  it("takes of a result its code, data and gas, and leaves zeros out", () => {
    const ok = { code: 0, data: new Uint8Array(0), gasWanted: 0n, gasUsed: 0n };
    expect(hex(resultsHash([ok]))).toBe(hex(sha(Uint8Array.of(0))));
    const full = { code: 5, data: Uint8Array.of(7), gasWanted: 200n, gasUsed: 100n };
    const leaf = Buffer.from("00" + "0805" + "120107" + "28c801" + "3064", "hex");
    expect(hex(resultsHash([full]))).toBe(hex(sha(leaf)));
  });

  it("writes an unlimited gas of a block as a ten-byte varint", () => {
    const bytes = Buffer.from("088080c00a10ffffffffffffffffff01", "hex");
    expect(hex(consensusParamsHash({ maxBytes: 22_020_096n, maxGas: -1n }))).toBe(hex(sha(bytes)));
  });

  it("cuts a block into parts of 65,536 bytes", () => {
    const bytes = new Uint8Array(65_536 + 1).fill(7);
    const leaf = (part: Uint8Array) => sha(Buffer.concat([Uint8Array.of(0), part]));
    const [first, second] = [leaf(bytes.subarray(0, 65_536)), leaf(bytes.subarray(65_536))];
    const parts = partSetHeader(bytes);
    expect(parts.total).toBe(2);
    expect(hex(parts.hash)).toBe(hex(sha(Buffer.concat([Uint8Array.of(1), first, second]))));
  });

  it("turns times into nanoseconds and back, before 1970 too", () => {
    for (const time of [
      ZERO_TIME,
      { seconds: -1n, nanos: 999_999_999 },
      { seconds: 5n, nanos: 1 },
    ]) {
      expect(nanosToTimestamp(timestampToNanos(time))).toEqual(time);
    }
  });
});
