import { toHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { createGoldenChain, moneyEvents, readBlocks } from "./golden-chain.ts";

const blocks = readBlocks(8);

describe("the recorded chain, heights 1 to 8", () => {
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

    if (height > 1n) {
      for (const store of ["acc", "bank", "consensus"]) {
        it(`gives store ${store} its recorded root at height ${height}`, () => {
          expect(toHex(roots.get(store) ?? new Uint8Array())).toBe(block.storeRoots[store]);
        });
      }
    }

    it(`gives the transactions of height ${height} their recorded results`, () => {
      expect(response.txResults).toEqual(block.txResults);
    });

    it(`emits the money events of begin block at height ${height}`, () => {
      const expected = block.events.filter(({ type }) => moneyEvents.has(type));
      expect(response.events).toEqual(expected);
    });
  }
});
