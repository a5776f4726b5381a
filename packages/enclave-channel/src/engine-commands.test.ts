import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeEngineCommand, encodeEngineCommand } from "./engine-commands.ts";

describe("a command about an engine", () => {
  it("is read as it was written, for every channel that there is", () => {
    const command = fc.record({
      kind: fc.constantFrom("end" as const, "begin" as const),
      channel: fc.integer({ min: 1, max: 63 }),
    });
    fc.assert(
      fc.property(command, (each) => {
        const [byte, ...rest] = encodeEngineCommand(each);
        expect(rest).toEqual([]);
        expect(decodeEngineCommand(byte!, 64)).toEqual(each);
      }),
    );
  });

  it("is never one about the engine of blocks, or about one that is not there", () => {
    for (let byte = 0; byte < 256; byte++) {
      const channel = byte & 0x7f;
      const isKnown = channel >= 1 && channel < 3;
      expect(decodeEngineCommand(byte, 3) !== undefined).toBe(isKnown);
    }
  });
});
