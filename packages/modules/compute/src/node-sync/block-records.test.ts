import type { LoggedAnswer } from "@tacit/enclave-channel";
import type { BlockRecord } from "@tacit/encoding/proto/tacit/compute/v1/record";
import { createMemoryMultiStore } from "@tacit/store";
import { describe, expect, it } from "vitest";
import { BLOCK_BEGINNINGS_KEPT, BLOCK_RECORD_BYTES_MAX, BLOCK_RECORDS_KEPT } from "../limits.ts";
import { BlockRecords } from "./block-records.ts";
import { tracesOf } from "./trace.ts";

const beginning = {
  publicRandom: new Uint8Array(32).fill(1),
  validatorsEvidence: new Uint8Array(32).fill(2),
};
const free = () => {};

function refusal(text: string): LoggedAnswer {
  const contract = new Uint8Array(20).fill(3);
  return { contract, answer: { kind: "refused", code: "channel/too_large", text } };
}

const tracesIn = (record: BlockRecord | undefined) => record && tracesOf(record);

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
    run(records, 1n, () => records.answered(refusal("1")));
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
    records.answered(refusal("1"));
    records.created(Uint8Array.of(1), undefined);
    records.refused(Uint8Array.of(1), "why");
    run(records, 5n, () => records.answered(refusal("2")));
    const record = records.recordOf(5n, free);
    expect(record).toMatchObject({ creates: [], refusedNodes: [] });
    expect(tracesIn(record)).toEqual([{ index: 1n, hasError: true, errorMsg: "2" }]);
  });

  it("are empty, and say so, if a block had more to tell than is kept", () => {
    const records = setUp();
    const half = refusal("x".repeat(BLOCK_RECORD_BYTES_MAX / 2));
    run(records, 5n, () => {
      records.answered(half);
      records.answered(half);
      records.answered(refusal("1"));
    });
    const tooLarge = records.recordOf(5n, free);
    expect(tooLarge?.isTooLarge).toBe(true);
    expect(tracesIn(tooLarge)).toEqual([]);
    run(records, 6n, () => records.answered(refusal("1")));
    const next = records.recordOf(6n, free);
    expect(next?.isTooLarge).toBe(false);
    expect(tracesIn(next)).toMatchObject([{ index: 1n, errorMsg: "1" }]);
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
