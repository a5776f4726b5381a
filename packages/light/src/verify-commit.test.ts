import { Ed25519PrivateKey } from "@tacit/crypto";
import { describe, expect, it } from "vitest";
import { ABSENT_SIGNATURE, commitSignBytes } from "./commit.ts";
import { headerHash, NO_BLOCK_ID } from "./header.ts";
import type { BlockIdFlag, Commit, CommitSignature, Header } from "./types.ts";
import { sortValidators, validatorAddress, validatorSetHash } from "./validators.ts";
import { verifyCommit, verifyNextHeader, verifySignedHeader } from "./verify-commit.ts";

const chainId = "tacit-test";
const powers = [40n, 30n, 20n, 10n];
const keys = powers.map((_, i) => new Ed25519PrivateKey(new Uint8Array(32).fill(i + 1)));
const members = powers.map((power, i) => {
  const publicKey = keys[i]!.publicKey();
  return { publicKey, power, address: validatorAddress(publicKey), key: keys[i]! };
});
const validators = sortValidators(members);
const hash32 = (byte: number) => new Uint8Array(32).fill(byte);

function headerAt(height: bigint, last?: Header): Header {
  return {
    version: { block: 11n, app: 0n },
    chainId,
    height,
    time: { seconds: 1_000n + height, nanos: 5 },
    lastBlockId: last
      ? { hash: headerHash(last), parts: { total: 1, hash: hash32(9) } }
      : NO_BLOCK_ID,
    lastCommitHash: hash32(1),
    dataHash: hash32(2),
    validatorsHash: validatorSetHash(validators),
    nextValidatorsHash: validatorSetHash(validators),
    consensusHash: hash32(3),
    appHash: hash32(4),
    lastResultsHash: hash32(5),
    evidenceHash: hash32(6),
    proposerAddress: validators[0]!.address,
  };
}

/** `flags[i]` is what the validator of power `powers[i]` does. */
function commitFor(header: Header, flags: readonly BlockIdFlag[]): Commit {
  const blockId = { hash: headerHash(header), parts: { total: 1, hash: hash32(7) } };
  const timestamp = { seconds: header.time.seconds + 1n, nanos: 0 };
  const unsigned = flags.map(
    (blockIdFlag, i): CommitSignature =>
      blockIdFlag === 1
        ? ABSENT_SIGNATURE
        : {
            blockIdFlag,
            validatorAddress: validators[i]!.address,
            timestamp,
            signature: new Uint8Array(64),
          },
  );
  const commit = { height: header.height, round: 0, blockId, signatures: unsigned };
  return {
    ...commit,
    signatures: unsigned.map((entry, i) =>
      entry.blockIdFlag === 1
        ? entry
        : { ...entry, signature: validators[i]!.key.sign(commitSignBytes(chainId, commit, i)) },
    ),
  };
}

const code = (run: () => void): string => {
  try {
    run();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "passes";
};

describe("verifyCommit", () => {
  const header = headerAt(5n);

  it.each([
    [[2, 2, 2, 2], "passes"],
    [[2, 2, 1, 1], "passes"],
    [[2, 1, 2, 2], "passes"],
    [[2, 1, 2, 1], "light/not_enough_power"],
    [[2, 3, 2, 1], "light/not_enough_power"],
    [[2, 2, 3, 3], "passes"],
    [[1, 1, 1, 1], "light/not_enough_power"],
  ] as const)("wants more than two thirds for the block: %j gives %s", (flags, expected) => {
    const commit = commitFor(header, flags);
    expect(code(() => verifyCommit({ validators, chainId, commit }))).toBe(expected);
  });

  it("does not take exactly two thirds", () => {
    const three = validators.slice(0, 3).map((one) => ({ ...one, power: 10n }));
    const commit = commitFor(header, [2, 2, 1]);
    expect(code(() => verifyCommit({ validators: three, chainId, commit }))).toBe(
      "light/not_enough_power",
    );
  });

  it("refuses a wrong signature even when the others would do", () => {
    const commit = commitFor(header, [2, 2, 2, 2]);
    for (let index = 0; index < 4; index++) {
      const signatures = commit.signatures.map((entry, i) => {
        if (i !== index) return entry;
        const signature = Uint8Array.from(entry.signature);
        signature[10]! ^= 1;
        return { ...entry, signature };
      });
      const forged = { ...commit, signatures };
      expect(code(() => verifyCommit({ validators, chainId, commit: forged }))).toBe(
        "light/bad_signature",
      );
    }
  });

  it("refuses a commit signed for another chain, round, block or time", () => {
    const commit = commitFor(header, [2, 2, 2, 2]);
    const claims = [
      { validators, chainId: "other", commit },
      { validators, chainId, commit: { ...commit, round: 1 } },
      { validators, chainId, commit: { ...commit, height: 6n } },
      {
        validators,
        chainId,
        commit: { ...commit, blockId: { ...commit.blockId, hash: hash32(8) } },
      },
      {
        validators,
        chainId,
        commit: {
          ...commit,
          signatures: commit.signatures.map((s) => ({ ...s, timestamp: header.time })),
        },
      },
    ];
    for (const claim of claims) expect(code(() => verifyCommit(claim))).toBe("light/bad_signature");
  });

  it("refuses a vote for no block that is passed off as one for the block", () => {
    const commit = commitFor(header, [3, 2, 2, 2]);
    const signatures = commit.signatures.map((s) => ({ ...s, blockIdFlag: 2 as const }));
    const forged = { ...commit, signatures };
    expect(code(() => verifyCommit({ validators, chainId, commit: forged }))).toBe(
      "light/bad_signature",
    );
  });

  it("refuses entries that are too few, too many or in another order", () => {
    const commit = commitFor(header, [2, 2, 2, 2]);
    const all = commit.signatures;
    for (const [signatures, expected] of [
      [all.slice(1), "light/wrong_commit"],
      [[...all, ABSENT_SIGNATURE], "light/wrong_commit"],
      [[all[1]!, all[0]!, all[2]!, all[3]!], "light/bad_signature"],
    ] as const) {
      const forged = { ...commit, signatures };
      expect(code(() => verifyCommit({ validators, chainId, commit: forged }))).toBe(expected);
    }
  });
});

describe("verifyNextHeader", () => {
  const trusted = headerAt(5n);
  const header = headerAt(6n, trusted);
  const commit = commitFor(header, [2, 2, 2, 2]);

  it("follows a chain of headers", () => {
    expect(code(() => verifyNextHeader(trusted, { header, commit, validators }))).toBe("passes");
  });

  it.each([
    ["another height", headerAt(7n, trusted), "light/not_next"],
    ["the same time", { ...header, time: trusted.time }, "light/not_next"],
    ["another parent", { ...header, lastBlockId: NO_BLOCK_ID }, "light/not_next"],
    ["another chain", { ...header, chainId: "other" }, "light/not_next"],
    ["unannounced validators", { ...header, validatorsHash: hash32(1) }, "light/not_next"],
    ["a changed state root", { ...header, appHash: hash32(1) }, "light/wrong_commit"],
  ])("refuses %s", (_, forged, expected) => {
    expect(code(() => verifyNextHeader(trusted, { header: forged, commit, validators }))).toBe(
      expected,
    );
  });

  it("refuses validators that the header does not name", () => {
    const fewer = validators.slice(0, 3);
    expect(code(() => verifySignedHeader(chainId, { header, commit, validators: fewer }))).toBe(
      "light/wrong_validators",
    );
  });
});
