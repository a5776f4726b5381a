import type { ExecTxResult } from "@tacit/sdk";
import {
  ResponseFinalizeBlock,
  ExecTxResult as WireResult,
} from "cosmjs-types/tendermint/abci/types";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeBlockOutcome,
  decodeConsensusParams,
  decodeExecTxResult,
  encodeBlockOutcome,
  encodeConsensusParams,
  encodeExecTxResult,
} from "./abci-codec.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "./params.ts";

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const bytes = fc.uint8Array({ maxLength: 40 });
const int64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);
const events = fc.array(
  fc.record({
    type: text,
    attributes: fc.array(fc.record({ key: text, value: text, index: fc.boolean() }), {
      maxLength: 4,
    }),
  }),
  { maxLength: 4 },
);
const result: fc.Arbitrary<ExecTxResult> = fc.record({
  code: fc.nat(),
  data: bytes,
  log: text,
  info: text,
  gasWanted: int64,
  gasUsed: int64,
  events,
  codespace: text,
});
const outcome = fc.record({
  events,
  validatorUpdates: fc.array(
    fc.record({
      keyType: fc.constantFrom("ed25519" as const, "secp256k1" as const),
      publicKey: fc.uint8Array({ minLength: 32, maxLength: 33 }),
      power: fc.bigInt(0n, 2n ** 62n),
    }),
    { maxLength: 3 },
  ),
  consensusParamUpdates: fc.constantFrom(undefined, DEFAULT_CONSENSUS_PARAMS),
  appHash: bytes,
});

describe("results of transactions and blocks", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(result, (each) => {
        expect(decodeExecTxResult(encodeExecTxResult(each))).toEqual(each);
      }),
    );
    fc.assert(
      fc.property(outcome, (each) => {
        expect(decodeBlockOutcome(encodeBlockOutcome(each))).toEqual(each);
      }),
    );
  });

  it("are the protobuf that cosmjs-types writes", () => {
    fc.assert(
      fc.property(result, (each) => {
        const wire = WireResult.encode(WireResult.fromPartial(each as never)).finish();
        expect(encodeExecTxResult(each)).toEqual(Uint8Array.from(wire));
      }),
    );
    fc.assert(
      fc.property(outcome, (each) => {
        const wire = ResponseFinalizeBlock.decode(encodeBlockOutcome(each));
        expect(wire.events).toEqual(each.events);
        expect(wire.appHash).toEqual(each.appHash);
        expect(wire.validatorUpdates.map(({ power }) => power)).toEqual(
          each.validatorUpdates.map(({ power }) => power),
        );
        const params = wire.consensusParamUpdates;
        expect(params?.evidence?.maxAgeDuration?.seconds).toBe(
          each.consensusParamUpdates === undefined ? undefined : 172_800n,
        );
      }),
    );
  });
});

describe("consensus parameters", () => {
  it("are read as they were written", () => {
    const params = {
      block: { maxBytes: -1n, maxGas: -1n },
      evidence: { maxAgeNumBlocks: 5n, maxAgeDurationNs: 1_500_000_000n, maxBytes: 0n },
      validator: { pubKeyTypes: ["ed25519", "secp256k1"] },
      version: { app: 3n },
      abci: { voteExtensionsEnableHeight: 0n },
    };
    for (const each of [params, DEFAULT_CONSENSUS_PARAMS]) {
      expect(decodeConsensusParams(encodeConsensusParams(each))).toEqual(each);
    }
  });
});
