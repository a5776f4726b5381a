import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFheSimulator, type FheWidth } from "../src/fhe/index.ts";
import { codeOf } from "./vectors.ts";

const fhe = createFheSimulator({ threshold: 2, holders: 3 });
const requestId = new Uint8Array(32).fill(1);
const open = (ciphertext: Uint8Array) => {
  const request = { ciphertext, requestId };
  return fhe.combine(request, [fhe.partialDecrypt(1, request), fhe.partialDecrypt(3, request)]);
};

describe("the simulator of threshold FHE", () => {
  it("says that it is one", () => {
    expect(fhe.security).toBe("simulated");
    expect(fhe.encrypt(1n, 8)[0]).toBe(0x53);
  });

  it("computes as integers of the width do", () => {
    const widths = fc.constantFrom<FheWidth>(8, 16, 32, 64);
    const values = fc.bigInt({ min: 0n, max: 255n });
    fc.assert(
      fc.property(widths, values, values, (width, a, b) => {
        const [x, y] = [fhe.encrypt(a, width), fhe.encrypt(b, width)];
        expect(open(fhe.evaluate("add", [x, y]))).toBe(BigInt.asUintN(width, a + b));
        expect(open(fhe.evaluate("subtract", [x, y]))).toBe(BigInt.asUintN(width, a - b));
        expect(open(fhe.evaluate("multiply", [x, y]))).toBe(BigInt.asUintN(width, a * b));
        const less = fhe.evaluate("less", [x, y]);
        expect(open(less)).toBe(a < b ? 1n : 0n);
        expect(open(fhe.evaluate("equal", [x, y]))).toBe(a === b ? 1n : 0n);
        expect(open(fhe.evaluate("select", [less, x, y]))).toBe(a < b ? a : b);
      }),
      { numRuns: 50 },
    );
  });

  it("opens nothing with too few parts, one twice, or parts of another request", () => {
    const ciphertext = fhe.encrypt(7n, 8);
    const request = { ciphertext, requestId };
    const other = { ciphertext, requestId: new Uint8Array(32) };
    const [one, two] = [fhe.partialDecrypt(1, request), fhe.partialDecrypt(2, request)];
    expect(codeOf(() => fhe.combine(request, [one]))).toBe("threshold/too_few");
    expect(codeOf(() => fhe.combine(request, [one, one]))).toBe("threshold/duplicate_index");
    const replayed = fhe.partialDecrypt(2, other);
    expect(() => fhe.combine(request, [one, replayed])).toThrow(
      expect.objectContaining({ failure: { code: "threshold/bad_share", indices: [2] } }),
    );
    expect(codeOf(() => fhe.combine(request, [one, { ...two, index: 3 }]))).toBe(
      "threshold/bad_share",
    );
    for (const index of [0, 4, 1.5]) {
      expect(codeOf(() => fhe.partialDecrypt(index, request))).toBe("threshold/index");
    }
  });

  it("refuses values beyond the width, mixed widths, and ciphertexts that are none", () => {
    expect(codeOf(() => fhe.encrypt(256n, 8))).toBe("threshold/range");
    expect(codeOf(() => fhe.encrypt(-1n, 8))).toBe("threshold/range");
    const [a, b] = [fhe.encrypt(1n, 8), fhe.encrypt(1n, 16)];
    expect(codeOf(() => fhe.evaluate("add", [a, b]))).toBe("threshold/parameters");
    expect(codeOf(() => fhe.evaluate("add", [a]))).toBe("threshold/parameters");
    expect(codeOf(() => fhe.evaluate("add", [a, new Uint8Array(32)]))).toBe("threshold/element");
    expect(codeOf(() => fhe.evaluate("add", [a, new Uint8Array(31)]))).toBe("threshold/length");
    for (const threshold of [0, 4, 1.5]) {
      expect(codeOf(() => createFheSimulator({ threshold, holders: 3 }))).toBe(
        "threshold/parameters",
      );
    }
  });
});
