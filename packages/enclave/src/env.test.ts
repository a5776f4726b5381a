import { fromHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { type CallEnvironment, envV1, envV010, infoV1 } from "./env.ts";

const env: CallEnvironment = {
  height: 7n,
  timeNs: 1_700_000_000_123_456_789n,
  chainId: "c",
  contract: "secret1contract",
  codeHash: fromHex("ab".repeat(32)),
  transaction: { index: 3, hash: fromHex("cd".repeat(32)) },
  random: undefined,
  sender: "secret1sender",
  funds: [{ denom: "uscrt", amount: "5" }],
};
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("what a contract is told, in the order in which Secret's enclave writes it, as contracts pay for reading it", () => {
  it("is block, contract and transaction for interface v1", () => {
    const [codeHash, hash] = ["ab".repeat(32), "CD".repeat(32)];
    expect(text(envV1(env))).toBe(
      `{"block":{"height":7,"time":"1700000000123456789","chain_id":"c"},"contract":{"address":"secret1contract","code_hash":"${codeHash}"},"transaction":{"index":3,"hash":"${hash}"}}`,
    );
    const asked = { ...env, transaction: undefined, random: new Uint8Array(1) };
    expect(text(envV1(asked))).toBe(
      `{"block":{"height":7,"time":"1700000000123456789","chain_id":"c","random":"AA=="},"contract":{"address":"secret1contract","code_hash":"${codeHash}"},"transaction":null}`,
    );
    expect(text(infoV1(env))).toBe(
      '{"sender":"secret1sender","funds":[{"denom":"uscrt","amount":"5"}]}',
    );
  });

  it("has message, key and code hash for interface v0.10", () => {
    expect(text(envV010(env))).toBe(
      `{"block":{"height":7,"time":1700000000,"chain_id":"c"},"message":{"sender":"secret1sender","sent_funds":[{"denom":"uscrt","amount":"5"}]},"contract":{"address":"secret1contract"},"contract_key":null,"contract_code_hash":"${"ab".repeat(32)}","transaction":null}`,
    );
  });
});
