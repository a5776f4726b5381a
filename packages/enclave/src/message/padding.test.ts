import { toBase64 } from "@tacit/encoding";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { CallError } from "../errors.ts";
import { MESSAGE_BYTES_MAX } from "../limits.ts";
import { writePadding } from "./input.ts";
import {
  ANSWER_BLOCK_BYTES,
  bucketBytes,
  pad,
  padJsonBase64,
  padWithSpaces,
  SMALL_BLOCK_BYTES,
  unpad,
  unpadOrFail,
} from "./padding.ts";

const lengths = fc.integer({ min: 0, max: 3_000_000 });
const blocks = fc.constantFrom(SMALL_BLOCK_BYTES, ANSWER_BLOCK_BYTES);

describe("a bucket", () => {
  it("holds what it is for, is its own bucket, and grows with what is in it", () => {
    fc.assert(
      fc.property(lengths, lengths, blocks, (length, more, block) => {
        const bucket = bucketBytes(length, block);
        expect(bucket).toBeGreaterThanOrEqual(length);
        expect(bucketBytes(bucket, block)).toBe(bucket);
        expect(bucketBytes(length + more, block)).toBeGreaterThanOrEqual(bucket);
      }),
    );
  });

  it("costs at most a block or an eighth, and there are few of them", () => {
    const seen = new Set<number>();
    for (let length = 0; length < 65_536; length++) {
      const bucket = bucketBytes(length, SMALL_BLOCK_BYTES);
      expect(bucket - length).toBeLessThanOrEqual(Math.max(SMALL_BLOCK_BYTES, length / 8));
      seen.add(bucket);
    }
    expect(seen.size).toBe(64);
  });
});

describe("padding that the enclave removes", () => {
  it("gives back any bytes, and fills a bucket", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), blocks, (content, block) => {
        const padded = pad(content, block);
        expect(padded.length % block).toBe(0);
        expect(unpad(padded)).toEqual(content);
      }),
    );
  });

  it("gives back bytes that look like padding", () => {
    for (const content of [[], [0], [0x80], [0x80, 0, 0], [0, 0x80]]) {
      expect(unpad(pad(Uint8Array.from(content), 64))).toEqual(Uint8Array.from(content));
    }
  });

  it("is refused where there is none", () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(64), utf8("text")]) {
      expect(unpad(bytes)).toBeUndefined();
      expect(() => unpadOrFail(bytes)).toThrow(CallError);
    }
  });
});

describe("padding that clients do not mind", () => {
  it("is trimmed from an attribute", () => {
    const padded = padWithSpaces(utf8("42"), SMALL_BLOCK_BYTES);
    expect(padded).toHaveLength(64);
    expect(new TextDecoder().decode(padded).trim()).toBe("42");
    expect(padWithSpaces(new Uint8Array(0), SMALL_BLOCK_BYTES)).toHaveLength(64);
  });

  it("stands behind JSON of any kind, inside its base64", () => {
    for (const value of [{ a: [1, "ü"] }, [], "text", 7, null, true]) {
      const padded = padJsonBase64(toBase64(utf8(JSON.stringify(value))));
      expect(Buffer.from(padded, "base64").length).toBe(ANSWER_BLOCK_BYTES);
      expect(JSON.parse(Buffer.from(padded, "base64").toString())).toEqual(value);
    }
  });

  it("leaves alone what is no JSON in base64", () => {
    for (const text of ["", "YQ", "!", toBase64(utf8("hello")), toBase64(Uint8Array.of(0xff))]) {
      expect(padJsonBase64(text)).toBe(text);
    }
  });
});

describe("padding in front of a message", () => {
  it("brings every length to that of a bucket, up to what a message may have", () => {
    fc.assert(
      fc.property(lengths, (length) => {
        const padding = writePadding(length);
        const total = length + padding.length;
        const sealedMax = MESSAGE_BYTES_MAX - 64 - 16;
        if (padding.length === 0) expect(length + 11).toBeGreaterThan(sealedMax);
        else {
          const bucket = bucketBytes(length + 11, ANSWER_BLOCK_BYTES);
          expect(total).toBe(Math.min(bucket, sealedMax));
        }
      }),
    );
  });
});
