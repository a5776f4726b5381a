import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { BLOCK_BEGINNINGS_KEPT, BLOCK_RECORD_BYTES_MAX, BLOCK_RECORDS_KEPT } from "../limits.ts";
import { BlockRecords } from "./block-records.ts";

const beginning = {
  publicRandom: new Uint8Array(32).fill(1),
  validatorsEvidence: new Uint8Array(32).fill(2),
};
const free = () => {};

function setUp() {
  const store = createMemoryMultiStore([]);
  return new BlockRecords(store.blobs);
}

function run(records: BlockRecords, height: bigint, calls: () => void = free): void {
  records.begin();
  calls();
  records.keep(height, beginning);
}

describe("records of blocks", () => {
  it("make room for newer ones: their number is bounded", () => {
    const records = setUp();
    run(records, 1n, () => records.traced({ result: Uint8Array.of(1) }));
    run(records, 1n + BLOCK_RECORDS_KEPT);
    expect(records.recordOf(1n, free)).toBeUndefined();
    expect(records.beginningOf(1n)).toBeDefined();
    run(records, 1n + BLOCK_BEGINNINGS_KEPT);
    expect(records.beginningOf(1n)).toBeUndefined();
    expect(records.beginningOf(1n + BLOCK_BEGINNINGS_KEPT)?.randomSeed).toEqual(
      beginning.publicRandom,
    );
  });

  it("forget what a block had told that begins again", () => {
    const records = setUp();
    records.begin();
    records.traced({ result: Uint8Array.of(1) });
    records.created(Uint8Array.of(1), undefined);
    records.refused(Uint8Array.of(1), "why");
    run(records, 5n, () => records.traced({ result: Uint8Array.of(2) }));
    expect(records.recordOf(5n, free)).toMatchObject({
      traces: [{ index: 1n, result: Uint8Array.of(2) }],
      creates: [],
      refusedNodes: [],
    });
  });

  it("are empty, and say so, if a block had more to tell than is kept", () => {
    const records = setUp();
    const half = new Uint8Array(BLOCK_RECORD_BYTES_MAX / 2);
    run(records, 5n, () => {
      records.traced({ ops: [{ key: half, value: Uint8Array.of(1) }] });
      records.traced({ result: half });
      records.traced({ result: Uint8Array.of(1) });
    });
    expect(records.recordOf(5n, free)).toMatchObject({ isTooLarge: true, traces: [] });
    run(records, 6n, () => records.traced({ result: Uint8Array.of(1) }));
    expect(records.recordOf(6n, free)).toMatchObject({
      isTooLarge: false,
      traces: [{ index: 1n }],
    });
  });

  it("count many small things too", () => {
    const records = setUp();
    run(records, 5n, () => {
      for (let node = 0; node < BLOCK_RECORD_BYTES_MAX / 100; node += 1) {
        records.refused(Uint8Array.of(1), "");
      }
      records.refused(Uint8Array.of(1), "");
    });
    expect(records.recordOf(5n, free)).toMatchObject({ isTooLarge: true, refusedNodes: [] });
  });
});
