import { describe, expect, it } from "vitest";
import { customEvents, wasmEvent } from "./events.ts";

const address = "secret1abc";
const pairs = (event: { attributes: readonly { key: string; value: string }[] } | undefined) =>
  event?.attributes.map(({ key, value }) => [key, value]);

describe("the event wasm", () => {
  it("is there without attributes and says first whose it is", () => {
    expect(pairs(wasmEvent(address, []))).toEqual([["contract_address", address]]);
  });

  it("does not let a contract say that it is another's", () => {
    const event = wasmEvent(address, [
      { key: "contract_address", value: "secret1other" },
      { key: "", value: " spaced " },
      { key: "_private", value: "" },
    ]);
    expect(pairs(event)).toEqual([
      ["contract_address", address],
      ["", " spaced "],
      ["_private", ""],
    ]);
  });
});

describe("a contract's own events", () => {
  const event = (type: string, key = "k", value = "v") => [{ type, attributes: [{ key, value }] }];

  it("are trimmed and named apart from the chain's", () => {
    const [only] = customEvents(address, event(" swap\u0085", " k ", "\tv\n"));
    expect(only?.type).toBe("wasm-swap");
    expect(pairs(only)).toEqual([
      ["contract_address", address],
      ["k", "v"],
    ]);
  });

  it.each([
    ["a short type", event(" ab ")],
    ["an empty key", event("swap", " ")],
    ["an empty value", event("swap", "k", "")],
    ["a reserved key", event("swap", " _k")],
  ])("are refused with %s", (_what, events) => {
    expect(() => customEvents(address, events)).toThrow(
      expect.objectContaining({ code: "compute/21" }),
    );
  });
});
