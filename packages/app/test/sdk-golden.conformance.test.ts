import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recordedStores } from "./recorded-chain.ts";
import { goldenRecording, type Recording, readRecording } from "./recording.ts";
import { replayRecording } from "./replay.ts";

const vectors = join(import.meta.dirname, "../../../vectors");

/** Recorded chains, and what of a recording must be there for the comparison to mean anything. */
const recordings = [
  { name: "sdk-golden", blocks: 91, txs: 43 },
  { name: "sdk-random", blocks: 150, txs: 350 },
  { name: "sdk-governance", blocks: 150, txs: 350 },
];

for (const { name, blocks, txs } of recordings) {
  const recording = readRecording(join(vectors, name));

  describe(`the recorded chain ${name}`, () => {
    it("is whole", () => {
      expect(recording.blocks.length).toBe(blocks);
      expect(countTxs(recording)).toBeGreaterThanOrEqual(txs);
      for (const { request, storeRoots } of recording.blocks.slice(1)) {
        expect(
          recordedStores.filter((store) => storeRoots[store] === undefined),
          `roots at height ${request.height}`,
        ).toEqual([]);
      }
    });

    for (const { height, differences } of replayRecording(recording)) {
      it(`has its results, events, gas, validators and store roots at height ${height}`, () => {
        expect(differences).toEqual([]);
      });
    }
  });
}

function countTxs({ blocks }: Recording): number {
  return blocks.reduce((count, { request }) => count + request.txs.length, 0);
}

describe("a recording that was changed", () => {
  const recording = goldenRecording();
  const differencesWith = (change: (block: Recording["blocks"][number]) => unknown) => {
    const changed = recording.blocks.slice(0, 6).map((block) => {
      return block.request.height === 4n ? { ...block, ...(change(block) as object) } : block;
    });
    const replay = [...replayRecording({ ...recording, blocks: changed })];
    return replay
      .flatMap(({ differences }) => differences)
      .map(({ height, what }) => `${height} ${what}`);
  };

  it("is found out by gas, events and roots", () => {
    expect(
      differencesWith(({ txResults }) => ({ txResults: [{ ...txResults[0], gasUsed: 1n }] })),
    ).toEqual(["4 tx 0 gasUsed"]);
    expect(differencesWith(({ events }) => ({ events: events.slice(1) }))).toEqual([
      "4 block event 0",
    ]);
    expect(
      differencesWith(({ storeRoots }) => ({ storeRoots: { ...storeRoots, mint: "00" } })),
    ).toEqual(["4 root of mint"]);
  });
});
