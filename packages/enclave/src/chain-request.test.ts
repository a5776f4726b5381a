import { describe, expect, it } from "vitest";
import { utf8 } from "./bytes.ts";
import { readChainRequest } from "./chain-request.ts";

const read = (value: unknown) => readChainRequest(utf8(JSON.stringify(value)));
const contract_addr = "secret1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqsfvnwh";

describe("a request to the chain", () => {
  it.each([
    [{ bank: { balance: { address: contract_addr, denom: "uscrt" } } }],
    [{ wasm: { contract_info: { contract_addr } } }],
    [{ stargate: { path: "/cosmos.bank.v1beta1.Query/Balance", data: "" } }],
  ])("that the network knows goes out as it is: %j", (value) => {
    expect(read(value)).toEqual({ kind: "open", request: utf8(JSON.stringify(value)) });
  });

  it("to another contract is taken apart, however its name is written", () => {
    const smart = { contract_addr, callback_code_hash: "aa", msg: "e30=" };
    const query = { contract: contract_addr, codeHash: "aa", message: utf8("{}") };
    expect(read({ wasm: { smart } })).toEqual({ kind: "smart", query });
    const escaped = JSON.stringify({ wasm: { smart } }).replace('"smart"', '"sm\\u0061rt"');
    expect(readChainRequest(utf8(escaped))).toEqual({ kind: "smart", query });
  });

  it.each([
    ["no JSON", "private words"],
    ["of an unknown kind", { "private kind": {} }],
    ["of an unknown variant", { bank: { "private variant": {} } }],
    ["of two kinds", { bank: { balance: {} }, wasm: { smart: "private" } }],
    ["to a contract without a code hash", { wasm: { smart: { contract_addr, msg: "cHJpdg==" } } }],
    [
      "to a contract under the field of messages",
      { wasm: { smart: { contract_addr, code_hash: "aa", msg: "e30=" } } },
    ],
    [
      "to a contract that is no base64",
      { wasm: { smart: { contract_addr, callback_code_hash: "", msg: "no base64!" } } },
    ],
  ])("that is %s does not reach the host", (_, value) => {
    expect(read(value)).toEqual({ kind: "invalid" });
    expect(readChainRequest(utf8(String(value)))).toEqual({ kind: "invalid" });
  });

  it("for a record's bytes does not tell the host which", () => {
    const raw = { contract_addr, callback_code_hash: "aa", key: "cHJpdmF0ZQ==" };
    const told = read({ wasm: { raw } });
    expect(told.kind).toBe("open");
    expect(JSON.stringify(told)).not.toContain(JSON.stringify([...utf8(raw.key)]).slice(1, -1));
  });
});
