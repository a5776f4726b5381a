import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { recordedStores } from "./recorded-chain.ts";
import { goldenRecording, type Recording, readRecording } from "./recording.ts";
import { replayRecording } from "./replay.ts";

const root = join(import.meta.dirname, "../../..");

/** Every recorded chain of the project, and those that lie beside it. */
function findRecordings(): readonly string[] {
  const found = new Map<string, string>();
  for (const folder of [join(root, "vectors"), join(root, "../shared/vectors")]) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).sort()) {
      const directory = join(folder, name);
      if (existsSync(join(directory, "blocks.jsonl")))
        found.set(name, found.get(name) ?? directory);
    }
  }
  return [...found.values()];
}

const recordings = findRecordings();

it("finds the recorded chains of the project", () => {
  expect(recordings.map((path) => basename(path))).toEqual(
    expect.arrayContaining(["sdk-golden", "sdk-governance", "sdk-random", "sdk-wide"]),
  );
});

for (const directory of recordings) {
  const recording = readRecording(directory);

  describe(`the recorded chain ${basename(directory)}`, () => {
    it("is whole", () => {
      expect(countTxs(recording)).toBeGreaterThan(40);
      const script = join(directory, "script.json");
      if (existsSync(script)) {
        expect(countTxs(recording)).toBe(JSON.parse(readFileSync(script, "utf8")).length);
      }
      for (const [index, { request, storeRoots }] of recording.blocks.entries()) {
        expect(request.height).toBe(BigInt(index + 1));
        if (index === 0) continue;
        const absent = recordedStores.filter((store) => storeRoots[store] === undefined);
        expect(absent, `roots at height ${request.height}`).toEqual([]);
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
