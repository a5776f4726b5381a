import { createContext, PlainError, upstreamKvGas } from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { createCapabilityModule, getOwners, latestIndex } from "./index.ts";

const module = createCapabilityModule();

function setUp() {
  const stores = createMemoryMultiStore(["capability"]).branch();
  return createContext({ stores, kvGas: upstreamKvGas });
}

const state = {
  index: "3",
  owners: [
    {
      index: "2",
      index_owners: { owners: [{ module: "ibc", name: "ports/transfer" }] },
    },
  ],
};

describe("capabilities in genesis", () => {
  it("come back from their export", () => {
    const context = setUp();
    module.initGenesis?.(context, state);
    expect(latestIndex(context)).toBe(3n);
    expect(getOwners(context, 2n)?.owners).toMatchObject([{ module: "ibc" }]);
    expect(module.exportGenesis?.(context)).toEqual(state);
  });

  it("stand under the names and numbers of ibc-go", () => {
    const context = setUp();
    module.initGenesis?.(context, { index: "1", owners: [] });
    const pairs = [...context.kvStore("capability").iterator()].map(([key, value]) => [
      Buffer.from(key).toString("utf8"),
      Buffer.from(value).toString("hex"),
    ]);
    expect(pairs).toEqual([["index", "0000000000000001"]]);
  });

  it.each([
    ["index 0", { index: "0", owners: [] }],
    ["an owner beyond the index", { ...state, index: "2" }],
    ["no owners", { index: "3", owners: [{ index: "2", index_owners: { owners: [] } }] }],
    [
      "an owner without a name",
      {
        index: "3",
        owners: [{ index: "2", index_owners: { owners: [{ module: "ibc", name: " " }] } }],
      },
    ],
  ])("are refused with %s", (_, wrong) => {
    expect(() => module.initGenesis?.(setUp(), wrong)).toThrow(PlainError);
  });
});
