import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createEngine } from "../src/engine.ts";
import type { ContractCallResult, EntryPoint } from "../src/types.ts";
import { call, memoryStorage, outcome, text } from "./contracts.ts";

const ADDRESS = "secret159mawt6dpeer3suln4rq6tzmx2a3t7z0ywuknl";
const OTHER = "secret1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq3x5k6p";
const ENV = JSON.stringify({
  block: {
    height: 7,
    time: "1700000000000000000",
    chain_id: "secretdev-1",
    random: "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=",
  },
  transaction: { index: 0, hash: "AA".repeat(32) },
  contract: { address: ADDRESS, code_hash: "aa".repeat(32) },
});
const INFO = JSON.stringify({ sender: ADDRESS, funds: [] });

/** A compiled contract with a store of its own, on an engine that keeps so much between calls. */
function deploy(file: string, cacheBytesMax: number) {
  const url = new URL(`../../../contracts/artifacts/${file}.wasm`, import.meta.url);
  const wasm = new Uint8Array(readFileSync(url));
  const engine = createEngine({ cacheBytesMax });
  const storage = memoryStorage();
  return (entryPoint: EntryPoint, message: unknown): ContractCallResult => {
    const texts = entryPoint === "query" ? [ENV] : [ENV, INFO];
    const args = [...texts, JSON.stringify(message)].map(text);
    return engine.call(new Uint8Array(32), () => wasm, call({ entryPoint, args, storage }));
  };
}

const TOKEN = {
  name: "Token",
  symbol: "TKN",
  decimals: 6,
  initial_balances: [{ address: ADDRESS, amount: "1000000" }],
  prng_seed: "AAAA",
};

describe("a contract compiled from Rust", () => {
  it("counts", () => {
    const counter = deploy("counter", 1e8);
    expect(counter("instantiate", { count: 5 }).ok).toBe(true);
    for (let count = 6; count < 12; count++) {
      expect(outcome(counter("execute", { increment: {} }))).toContain(`"value":"${count}"`);
    }
    const answer = JSON.parse(outcome(counter("query", { get_count: {} }))) as { Ok: string };
    expect(Buffer.from(answer.Ok, "base64").toString()).toBe('{"count":11}');
    expect(outcome(counter("execute", { unknown: {} }))).toContain('"Err"');
  });

  it("gives the same with everything kept between calls and with nothing", () => {
    const [keeping, forgetting] = [deploy("snip20", 1e9), deploy("snip20", 0)];
    const both = (entryPoint: EntryPoint, message: unknown): string => {
      const result = keeping(entryPoint, message);
      expect(forgetting(entryPoint, message)).toEqual(result);
      return outcome(result);
    };
    expect(both("instantiate", TOKEN)).toContain('"Ok"');
    for (let round = 0; round < 12; round++) {
      const amount = String(10 ** (round % 6));
      both("execute", { transfer: { recipient: OTHER, amount } });
      both("execute", { set_viewing_key: { key: "k".repeat(1 + (round % 3)) } });
      both("query", { balance: { address: ADDRESS, key: "k".repeat(1 + (round % 3)) } });
      both("query", { token_info: {} });
    }
    const last = both("execute", { transfer: { recipient: OTHER, amount: "99999999" } });
    expect(last).toContain('"Err"');
  });
});
