import { toHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { createGoldenChain, readBlocks } from "./golden-chain.ts";

const lastHeight = 91;

const stores = [
  "acc",
  "authz",
  "bank",
  "circuit",
  "consensus",
  "distribution",
  "evidence",
  "feegrant",
  "gov",
  "mint",
  "params",
  "slashing",
  "staking",
  "upgrade",
];

const blocks = readBlocks(lastHeight);

describe(`the recorded chain, heights 1 to ${lastHeight}`, () => {
  const chain = createGoldenChain(blocks);
  const outcomes = blocks.map(({ request }) => {
    const response = chain.machine.finalizeBlock(request);
    const roots = chain.store.workingRoots();
    chain.machine.commit();
    return { response, roots };
  });

  for (const [index, block] of blocks.entries()) {
    const { height } = block.request;
    const { response, roots } = outcomes[index]!;

    it(`gives the transactions of height ${height} their recorded results`, () => {
      expect(response.txResults).toEqual(block.txResults);
    });

    it(`emits the recorded events of block ${height}`, () => {
      expect(response.events).toEqual(block.events);
    });

    it(`changes the validators after height ${height} as recorded`, () => {
      expect(response.validatorUpdates).toEqual(block.validatorUpdates);
    });

    if (height === 1n) continue;
    for (const store of stores) {
      it(`gives store ${store} its recorded root at height ${height}`, () => {
        expect(toHex(roots.get(store) ?? new Uint8Array())).toBe(block.storeRoots[store]);
      });
    }
  }
});
