import { describe, expect, it } from "vitest";
import { bytesToId, idToBytes, sliceToId } from "./ids.ts";

const LENGTH_MAX = 300;
const all = Uint8Array.from({ length: LENGTH_MAX }, (_, index) => index);

describe("ids", () => {
  it("have one character for each byte, at every length", () => {
    for (let length = 0; length <= LENGTH_MAX; length++) {
      const bytes = all.slice(0, length);
      const id = bytesToId(bytes);
      expect(id).toBe(Buffer.from(bytes).toString("latin1"));
      expect(idToBytes(id)).toEqual(bytes);
    }
  });

  it("are the same for a view as for a copy", () => {
    for (const [start, end] of [
      [200, 221],
      [7, 71],
      [7, 299],
    ] as const) {
      expect(bytesToId(all.subarray(start, end))).toBe(bytesToId(all.slice(start, end)));
      expect(sliceToId(all, start, end)).toBe(bytesToId(all.slice(start, end)));
    }
  });
});
