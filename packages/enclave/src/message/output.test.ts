import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { CallError } from "../errors.ts";
import { parseContractJson, toContractJson } from "../json.ts";
import { OUTPUT_BYTES_MAX, OUTPUT_ENTRIES_MAX } from "../limits.ts";
import { parseOutput } from "./output.ts";

const parse = (text: string) => parseOutput(utf8(text));
const bad = expect.objectContaining({ code: "enclave/bad_output" });

describe("a contract's output", () => {
  it("is a response of the v1 interface, attributes encrypted unless it says no", () => {
    const output = parse(
      '{"Ok":{"messages":[{"id":18446744073709551615,"msg":{"bank":{"send":{}}},"gas_limit":null,"reply_on":"never"}],' +
        '"attributes":[{"key":"a","value":"b"},{"key":"c","value":"d","encrypted":false}],' +
        '"events":[{"type":"e","attributes":[]}],"data":"AA=="}}',
    );
    expect(output).toEqual({
      kind: "response",
      abi: "v1",
      messages: [
        {
          id: 2n ** 64n - 1n,
          message: { bank: { send: {} } },
          gasLimit: undefined,
          replyOn: "never",
        },
      ],
      attributes: [
        { key: "a", value: "b", encrypted: true },
        { key: "c", value: "d", encrypted: false },
      ],
      events: [{ type: "e", attributes: [] }],
      data: "AA==",
    });
  });

  it("is a response of the v0.10 interface", () => {
    const output = parse(
      '{"Ok":{"messages":[{"wasm":{"execute":{}}},"finalize_tx"],"log":[{"key":"k","value":"v"}],"data":null}}',
    );
    expect(output).toMatchObject({
      abi: "v0.10",
      messages: [
        { id: 0n, message: { wasm: { execute: {} } }, replyOn: "never" },
        { message: { finalize_tx: {} } },
      ],
      attributes: [{ key: "k", value: "v", encrypted: true }],
      data: undefined,
    });
  });

  it("is a query's answer or an error of any shape", () => {
    expect(parse('{"Ok":"e30="}')).toEqual({ kind: "query", result: "e30=" });
    expect(parse('{"ok":"e30="}')).toEqual({ kind: "query", result: "e30=" });
    expect(parse('{"Err":"text"}')).toEqual({ kind: "error", error: "text" });
    const error = { generic_err: { msg: "m" } };
    expect(parse(JSON.stringify({ Err: error }))).toEqual({ kind: "error", error });
  });

  it.each([
    "",
    "null",
    "[]",
    "{}",
    '{"Ok":{}}',
    '{"Ok":{"messages":[],"attributes":[],"events":[],"data":null,"extra":1}}',
    '{"Ok":{"messages":[],"attributes":[{"key":1,"value":"x"}],"events":[],"data":null}}',
    '{"Ok":{"messages":[{"id":-1,"msg":{"a":{}},"gas_limit":null,"reply_on":"never"}],"attributes":[],"events":[],"data":null}}',
    '{"Ok":{"messages":[{"id":1,"msg":{"a":{}},"gas_limit":null,"reply_on":"sometimes"}],"attributes":[],"events":[],"data":null}}',
    '{"Ok":{"messages":[{"id":1,"msg":{},"gas_limit":null,"reply_on":"never"}],"attributes":[],"events":[],"data":null}}',
    `{"Err":${"[".repeat(200)}${"]".repeat(200)}}`,
  ])("is refused by code when it is %j", (text) => {
    expect(() => parse(text)).toThrow(bad);
  });

  it("is refused when it is longer, or has more entries, than the channel carries encrypted", () => {
    expect(() => parse(`{"Err":"${"x".repeat(OUTPUT_BYTES_MAX)}"}`)).toThrow(bad);
    const response = (count: number) =>
      `{"Ok":{"messages":[],"attributes":[${new Array(count).fill('{"key":"","value":""}').join()}],"events":[],"data":null}}`;
    expect(parse(response(OUTPUT_ENTRIES_MAX))).toMatchObject({ kind: "response" });
    expect(() => parse(response(OUTPUT_ENTRIES_MAX + 1))).toThrow(bad);
  });

  it("is refused when it is not UTF-8", () => {
    expect(() => parseOutput(Uint8Array.of(0xff, 0xfe))).toThrow(bad);
  });

  it("never fails with anything untyped", () => {
    const text = fc.oneof(
      fc.json(),
      fc.string(),
      fc.json().map((json) => `{"Ok":${json}}`),
    );
    fc.assert(
      fc.property(text, (each) => {
        try {
          parse(each);
        } catch (error) {
          expect(error).toBeInstanceOf(CallError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a contract's JSON", () => {
  it("keeps integers of any size through parsing and writing", () => {
    const text = '{"a":18446744073709551615,"b":[-9007199254740993,1,"12345678901234567890"]}';
    expect(toContractJson(parseContractJson(text))).toBe(text);
  });
});
