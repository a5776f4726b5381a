import { createContext, secretKvGas, type TxScope } from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { callDepth, oneCallDeeper, visibleTxIndex } from "./call-depth.ts";
import { CALL_DEPTH_MAX } from "./limits.ts";

function contextIn(txIndex: number | undefined) {
  const scope: TxScope = {
    tx: undefined as never,
    gasMeter: undefined,
    lastMessageMarked: false,
    callDepth: 0,
    notes: [],
    txIndex,
    signers: [],
  };
  return createContext({
    stores: createMemoryMultiStore(["s"]).branch(),
    kvGas: secretKvGas,
    scope,
  });
}

describe("calls of contracts by contracts", () => {
  it("nest a hundred deep and no deeper, wherever in the block", () => {
    const context = contextIn(5_000);
    const dive = (levels: number): number =>
      levels === 0 ? callDepth(context) : oneCallDeeper(context, () => dive(levels - 1));
    expect(dive(CALL_DEPTH_MAX)).toBe(CALL_DEPTH_MAX);
    expect(() => dive(CALL_DEPTH_MAX + 1)).toThrow(
      expect.objectContaining({ code: "compute/30", message: "max call depth exceeded" }),
    );
    expect(callDepth(context)).toBe(0);
  });

  it("come up again when one of them fails", () => {
    const context = contextIn(0);
    const failing = () =>
      oneCallDeeper(context, () => {
        expect(visibleTxIndex(context)).toBe(1);
        throw new RangeError("as asked");
      });
    expect(failing).toThrow(RangeError);
    expect(callDepth(context)).toBe(0);
  });

  it("show contracts the transaction's place plus their depth", () => {
    const context = contextIn(7);
    expect(visibleTxIndex(context)).toBe(7);
    expect(oneCallDeeper(context, () => visibleTxIndex(context))).toBe(8);
    expect(visibleTxIndex(contextIn(undefined))).toBeUndefined();
  });
});
