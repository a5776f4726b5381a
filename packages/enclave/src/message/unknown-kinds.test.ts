import { describe, expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { parseOutput } from "./output.ts";

const outputWith = (msg: unknown) =>
  utf8(
    JSON.stringify({
      Ok: {
        messages: [{ id: 0, msg, gas_limit: null, reply_on: "never" }],
        attributes: [],
        events: [],
        data: null,
      },
    }),
  );

describe("a message of a kind that the network does not know", () => {
  it.each([
    [{ "private kind": {} }],
    [{ wasm: { "private variant": {} } }],
    [{ bank: { "private variant": {} } }],
    [{ bank: { send: {}, "private variant": {} } }],
    [{ wasm: "private" }],
    [{ constructor: {} }],
    ["private"],
  ])("fails the call before anybody outside sees it: %j", (msg) => {
    expect(() => parseOutput(outputWith(msg))).toThrow(
      expect.objectContaining({ code: "enclave/bad_output" }),
    );
  });

  it.each([
    [{ bank: { send: { to_address: "", amount: [] } } }],
    [{ stargate: { type_url: "/a.B", value: "" } }],
    [{ finalize_tx: {} }],
    ["finalize_tx"],
  ])("is not this one: %j", (msg) => {
    expect(parseOutput(outputWith(msg)).kind).toBe("response");
  });
});
