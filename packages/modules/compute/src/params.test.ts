import { create } from "@bufbuild/protobuf";
import { encodeMessage, toHex } from "@tacit/encoding";
import { ParamsSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/types";
import { describe, expect, it } from "vitest";
import { compileGas, defaultParams } from "./params.ts";

describe("parameters of compute", () => {
  it("charge 0.8 gas a byte", () => {
    expect(compileGas(defaultParams(), 2 * 1024 * 1024)).toBe(1_677_722n);
    expect(compileGas(defaultParams(), 0)).toBe(0n);
  });

  it("round half to the even number", () => {
    const half = create(ParamsSchema, { compileCost: "500000000000000000" });
    expect([1, 2, 3, 5].map((size) => compileGas(half, size))).toEqual([0n, 1n, 2n, 2n]);
  });

  it("are written as the network writes them", () => {
    expect(toHex(encodeMessage(ParamsSchema, defaultParams()))).toBe(
      `0a12${toHex(new TextEncoder().encode("800000000000000000"))}1080808001`,
    );
  });
});
