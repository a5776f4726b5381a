import { Secret, sha256 } from "@tacit/crypto";
import {
  dataHashOf,
  EMPTY_COMMIT,
  encodeCommit,
  encodeHeader,
  type Header,
  headerHash,
  NO_BLOCK_ID,
  nanosToTimestamp,
} from "@tacit/light";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { type BeginBlock, beginTransaction, openBlock } from "./block.ts";
import { createKeyRing } from "./keys/key-ring.ts";
import { Transaction } from "./transaction/transaction.ts";

const NETWORK = { chainId: "secretdev-1", bech32Prefix: "secret" };
const ring = createKeyRing([1, 2].map((fill) => new Secret(new Uint8Array(32).fill(fill), "seed")));
const store = createMemoryMultiStore(["bank", "private"]);
const { hash: appHash } = store.commit();
const { storeRoot: privateRoot, proof: privateRootProof } = store
  .atVersion(1n)
  .proveStore("private");
const txs = [1, 2, 3].map((fill) => new Uint8Array(50).fill(fill));
const txHashes = txs.map((tx) => sha256(tx));
const empty = sha256(new Uint8Array(0));

const header: Header = {
  version: { block: 11n, app: 0n },
  chainId: NETWORK.chainId,
  height: 5n,
  time: nanosToTimestamp(1_700_000_000_000_000_000n),
  lastBlockId: NO_BLOCK_ID,
  lastCommitHash: empty,
  dataHash: dataHashOf(txHashes),
  validatorsHash: empty,
  nextValidatorsHash: empty,
  consensusHash: empty,
  appHash,
  lastResultsHash: empty,
  evidenceHash: empty,
  proposerAddress: new Uint8Array(20),
};

const honest: BeginBlock = {
  kind: "begin_block",
  height: 5n,
  timeNs: 1_700_000_000_000_000_000n,
  blockHash: headerHash(header),
  appHash,
  privateRoot,
  privateRootProof,
  header: encodeHeader(header),
  commit: encodeCommit(EMPTY_COMMIT),
  validators: new Uint8Array(0),
  txHashes,
};

const open = (change: Partial<BeginBlock> = {}) =>
  openBlock({ ...honest, ...change }, { chainId: NETWORK.chainId, firstHeight: 1n, ring });
const failed = (code: string) => expect.objectContaining({ code });

describe("a block", () => {
  it("opens when header, height, time, roots and transactions belong together", () => {
    expect(open()).toMatchObject({ height: 5n, nextTxIndex: 0 });
  });

  it.each<[string, Partial<BeginBlock>]>([
    ["height", { height: 6n }],
    ["time", { timeNs: honest.timeNs + 1n }],
    ["hash", { blockHash: sha256(honest.blockHash) }],
    ["state root", { appHash: sha256(appHash) }],
    ["list of transactions", { txHashes: txHashes.slice(1) }],
    ["order of transactions", { txHashes: [...txHashes].reverse() }],
    ["missing list of transactions", { txHashes: undefined }],
    ["missing header", { header: new Uint8Array(0) }],
    ["damaged header", { header: honest.header.subarray(1) }],
  ])("does not open with another %s", (_what, change) => {
    expect(() => open(change)).toThrow(failed("enclave/bad_header"));
  });

  it("does not open for another chain", () => {
    const options = { chainId: "other-1", firstHeight: 1n, ring };
    expect(() => openBlock(honest, options)).toThrow(failed("enclave/bad_header"));
  });

  it("has a random that follows from its hash", () => {
    const other = encodeHeader({ ...header, evidenceHash: appHash });
    const blockHash = headerHash({ ...header, evidenceHash: appHash });
    expect(open({ header: other, blockHash }).random).not.toEqual(open().random);
    expect(open().random).toEqual(open().random);
  });
});

describe("the transactions of a block", () => {
  const transaction = (index: number, txBytes: Uint8Array) =>
    new Transaction({ index, txBytes, signers: [] }, NETWORK);
  const foreign = failed("enclave/foreign_transaction");

  it("begin in order, each at its place, some passed over", () => {
    const block = open();
    beginTransaction(block, transaction(0, txs[0]!));
    beginTransaction(block, transaction(2, txs[2]!));
    expect(() => beginTransaction(block, transaction(1, txs[1]!))).toThrow(foreign);
    expect(() => beginTransaction(block, transaction(2, txs[2]!))).toThrow(foreign);
    expect(() => beginTransaction(block, transaction(3, txs[2]!))).toThrow(foreign);
  });

  it("are those that the header covers", () => {
    const block = open();
    expect(() => beginTransaction(block, transaction(0, txs[1]!))).toThrow(foreign);
    expect(() => beginTransaction(block, transaction(0, new Uint8Array(3)))).toThrow(foreign);
    beginTransaction(block, transaction(0, txs[0]!));
  });
});
