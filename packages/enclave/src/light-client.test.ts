import { Ed25519PrivateKey, sha256 } from "@tacit/crypto";
import {
  BLOCK_ID_FLAG_COMMIT,
  type Commit,
  commitSignBytes,
  encodeCommit,
  encodeHeader,
  encodeValidators,
  type Header,
  headerHash,
  NO_BLOCK_ID,
  nanosToTimestamp,
  sortValidators,
  validatorAddress,
  validatorSetHash,
} from "@tacit/light";
import { describe, expect, it } from "vitest";
import { type BlockClaim, verifyBlock } from "./light-client.ts";

const CHAIN = "secretdev-1";
const NONE = new Uint8Array(0);
const keys = [1, 2, 3, 4].map((fill) => new Ed25519PrivateKey(new Uint8Array(32).fill(fill)));
const others = [5, 6, 7, 8].map((fill) => new Ed25519PrivateKey(new Uint8Array(32).fill(fill)));

function setOf(members: readonly Ed25519PrivateKey[]) {
  return sortValidators(
    members.map((key) => {
      const publicKey = key.publicKey();
      return { publicKey, address: validatorAddress(publicKey), power: 10n, key };
    }),
  );
}

const set = setOf(keys);

function headerAt(height: bigint, last: Header | undefined, change: Partial<Header> = {}): Header {
  const hash = validatorSetHash(set);
  const empty = sha256(NONE);
  return {
    version: { block: 11n, app: 0n },
    chainId: CHAIN,
    height,
    time: nanosToTimestamp(1_700_000_000_000_000_000n + height),
    lastBlockId:
      last === undefined
        ? NO_BLOCK_ID
        : { hash: headerHash(last), parts: { total: 1, hash: empty } },
    lastCommitHash: empty,
    dataHash: empty,
    validatorsHash: hash,
    nextValidatorsHash: hash,
    consensusHash: empty,
    appHash: empty,
    lastResultsHash: empty,
    evidenceHash: empty,
    proposerAddress: set[0]!.address,
    ...change,
  };
}

/** @param signers how many of the set sign; the rest is absent. */
function claimOf(header: Header, signers = set.length, members = set): BlockClaim {
  const blockId = { hash: headerHash(header), parts: { total: 1, hash: sha256(NONE) } };
  const entry = (index: number) => ({
    blockIdFlag: BLOCK_ID_FLAG_COMMIT as 2,
    validatorAddress: members[index]!.address,
    timestamp: header.time,
    signature: NONE,
  });
  const absent = {
    blockIdFlag: 1 as const,
    validatorAddress: NONE,
    timestamp: { seconds: -62_135_596_800n, nanos: 0 },
    signature: NONE,
  };
  const unsigned: Commit = {
    height: header.height,
    round: 0,
    blockId,
    signatures: members.map((_, index) => (index < signers ? entry(index) : absent)),
  };
  const signatures = unsigned.signatures.map((each, index) =>
    index < signers
      ? { ...each, signature: members[index]!.key.sign(commitSignBytes(CHAIN, unsigned, index)) }
      : each,
  );
  return {
    height: header.height,
    blockHash: headerHash(header),
    header: encodeHeader(header),
    commit: encodeCommit({ ...unsigned, signatures }),
    validators: encodeValidators(members),
  };
}

const refused = expect.objectContaining({ code: "enclave/bad_commit" });
const verify = (trusted: Uint8Array, claim: BlockClaim) => verifyBlock(CHAIN, trusted, claim);

describe("the enclave's light client", () => {
  const first = headerAt(1n, undefined);
  const trusted = encodeHeader(first);

  it("believes the first block that its validators signed, and follows from there", () => {
    expect(verify(NONE, claimOf(first))).toEqual(trusted);
    const second = headerAt(2n, first);
    expect(verify(trusted, claimOf(second))).toEqual(encodeHeader(second));
    expect(verify(trusted, claimOf(second, 3))).toEqual(encodeHeader(second));
  });

  it("asks for more than two thirds of the power, for every signature to hold, and for this block", () => {
    const second = headerAt(2n, first);
    expect(() => verify(trusted, claimOf(second, 2))).toThrow(refused);
    const claim = claimOf(second);
    const otherCommit = claimOf(headerAt(2n, first, { appHash: sha256(trusted) })).commit;
    expect(() => verify(trusted, { ...claim, commit: otherCommit })).toThrow(refused);
    expect(() => verify(trusted, { ...claim, blockHash: sha256(NONE) })).toThrow(refused);
    expect(() => verify(trusted, { ...claim, height: 3n })).toThrow(refused);
    for (let at = 0; at < claim.commit.length; at += 11) {
      const commit = Uint8Array.from(claim.commit);
      commit[at]! ^= 1;
      expect(() => verify(trusted, { ...claim, commit })).toThrow(refused);
    }
  });

  it("follows no other chain, no gap, no fork and no strangers", () => {
    const strangers = setOf(others);
    const hash = validatorSetHash(strangers);
    const changes: readonly BlockClaim[] = [
      claimOf(headerAt(2n, first, { chainId: "other" })),
      claimOf(headerAt(3n, first)),
      claimOf(headerAt(2n, headerAt(1n, undefined, { appHash: sha256(trusted) }))),
      claimOf(headerAt(2n, first, { time: first.time })),
      claimOf(headerAt(2n, first, { validatorsHash: hash }), 4, strangers),
      claimOf(headerAt(2n, first), 4, strangers),
    ];
    for (const claim of changes) expect(() => verify(trusted, claim)).toThrow(refused);
  });

  it("runs no block without validators once it has verified one", () => {
    const claim = { ...claimOf(headerAt(2n, first)), validators: undefined };
    expect(verify(NONE, claim)).toEqual(NONE);
    expect(() => verify(trusted, claim)).toThrow(refused);
  });

  it("refuses bytes that are no header, commit or set, by code", () => {
    const claim = claimOf(headerAt(2n, first));
    const garbage = new Uint8Array(50).fill(0xff);
    for (const field of ["header", "commit", "validators"] as const) {
      expect(() => verify(trusted, { ...claim, [field]: garbage })).toThrow(refused);
    }
  });
});
