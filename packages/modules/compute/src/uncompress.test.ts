import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WASM_BYTES_MAX } from "./limits.ts";
import { uncompress } from "./uncompress.ts";

const plain = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

describe("uploaded code", () => {
  it("stays as it is unless it is gzip", () => {
    expect(uncompress(plain)).toEqual({ kind: "code", code: plain });
    expect(uncompress(Uint8Array.of(0x1f))).toEqual({ kind: "code", code: Uint8Array.of(0x1f) });
  });

  it("is unpacked", () => {
    expect(uncompress(new Uint8Array(gzipSync(plain)))).toEqual({ kind: "code", code: plain });
  });

  it("may unpack to 2 MiB and no more", () => {
    const full = uncompress(new Uint8Array(gzipSync(new Uint8Array(WASM_BYTES_MAX))));
    expect(full.kind === "code" && full.code.length).toBe(WASM_BYTES_MAX);
    const bomb = new Uint8Array(gzipSync(new Uint8Array(WASM_BYTES_MAX + 1)));
    expect(uncompress(bomb)).toEqual({ kind: "too_large" });
  });

  it("is refused as broken gzip with one code and one text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (rest) => {
        try {
          uncompress(Uint8Array.of(0x1f, 0x8b, 0x08, ...rest));
        } catch (error) {
          expect(error).toMatchObject({
            code: "compute/15",
            message: "gzip: invalid data: create contract failed",
          });
        }
      }),
    );
  });
});
