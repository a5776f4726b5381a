/** What a block records of transactions that fail before they have a gas meter, or lose it. */
import { secretKvGas } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { type Changes, setUp } from "./ante-set-up.ts";
import { blockOf } from "./bank-chain.ts";

describe("in a block, a transaction", () => {
  const inBlock = (changes: Changes, tail: readonly number[] = []) => {
    const { build, machine, store } = setUp();
    // The one before makes the signer's key known.
    const txs = [build({}), Uint8Array.of(...build({ sequence: 1n, ...changes }), ...tail)];
    const records = [...store.branch().kvStore("consensus").iterator()];
    const bytes = records.flat().reduce((sum, { length }) => sum + length, 0);
    const { txResults } = machine.finalizeBlock(blockOf(2n, txs));
    const { readCostFlat, readCostPerByte } = secretKvGas;
    expect(records).toHaveLength(1);
    return { ...txResults[1], read: readCostFlat + readCostPerByte * BigInt(bytes) };
  };

  it("that cannot be read says no more than that", () => {
    expect(inBlock({}, [0x20, 0x01])).toMatchObject({
      code: 2,
      log: "tx parse error",
      gasUsed: 0n,
    });
  });

  it("without a message has used what reading the consensus parameters costs", () => {
    const { code, gasWanted, gasUsed, read } = inBlock({ messages: [] });
    expect({ code, gasWanted, gasUsed }).toEqual({ code: 18, gasWanted: 0n, gasUsed: read });
  });

  it.each([
    ["whose signer names no key", { publicKey: null }],
    ["whose fee is paid by what is no address", { fee: { granter: "x" } }],
    ["without a fee", { fee: undefined }],
  ])("%s panics, and loses its own meter", (_, changes) => {
    const { code, codespace, gasWanted, gasUsed, read } = inBlock(changes);
    expect({ code, codespace }).toEqual({ code: 111222, codespace: "undefined" });
    expect({ gasWanted, gasUsed }).toEqual({ gasWanted: 0n, gasUsed: read });
  });

  it("that wants more gas than an int64 holds wants a negative amount", () => {
    const { code, gasWanted } = inBlock({ fee: { gasLimit: 2n ** 63n } });
    expect({ code, gasWanted }).toEqual({ code: 18, gasWanted: -(2n ** 63n) });
  });
});
