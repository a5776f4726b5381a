import { crc32, gzipSync } from "node:zlib";
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

  it("is the first member of gzip, with any header and whatever stands behind", () => {
    const [member, other] = [plain, Uint8Array.of(7)].map((bytes) => gzipSync(bytes));
    for (const behind of [other!, Buffer.from("garbage"), Buffer.from([0x1f, 0x8b, 8])]) {
      expect(uncompress(Buffer.concat([member!, behind]))).toEqual({ kind: "code", code: plain });
    }
    const fields = Buffer.from("\x03\x00abcname\0comment\0", "latin1");
    const header = Buffer.concat([
      member!.subarray(0, 3),
      Buffer.of(2 + 4 + 8 + 16),
      member!.subarray(4, 10),
      fields,
    ]);
    const sum = Buffer.alloc(2);
    sum.writeUInt16LE(crc32(header) & 0xffff);
    const rest = member!.subarray(10);
    expect(uncompress(Buffer.concat([header, sum, rest]))).toEqual({ kind: "code", code: plain });
    expect(() => uncompress(Buffer.concat([header, Buffer.of(0, 0), rest]))).toThrow("gzip");
  });

  it("is refused where its end is missing or its content another", () => {
    const member = gzipSync(plain);
    for (let bytes = 3; bytes < member.length; bytes++) {
      expect(() => uncompress(member.subarray(0, bytes))).toThrow("gzip: invalid data");
    }
    for (const at of [-8, -1]) {
      const changed = Buffer.from(member);
      changed.writeUInt8(changed.at(at)! ^ 1, member.length + at);
      expect(() => uncompress(changed)).toThrow("gzip: invalid data");
    }
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
