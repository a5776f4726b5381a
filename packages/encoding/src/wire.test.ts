import { describe, expect, it } from "vitest";
import { withWriter } from "./wire.ts";

describe("the writer", () => {
  it("grows in the middle of a message, whatever is written last", () => {
    for (const [write, bytes] of [
      [(w: import("./wire.ts").Writer) => w.raw(new Uint8Array(5_000).fill(7)), 5_000],
      [(w: import("./wire.ts").Writer) => w.fixed32(1), 4],
      [(w: import("./wire.ts").Writer) => w.fixed64(1n), 8],
      [(w: import("./wire.ts").Writer) => w.float(1), 4],
      [(w: import("./wire.ts").Writer) => w.double(1), 8],
    ] as const) {
      for (const before of [4_090, 4_093, 4_096]) {
        const result = withWriter((writer) => {
          writer.raw(new Uint8Array(before).fill(1));
          write(writer);
        });
        expect(result.length).toBe(before + bytes);
        expect(result.subarray(bytes).every((byte) => byte === 1)).toBe(true);
      }
    }
  });
});
