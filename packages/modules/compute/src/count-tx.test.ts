import { toHex } from "@tacit/encoding";
import { createContext, emptyBlockInfo, secretKvGas, type TxScope } from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { countTx } from "./count-tx.ts";
import { computeStoreName, txCounterKey } from "./keys.ts";

function counter() {
  const stores = createMemoryMultiStore([computeStoreName]).branch();
  const count = (height: bigint, isSimulation = false) => {
    const scope: TxScope = {
      tx: undefined as never,
      gasMeter: undefined,
      lastMessageMarked: false,
      callDepth: 0,
      notes: [],
      txIndex: undefined,
      signers: [],
    };
    const block = { ...emptyBlockInfo, height };
    const context = createContext({ stores, kvGas: secretKvGas, scope, block });
    countTx(context, scope.tx, isSimulation, (next) => next);
    return scope.txIndex;
  };
  return { count, stored: () => stores.kvStore(computeStoreName).get(txCounterKey) };
}

describe("transactions", () => {
  it("are counted from zero in each block", () => {
    const { count, stored } = counter();
    expect([count(5n), count(5n), count(5n)]).toEqual([0, 1, 2]);
    expect(toHex(stored()!)).toBe("000000000000000500000003");
    expect([count(6n), count(6n)]).toEqual([0, 1]);
  });

  it("are not counted in simulations", () => {
    const { count, stored } = counter();
    expect(count(5n, true)).toBeUndefined();
    expect(stored()).toBeUndefined();
  });
});
