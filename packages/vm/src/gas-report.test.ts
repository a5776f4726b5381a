import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  call,
  memoryStorage,
  run,
  runWithReport,
  text,
  v1Contract,
  v1Query,
} from "../test/contracts.ts";
import { programContract } from "../test/programs.ts";
import { createEngine } from "./engine.ts";
import { GAS_IMPORT } from "./gas.ts";
import { callWithGasReport, type GasReport } from "./gas-report.ts";

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

const sumOf = (parts: readonly { readonly gas: bigint }[]): bigint =>
  parts.reduce((sum, { gas }) => sum + gas, 0n);

/** Gas of the classes named, without what a contract that does nothing has of them. */
function classGas(body: string, ...names: readonly string[]): bigint {
  const of = (wasm: Uint8Array) => {
    const { classes } = runWithReport(wasm).report.instructionGas;
    return sumOf(classes.filter(({ name }) => names.includes(name)));
  };
  return of(v1Query(`${body} (i32.const 0)`)) - of(v1Query("(i32.const 0)"));
}

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

  it("says of every program, to the unit, which instructions and which functions its gas went to", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, part) => {
        const wasm = programContract(seed);
        const plain = run(wasm);
        for (const gasLimit of [1_000_000_000n, BigInt(Math.floor(Number(plain.gasUsed) * part))]) {
          const { result, report } = runWithReport(wasm, { gasLimit });
          expect(result).toEqual(run(wasm, { gasLimit }));
          const { classes, functions } = report.instructionGas;
          expect(sumOf(classes)).toBe(result.gasUsed);
          const pages = classes.find(({ name }) => name === "memory growth")?.gas ?? 0n;
          expect(sumOf(functions) + (pages / 8_192n) * 8_192n).toBe(result.gasUsed);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("tells classes of instructions apart, each time they run", () => {
    const loop = `(local $i i32) (loop $again (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (drop (i32.div_u (i32.const 7) (local.get $i)))
      (br_if $again (i32.lt_u (local.get $i) (i32.const 10))))`;
    expect(classGas(loop, "arithmetic")).toBe(20n);
    expect(classGas(loop, "division")).toBe(20n);
    expect(classGas(loop, "locals")).toBe(80n);
    expect(classGas(loop, "constants")).toBe(60n);
    expect(classGas(loop, "comparison", "branches", "operands", "blocks")).toBe(62n);
    expect(classGas("(drop (i64.load (i32.const 8)))", "memory access")).toBe(2n);
    expect(classGas("(drop (memory.grow (i32.const 2)))", "memory growth")).toBe(2n + 2n * 8_192n);
    expect(
      classGas(
        "(drop (i32.wrap_i64 (i64.rotl (i64.const 1) (i64.const 2))))",
        "conversion",
        "bit operations",
      ),
    ).toBe(4n);
    expect(classGas("(global.set $next (i32.const 4096))", "globals")).toBe(2n);
  });

  it("takes what cannot run for nothing, and locals beyond a thousand for what they cost", () => {
    expect(
      classGas("(block $out (br $out) (drop (i32.mul (i32.const 1) (i32.const 2))))", "arithmetic"),
    ).toBe(0n);
    const many = v1Query(
      "(call $many) (i32.const 0)",
      `(func $many (local ${"i64 ".repeat(2_000)}))`,
    );
    const { result, report } = runWithReport(many);
    expect(sumOf(report.instructionGas.classes)).toBe(result.gasUsed);
  });

  it("counts the contract's own allocation among its instructions, not to the host call that wants it", () => {
    const wasm = v1Query(
      "(drop (call $read (local.get 0))) (i32.const 0)",
      "",
      '(import "env" "db_read" (func $read (param i32) (result i32)))',
    );
    const storage = memoryStorage(new Map([["env", new Uint8Array(100)]]));
    const { result, report } = runWithReport(wasm, { storage });
    expect(report.hostCalls).toEqual([{ name: "db_read", calls: 1, gas: 1_000n }]);
    expect(sumOf(report.instructionGas.classes)).toBe(result.gasUsed - 1_000n);
  });

  it("names functions as the compiler or the exports do, and nothing that a terminal would obey", () => {
    const named = (names: readonly [number, string][]): GasReport => {
      const plain = v1Contract(`(func (export "query") (param i32 i32) (result i32)
        (call $busy) (i32.const 0))
        (func $busy (local $i i32) (loop $again (br_if $again (i32.lt_u
          (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100)))))`);
      return runWithReport(withNames(plain, names)).report;
    };
    const BUSY = 5;
    const [first, second] = named([[BUSY, 'busy\u001b[2J"é']]).instructionGas.functions;
    expect(first).toEqual({ index: BUSY, name: "busy?[2J??", gas: 2n + 100n * 14n });
    expect(second).toMatchObject({ index: 2, name: "allocate" });
    expect(named([[BUSY, "n".repeat(400)]]).instructionGas.functions[0]!.name).toBe("n".repeat(80));
    expect(named([]).instructionGas.functions[0]).toMatchObject({ index: BUSY, name: "" });
  });

  it("has no name from a section that is not what it should be, and the same gas", () => {
    const plain = v1Query("(i32.const 0)");
    const section = withNames(plain, [[2, "allocate"]]).slice(plain.length);
    const expected = runWithReport(plain).report.instructionGas;
    const afterName = 7;
    for (let at = afterName; at < section.length; at++) {
      const broken = Uint8Array.from(section);
      broken[at]! ^= 0x81;
      const { report } = runWithReport(new Uint8Array([...plain, ...broken]));
      expect(report.instructionGas.classes).toEqual(expected.classes);
    }
  });

  it("is made of a function as long as one may be, of the shortest sequences that cost anything", () => {
    const long = `(func $long (block ${"loop unreachable end ".repeat(130_000)}))`;
    const wasm = v1Query("(call $long) (i32.const 0)", long);
    const { result, report } = runWithReport(wasm);
    expect(result).toMatchObject({ ok: false, error: { code: "vm/panic" } });
    expect(sumOf(report.instructionGas.classes)).toBe(result.gasUsed);
    expect(report.instructionGas.functions[0]!.gas).toBe(2n * (1n + 130_000n + 1n));
  });
});

/** With a section `name` that holds the names of functions. */
function withNames(wasm: Uint8Array, names: readonly [number, string][]): Uint8Array {
  const bytes = (value: string): number[] => [...u32(text(value).length), ...text(value)];
  const map = [
    ...u32(names.length),
    ...names.flatMap(([index, name]) => [...u32(index), ...bytes(name)]),
  ];
  const content = [...bytes("name"), 1, ...u32(map.length), ...map];
  return new Uint8Array([...wasm, 0, ...u32(content.length), ...content]);
}

function u32(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...u32(value >>> 7)];
}
