import { toHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { createGoldenChain, type GoldenBlock, readBlocks } from "./golden-chain.ts";

const lastHeight = 91;

/** Governance is played from the recording: events and gas of its blocks are not ours. */
function usesGov({ events, txResults }: GoldenBlock): boolean {
  return [...events, ...txResults.flatMap((result) => result.events)].some(
    ({ type, attributes }) =>
      type.includes("proposal") ||
      attributes.some(({ key, value }) => key === "action" && value.startsWith("/cosmos.gov.")),
  );
}

const stores = [
  "acc",
  "authz",
  "bank",
  "consensus",
  "distribution",
  "evidence",
  "feegrant",
  "mint",
  "slashing",
  "staking",
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

    it.skipIf(usesGov(block))(
      `gives the transactions of height ${height} their recorded results`,
      () => {
        expect(response.txResults).toEqual(block.txResults);
      },
    );

    it.skipIf(usesGov(block))(`emits the recorded events of block ${height}`, () => {
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
