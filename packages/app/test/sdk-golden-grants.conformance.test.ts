import { toHex } from "@tacit/encoding";
import { createContext, emptyBlockInfo, upstreamKvGas } from "@tacit/sdk";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { readBlocks } from "./golden-chain.ts";
import { createGoldenReplay, isOurs, replayStores } from "./golden-replay.ts";

const blocks = readBlocks(91);

describe("the recorded chain, whole, with what other modules do played from its events", () => {
  const chain = createGoldenReplay(blocks);
  const outcomes = blocks.map(({ request }) => {
    const response = chain.machine.finalizeBlock(request);
    const roots = chain.store.workingRoots();
    chain.machine.commit();
    return { response, roots };
  });

  for (const store of replayStores) {
    it(`gives store ${store} its recorded root at every height`, () => {
      for (const [index, block] of blocks.entries()) {
        const { height } = block.request;
        if (height === 1n) continue;
        const root = toHex(outcomes[index]!.roots.get(store) ?? new Uint8Array());
        expect(`${height} ${root}`).toBe(`${height} ${block.storeRoots[store]}`);
      }
    });
  }

  for (const [index, block] of blocks.entries()) {
    if (block.request.txs.length === 0 || !isOurs(block)) continue;
    it(`gives the transactions of height ${block.request.height} their recorded results`, () => {
      expect(outcomes[index]!.response.txResults).toEqual(block.txResults);
    });
  }

  it("exports grants that come back as they were", () => {
    const last = blocks.at(-1)!.request;
    const block = { ...emptyBlockInfo, height: last.height, time: last.time };
    const contextOf = (stores: ReturnType<typeof createMemoryMultiStore>) =>
      createContext({ stores: stores.branch(), kvGas: upstreamKvGas, block });
    const exported = chain.modules.exportGenesis(contextOf(chain.store));
    const { authz, feegrant } = exported;
    expect(authz).toMatchObject({ authorization: expect.any(Array) });
    expect(feegrant).toMatchObject({ allowances: [expect.anything()] });
    const again = contextOf(createMemoryMultiStore(replayStores));
    chain.modules.initGenesis(again, { auth: exported.auth!, authz: authz!, feegrant: feegrant! });
    const after = chain.modules.exportGenesis(again);
    expect({ authz: after.authz, feegrant: after.feegrant }).toEqual({ authz, feegrant });
  });
});
