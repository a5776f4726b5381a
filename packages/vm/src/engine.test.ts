import { describe, expect, it } from "vitest";
import { memoryStorage, outcome, run, text, v1Contract, v1Query } from "../test/contracts.ts";

describe("a contract call", () => {
  it("answers with the content of the returned region", () => {
    const wasm = v1Contract("");
    const result = run(wasm, {
      entryPoint: "instantiate",
      args: [text("env"), text("info"), text("msg")],
    });
    expect(outcome(result)).toBe("msg");
  });

  it("writes in one call what it reads in the next", () => {
    const wasm = v1Contract(
      `(func (export "execute") (param i32 i32 i32) (result i32)
         (call $write (local.get 1) (local.get 2)) (local.get 0))
       (func (export "query") (param i32 i32) (result i32) (call $read (local.get 1)))`,
      `(import "env" "db_write" (func $write (param i32 i32)))
       (import "env" "db_read" (func $read (param i32) (result i32)))`,
    );
    const storage = memoryStorage();
    const args = [text("env"), text("key"), text("value")];
    const written = run(wasm, { entryPoint: "execute", args, storage });
    expect(outcome(written)).toBe("env");
    expect(written.writeGas).toBe(25_000n);
    expect(outcome(run(wasm, { args: [text("env"), text("key")], storage }))).toBe("value");
  });

  it("fails with one stable code for each way to fail", () => {
    const failures = {
      "vm/panic": "unreachable",
      "vm/memory_access": "(i32.load (i32.const -4))",
      "vm/division_by_zero": "(i32.div_u (i32.const 1) (i32.const 0))",
      "vm/region": "(i32.const 0)",
      "vm/out_of_gas": "(loop $again (br $again)) (i32.const 0)",
    };
    for (const [code, body] of Object.entries(failures)) {
      expect(outcome(run(v1Query(body)))).toBe(code);
    }
  });
});
