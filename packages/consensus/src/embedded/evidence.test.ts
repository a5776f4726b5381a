/** Evidence against validators of a running chain: what is believed, and what becomes of it. */
import { create } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { Ed25519PrivateKey, sha256 } from "@tacit/crypto";
import { encodeMessage } from "@tacit/encoding";
import {
  type DuplicateVoteEvidence,
  DuplicateVoteEvidenceSchema,
  type Evidence,
  EvidenceSchema,
} from "@tacit/encoding/proto/tendermint/types/evidence";
import {
  evidenceHash,
  headerHash,
  nanosToTimestamp,
  timestampToNanos,
  validatorAddress,
} from "@tacit/light";
import { Evidence as WireEvidence } from "cosmjs-types/tendermint/types/evidence";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attackBy,
  type DoubleVote,
  doubleVote,
  signedVote,
  someBlockId,
  twoValidators,
  type Witness,
} from "../../test/evidence.ts";
import {
  inDirectory,
  openNode,
  strangerKey,
  type TestNode,
  testGenesis,
  textBytes,
  validatorKey,
} from "../../test/node.ts";
import { decodeEvidence } from "../evidence/messages.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "./params.ts";

function witnessAt({ engine }: TestNode, height: bigint): Witness {
  const { time } = engine.block(height)!.block.header;
  return { chainId: engine.chainId, height, time, validators: engine.validators(height)! };
}

/** A chain of two validators, of which the second never signs, with two blocks. */
async function withChain(
  use: (node: TestNode, directory: string) => Promise<void>,
  genesis: Partial<ReturnType<typeof testGenesis>> = {},
): Promise<void> {
  await inDirectory(async (directory) => {
    const node = await openNode(directory, { genesis: { ...twoValidators, ...genesis } });
    await node.engine.produceBlock();
    node.clock.advance(1_000);
    await node.engine.produceBlock();
    await use(node, directory);
    await node.engine.stop();
  });
}

const double: DoubleVote = { key: strangerKey };

describe("two votes of one validator", () => {
  it("stand in the next block, and the application is told who, when and how strong", () =>
    withChain(async (node) => {
      const { engine, app } = node;
      const witness = witnessAt(node, 1n);
      const evidence = doubleVote(witness, double);
      const hash = await engine.addEvidence(evidence);
      const value = evidence.sum.value as DuplicateVoteEvidence;
      expect(hash).toEqual(sha256(encodeMessage(DuplicateVoteEvidenceSchema, value)));
      await engine.produceBlock();
      const { block } = engine.block(3n)!;
      const bytes = encodeMessage(EvidenceSchema, evidence);
      expect(block.evidence).toEqual([bytes]);
      expect(WireEvidence.encode(WireEvidence.decode(bytes)).finish()).toEqual(bytes);
      expect(block.header.evidenceHash).toEqual(evidenceHash([bytes]));
      expect(app.requests.at(-1)?.misbehavior).toEqual([
        {
          type: "duplicate_vote",
          validator: { address: validatorAddress(strangerKey.publicKey()), power: 3n },
          height: 1n,
          time: expect.objectContaining({ seconds: witness.time.seconds }),
          totalVotingPower: 13n,
        },
      ]);
    }));

  it("are believed of prevotes and of votes for no block, and bring the next block forward", () =>
    withChain(async (node) => {
      const { engine, clock } = node;
      engine.start();
      expect(clock.nextMs).toBe(5_000);
      const witness = witnessAt(node, 2n);
      const prevote: DoubleVote = { ...double, type: 1, round: 4 };
      const nil = { hash: new Uint8Array(), parts: { total: 0, hash: new Uint8Array() } };
      await engine.addEvidence(
        doubleVote(witness, prevote, { voteA: signedVote(witness, prevote, nil) }),
      );
      expect(clock.nextMs).toBe(10);
    }));

  it("are punished once, however often they are sent", () =>
    withChain(async (node) => {
      const { engine, app } = node;
      const evidence = doubleVote(witnessAt(node, 1n), double);
      const hash = await engine.addEvidence(evidence);
      expect(await engine.addEvidence(evidence)).toEqual(hash);
      await engine.produceBlock();
      expect(await engine.addEvidence(evidence)).toEqual(hash);
      await engine.produceBlock();
      expect(app.requests.map(({ misbehavior }) => misbehavior.length)).toEqual([0, 0, 1, 0]);
    }));

  it("wait on disk, and are known again after a restart on either side of their block", () =>
    withChain(async (node, directory) => {
      const evidence = doubleVote(witnessAt(node, 1n), double);
      await node.engine.addEvidence(evidence);
      await node.engine.stop();
      const settings = { genesis: twoValidators, clock: node.clock };
      const second = await openNode(directory, settings);
      await second.engine.produceBlock();
      expect(second.app.requests.at(-1)?.misbehavior).toHaveLength(1);
      await second.engine.stop();
      const third = await openNode(directory, settings);
      await third.engine.addEvidence(evidence);
      await third.engine.produceBlock();
      expect(third.app.requests.at(-1)?.misbehavior).toEqual([]);
      await third.engine.stop();
    }));

  it("reach the application also when a crash makes it run their block again", () =>
    inDirectory(async (directory) => {
      let dies = false;
      const settings = { genesis: twoValidators };
      const first = await openNode(directory, {
        ...settings,
        onStep: (step) => {
          if (dies && step === "before_finalize") throw new TypeError("the machine stops");
        },
      });
      await first.engine.produceBlock();
      const evidence = doubleVote(witnessAt(first, 1n), double);
      await first.engine.addEvidence(evidence);
      dies = true;
      await expect(first.engine.produceBlock()).rejects.toThrow("the machine stops");
      await first.engine.stop();
      const second = await openNode(directory, settings);
      expect(second.app.requests.map(({ misbehavior }) => misbehavior.length)).toEqual([1]);
      await second.engine.addEvidence(evidence);
      await second.engine.produceBlock();
      expect(second.app.requests.at(-1)?.misbehavior).toEqual([]);
      await second.engine.stop();
    }));
});

describe("what is no evidence", () => {
  const vote = (witness: Witness, seed: number, changes: Partial<DoubleVote & Witness> = {}) =>
    signedVote({ ...witness, ...changes }, { ...double, ...changes }, someBlockId(seed));
  const spoiled: Readonly<Record<string, (witness: Witness) => [Evidence, string]>> = {
    "of no kind": () => [create(EvidenceSchema), "malformed"],
    "with one vote": (witness) => [doubleVote(witness, double, { voteB: undefined }), "malformed"],
    "with the votes in the other order": (witness) => [
      doubleVote(witness, double, { voteA: vote(witness, 2), voteB: vote(witness, 1) }),
      "malformed",
    ],
    "that is no vote": (witness) => [
      doubleVote(witness, double, { voteA: { ...vote(witness, 1), type: 32 } }),
      "malformed",
    ],
    "for half a block id": (witness) => [
      doubleVote(witness, double, {
        voteA: signedVote(witness, double, { ...someBlockId(1), hash: new Uint8Array() }),
      }),
      "malformed",
    ],
    "without a signature": (witness) => [
      doubleVote(witness, double, { voteA: { ...vote(witness, 1), signature: new Uint8Array() } }),
      "malformed",
    ],
    "about a block to come": (witness) => [
      doubleVote({ ...witness, height: 3n }, double),
      "unknown_block",
    ],
    "at another time": (witness) => [
      doubleVote(witness, double, { timestamp: create(TimestampSchema, { seconds: 1n }) }),
      "wrong_time",
    ],
    "against a stranger": (witness) => {
      const { validators, proposer } = witness.validators;
      const key = new Ed25519PrivateKey(new Uint8Array(32).fill(9));
      return [
        doubleVote({ ...witness, validators: { validators, proposer } }, { key }),
        "not_a_validator",
      ];
    },
    "of two rounds": (witness) => [
      doubleVote(witness, double, { voteB: vote(witness, 2, { round: 1 }) }),
      "no_contradiction",
    ],
    "of two kinds of votes": (witness) => [
      doubleVote(witness, double, { voteB: vote(witness, 2, { type: 1 }) }),
      "no_contradiction",
    ],
    "of two heights": (witness) => [
      doubleVote(witness, double, { voteB: vote(witness, 2, { height: 2n }) }),
      "no_contradiction",
    ],
    "of two validators": (witness) => [
      doubleVote(witness, double, { voteB: vote(witness, 2, { key: validatorKey }) }),
      "no_contradiction",
    ],
    "for one block": (witness) => [
      doubleVote(witness, double, { voteB: vote(witness, 1) }),
      "no_contradiction",
    ],
    "with another power of the validator": (witness) => [
      doubleVote(witness, double, { validatorPower: 4n }),
      "wrong_power",
    ],
    "with another power of all": (witness) => [
      doubleVote(witness, double, { totalVotingPower: 14n }),
      "wrong_power",
    ],
    "signed for another chain": (witness) => [
      doubleVote({ ...witness, chainId: "counter-2" }, double),
      "bad_signature",
    ],
    "of which the second signature is wrong": (witness) => [
      doubleVote(witness, double, {
        voteB: { ...vote(witness, 2), signature: new Uint8Array(64) },
      }),
      "bad_signature",
    ],
  };

  it.each(Object.entries(spoiled))("is one %s", (_what, make) =>
    withChain(async (node) => {
      const [evidence, code] = make(witnessAt(node, 1n));
      await expect(node.engine.addEvidence(evidence)).rejects.toMatchObject({
        code: `evidence/${code}`,
      });
      await node.engine.produceBlock();
      expect(node.engine.block(3n)?.block.evidence).toEqual([]);
    }),
  );

  it("is one that is old in blocks and in time, but not in one of them", () => {
    const aged = (maxAgeNumBlocks: bigint, maxAgeDurationNs: bigint) => ({
      consensusParams: {
        ...DEFAULT_CONSENSUS_PARAMS,
        evidence: { maxAgeNumBlocks, maxAgeDurationNs, maxBytes: 10_000n },
      },
    });
    const add = async (node: TestNode) => {
      node.clock.advance(1_000_000);
      await node.engine.produceBlock();
      await node.engine.produceBlock();
      return node.engine.addEvidence(doubleVote(witnessAt(node, 1n), double));
    };
    const isOld = async (node: TestNode) =>
      expect(add(node)).rejects.toMatchObject({ code: "evidence/too_old" });
    const isGood = async (node: TestNode) => expect(await add(node)).toHaveLength(32);
    const second = 1_000_000_000n;
    return withChain(async (node) => isOld(node), aged(1n, second))
      .then(() => withChain(async (node) => void (await isGood(node)), aged(100n, second)))
      .then(() => withChain(async (node) => void (await isGood(node)), aged(1n, 10n ** 18n)));
  });

  it("is one that fits no block", () =>
    withChain(
      async (node) => {
        const evidence = doubleVote(witnessAt(node, 1n), double);
        await expect(node.engine.addEvidence(evidence)).rejects.toMatchObject({
          code: "evidence/too_large",
        });
      },
      {
        consensusParams: {
          ...DEFAULT_CONSENSUS_PARAMS,
          evidence: { ...DEFAULT_CONSENSUS_PARAMS.evidence, maxBytes: 100n },
        },
      },
    ));

  it("never stops the chain, whatever bits of good evidence are turned", () =>
    withChain(async (node) => {
      const good = encodeMessage(EvidenceSchema, doubleVote(witnessAt(node, 1n), double));

      await fc.assert(
        fc.asyncProperty(
          fc.nat(good.length - 1),
          fc.integer({ min: 1, max: 255 }),
          async (at, bits) => {
            const bad = Uint8Array.from(good);
            bad[at]! ^= bits;
            const add = async () => node.engine.addEvidence(decodeEvidence(bad));
            await expect(add()).rejects.toMatchObject({
              code: expect.stringMatching(/^evidence\//),
            });
          },
        ),
        { numRuns: 200 },
      );
      await node.engine.produceBlock();
      expect(node.app.requests.at(-1)?.misbehavior).toEqual([]);
    }));
});

describe("an attack on light clients", () => {
  /** One validator, so that it can sign any header alone. */
  const alone = testGenesis();
  const conflicting = (node: TestNode, height: bigint, change: object) => ({
    ...node.engine.block(height)!.block.header,
    ...change,
  });

  it("is believed of a validator that signed a second header at a height", () =>
    withChain(async (node) => {
      const header = conflicting(node, 2n, { dataHash: new Uint8Array(32) });
      await node.engine.addEvidence(attackBy(validatorKey, header, witnessAt(node, 2n)));
      await node.engine.produceBlock();
      expect(node.app.requests.at(-1)?.misbehavior).toMatchObject([
        {
          type: "light_client_attack",
          validator: { address: validatorAddress(validatorKey.publicKey()), power: 10n },
          height: 2n,
          totalVotingPower: 10n,
        },
      ]);
      expect(node.engine.block(3n)?.block.evidence).toHaveLength(1);
    }, alone));

  it("is believed of made-up state above a common height, and of a block ahead with a past time", () =>
    withChain(async (node) => {
      const common = witnessAt(node, 1n);
      const lunatic = conflicting(node, 2n, { appHash: new Uint8Array(32) });
      const ahead = conflicting(node, 2n, {
        height: 9n,
        appHash: new Uint8Array(32),
        time: nanosToTimestamp(timestampToNanos(common.time) + 1n),
      });
      const hashes = [
        await node.engine.addEvidence(attackBy(validatorKey, lunatic, common)),
        await node.engine.addEvidence(attackBy(validatorKey, ahead, common)),
      ];
      expect(hashes[0]).not.toEqual(hashes[1]);
      await node.engine.produceBlock();
      expect(node.app.requests.at(-1)?.misbehavior).toHaveLength(2);
    }, alone));

  it("is refused when it does not conflict, accuses others, or is not signed", () =>
    withChain(async (node) => {
      const { engine } = node;
      const common = witnessAt(node, 1n);
      const at = witnessAt(node, 2n);
      const own = conflicting(node, 2n, {});
      const lunatic = conflicting(node, 2n, { appHash: new Uint8Array(32) });
      const late = conflicting(node, 2n, {
        height: 9n,
        time: nanosToTimestamp(timestampToNanos(own.time) + 10n ** 15n),
      });
      const refusals: [Evidence, string][] = [
        [attackBy(validatorKey, own, at), "no_contradiction"],
        [attackBy(validatorKey, lunatic, at), "no_contradiction"],
        [attackBy(validatorKey, late, common), "no_contradiction"],
        [attackBy(validatorKey, lunatic, common, []), "wrong_validators"],
        [attackBy(strangerKey, lunatic, common), "bad_signature"],
        [
          attackBy(validatorKey, conflicting(node, 2n, { chainId: "counter-2" }), common),
          "bad_signature",
        ],
      ];
      for (const [evidence, code] of refusals) {
        await expect(engine.addEvidence(evidence)).rejects.toMatchObject({
          code: `evidence/${code}`,
        });
      }
      expect(headerHash(own)).toEqual(engine.block(2n)!.blockId.hash);
    }, alone));
});

describe("a chain with evidence in its blocks", () => {
  it("can still be searched and fill its blocks with transactions", () =>
    withChain(async (node) => {
      await node.engine.addEvidence(doubleVote(witnessAt(node, 1n), double));
      await node.engine.broadcastTx(textBytes("a=1"));
      await node.engine.produceBlock();
      expect(node.engine.block(3n)?.block.txs).toHaveLength(1);
      expect(node.engine.block(3n)?.block.evidence).toHaveLength(1);
    }));
});
