import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { createGasMeter, createInfiniteGasMeter, OutOfGasError, secretKvGas } from "./gas.ts";
import { createGasStore } from "./gas-store.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

function setUp(limit?: bigint) {
  const parent = createMemoryMultiStore(["bank"]).branch().kvStore("bank");
  const meter = limit === undefined ? createInfiniteGasMeter() : createGasMeter(limit);
  return { parent, meter, store: createGasStore(parent, meter, secretKvGas) };
}

describe("a store with gas", () => {
  it("charges reads flat and for the bytes of key and value", () => {
    const { parent, meter, store } = setUp();
    parent.set(bytes(1, 2), bytes(9, 9, 9));
    store.get(bytes(1, 2));
    expect(meter.consumed).toBe(100n + 2n + 3n);
  });

  it("charges reads of absent keys for the key alone", () => {
    const { meter, store } = setUp();
    expect(store.get(bytes(7))).toBeUndefined();
    expect(meter.consumed).toBe(101n);
  });

  it("charges writes, deletions and questions by the table", () => {
    const { meter, store } = setUp();
    store.set(bytes(1), bytes(2, 3));
    expect(meter.consumed).toBe(200n + 5n * 3n);
    store.has(bytes(1));
    store.delete(bytes(1));
    expect(meter.consumed).toBe(215n + 100n + 100n);
  });

  it("charges a full walk for the first pair twice", () => {
    const { parent, meter, store } = setUp();
    parent.set(bytes(1), bytes(1, 1));
    parent.set(bytes(2), bytes(2));
    expect([...store.iterator()].length).toBe(2);
    expect(meter.consumed).toBe(3n + 5n + (3n + 5n) + (2n + 5n));
  });

  it("charges a walk that is broken off for what it opened and passed", () => {
    const { parent, meter, store } = setUp();
    parent.set(bytes(1), bytes(1));
    parent.set(bytes(2), bytes(2));
    for (const _ of store.iterator()) break;
    expect(meter.consumed).toBe(2n + 5n);
  });

  it("charges an empty walk its opening", () => {
    const { meter, store } = setUp();
    expect([...store.iterator()]).toEqual([]);
    expect(meter.consumed).toBe(5n);
  });

  it("names the charge that went past the limit and counts it in full", () => {
    const { meter, store } = setUp(150n);
    const run = () => store.set(bytes(1), bytes(1));
    expect(run).toThrow(OutOfGasError);
    expect(meter.consumed).toBe(200n);
    try {
      run();
    } catch (error) {
      expect((error as OutOfGasError).failure.location).toBe("WriteFlat");
    }
  });

  it("does not write when the gas for it is missing", () => {
    const { parent, store } = setUp(203n);
    expect(() => store.set(bytes(1), bytes(1))).toThrow(OutOfGasError);
    expect(parent.has(bytes(1))).toBe(false);
  });
});
