import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { call, memoryStorage, text, v1Contract } from "../test/contracts.ts";
import { createEngine } from "./engine.ts";
import { GAS_IMPORT } from "./gas.ts";
import { callWithGasReport } from "./gas-report.ts";

const engine = createEngine({ cacheBytesMax: 64 * 1024 * 1024 });
const url = new URL("../../../contracts/artifacts/counter.wasm", import.meta.url);
const counter = new Uint8Array(readFileSync(url));
const hash = (id: number) => new Uint8Array(32).fill(id);

const ADDRESS = "secret159mawt6dpeer3suln4rq6tzmx2a3t7z0ywuknl";
const env = text(
  JSON.stringify({
    block: { height: 7, time: "1700000000000000000", chain_id: "secretdev-1" },
    transaction: { index: 0, hash: "AA".repeat(32) },
    contract: { address: ADDRESS, code_hash: "aa".repeat(32) },
  }),
);
const info = text(JSON.stringify({ sender: ADDRESS, funds: [] }));

describe("a gas report", () => {
  it("accounts for all of a call's gas and changes neither result nor gas", () => {
    const storage = memoryStorage();
    const run = (entryPoint: "instantiate" | "execute", message: string) => {
      const wanted = call({ entryPoint, args: [env, info, text(message)], storage });
      return callWithGasReport(engine, hash(1), () => counter, wanted);
    };
    expect(run("instantiate", '{"count":1}').result.ok).toBe(true);
    const before = memoryStorage(new Map(storage.entries));
    const { result, report } = run("execute", '{"increment":{}}');
    const names = report.hostCalls.map(({ name }) => name);
    expect(names).toContain("db_read");
    expect(names).toContain("db_write");
    const inHost = report.hostCalls.reduce((sum, { gas }) => sum + gas, 0n);
    expect(report.instructions + inHost).toBe(report.total);
    expect(report.instructions > 0n).toBe(true);
    expect(report.total).toBe(result.gasUsed);
    expect(report.storage).toMatchObject({ writes: 1, removals: 0 });
    expect(report.storage.bytesWritten).toBeGreaterThan(0);
    const args = [env, info, text('{"increment":{}}')];
    const plain = call({ entryPoint: "execute", args, storage: before });
    expect(engine.call(hash(1), () => counter, plain)).toEqual(result);
  });

  it("has a host call that ended the contract, with what was charged for it", () => {
    const wasm = v1Contract(
      `(func (export "query") (param i32 i32) (result i32)
        (call $write (local.get 0) (local.get 0)) (local.get 0))`,
      '(import "env" "gas_evaporate" (func $burn (param i32) (result i32))) (import "env" "db_write" (func $write (param i32 i32)))',
    );
    const key = 3n;
    const gasLimit = 10_000n;
    const wanted = call({ storage: memoryStorage(), gasLimit });
    const { result, report } = callWithGasReport(engine, hash(2), () => wasm, wanted);
    expect(result).toMatchObject({ ok: false, error: { code: "vm/out_of_gas" } });
    const charged = BigInt(GAS_IMPORT.dbWrite) + key * BigInt(GAS_IMPORT.dbWriteByte);
    expect(report.hostCalls).toEqual([{ name: "db_write", calls: 1, gas: charged }]);
    expect(report.storage.writes).toBe(0);
    expect(report.total).toBe(result.gasUsed);
  });
});
