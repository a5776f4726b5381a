import { describe, expect, it } from "vitest";
import { assemble, V1_FRAME, v1Contract } from "../test/contracts.ts";
import { checkCode } from "./check.ts";
import { VmError, vmFailureSentence } from "./errors.ts";
import type { VmFailure } from "./types.ts";
import { WebAssembly } from "./wasm/web-assembly.ts";

function refusal(wasm: Uint8Array): VmFailure | undefined {
  try {
    checkCode(wasm);
    return undefined;
  } catch (error) {
    if (error instanceof VmError) return error.failure;
    throw error;
  }
}

const V010_FRAME = `
  (memory (export "memory") 1)
  (func (export "cosmwasm_vm_version_3"))
  (func (export "allocate") (param i32) (result i32) (local.get 0))
  (func (export "deallocate") (param i32))
  (func (export "init") (param i32 i32) (result i32) (local.get 0))
  (func (export "handle") (param i32 i32) (result i32) (local.get 0))`;
const V010_QUERY = '(func (export "query") (param i32) (result i32) (local.get 0))';

/** A module of sections given as bytes, after a v1 frame has been assembled: replaces one section. */
function withSection(wasm: Uint8Array, id: number, content: readonly number[]): Uint8Array {
  const sections: number[][] = [];
  let inserted = false;
  let at = 8;
  const put = (): void => {
    if (!inserted) sections.push([id, content.length, ...content]);
    inserted = true;
  };
  while (at < wasm.length) {
    const start = at;
    const sectionId = wasm[at++]!;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++]!;
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    at += size;
    if (sectionId > id || (id === 12 && sectionId >= 10)) put();
    if (sectionId !== id) sections.push([...wasm.subarray(start, at)]);
  }
  put();
  return new Uint8Array([...wasm.subarray(0, 8), ...sections.flat()]);
}

describe("the check of an upload", () => {
  it("names the ABI, the entry points and the features", () => {
    expect(
      checkCode(
        v1Contract(`(func (export "requires_staking")) (func (export "requires_random"))
          (func (export "execute") (param i32 i32 i32) (result i32) (local.get 0))
          (func (export "reply") (param i32 i32) (result i32) (local.get 0))`),
      ),
    ).toEqual({
      abi: "v1",
      entryPoints: ["instantiate", "execute", "reply"],
      requiredFeatures: ["staking", "random"],
      hasIbcEntryPoints: false,
    });
    expect(checkCode(assemble(`(module ${V010_FRAME} ${V010_QUERY})`))).toEqual({
      abi: "v0.10",
      entryPoints: ["init", "handle", "query"],
      requiredFeatures: [],
      hasIbcEntryPoints: false,
    });
  });

  it("knows a contract with all six IBC entry points", () => {
    const names = ["channel_open", "channel_connect", "channel_close", "packet_receive"];
    const entry = (name: string): string =>
      `(func (export "ibc_${name}") (param i32 i32) (result i32) (local.get 0))`;
    const some = names.map(entry).join("");
    expect(checkCode(v1Contract(some)).hasIbcEntryPoints).toBe(false);
    const all = some + entry("packet_ack") + entry("packet_timeout");
    expect(checkCode(v1Contract(all)).hasIbcEntryPoints).toBe(true);
  });

  it("takes the first of two markers", () => {
    const v1First = assemble(`(module ${V1_FRAME} (func (export "cosmwasm_vm_version_3"))
      (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 0)))`);
    expect(checkCode(v1First).abi).toBe("v1");
    const v010First = assemble(
      `(module ${V010_FRAME} ${V010_QUERY} (func (export "interface_version_8")))`,
    );
    expect(checkCode(v010First).abi).toBe("v0.10");
  });

  it("wants a marker and the exports of its ABI, with their signatures", () => {
    const missing = (wasm: Uint8Array): string | undefined => {
      const failure = refusal(wasm);
      return failure?.code === "vm/export_missing" ? failure.name : undefined;
    };
    expect(missing(assemble("(module (memory 1))"))).toBe("interface_version_8");
    expect(missing(assemble(`(module ${V1_FRAME})`))).toBe("instantiate");
    expect(missing(assemble(`(module ${V010_FRAME})`))).toBe("query");
    const wrong = '(func (export "instantiate") (param i32) (result i32) (local.get 0))';
    expect(missing(assemble(`(module ${V1_FRAME} ${wrong})`))).toBe("instantiate");
    const noDeallocate = V1_FRAME.replace('(func (export "deallocate") (param i32))', "");
    expect(missing(v1ContractFrom(noDeallocate))).toBe("deallocate");
  });

  it("does not know an optional entry point with another signature", () => {
    const wasm = v1Contract('(func (export "sudo") (param i32) (result i32) (local.get 0))');
    expect(checkCode(wasm).entryPoints).toEqual(["instantiate"]);
  });

  it("allows the imports of its ABI with their signatures and no other", () => {
    const withImport = (text: string): VmFailure | undefined => refusal(v1Contract("", text));
    expect(withImport('(import "env" "db_scan" (func (param i32 i32 i32) (result i32)))')).toBe(
      undefined,
    );
    expect(withImport('(import "env" "abort" (func (param i32)))')).toEqual({
      code: "vm/import_unknown",
      name: "env.abort",
    });
    expect(withImport('(import "wasi" "db_read" (func (param i32) (result i32)))')).toEqual({
      code: "vm/import_unknown",
      name: "wasi.db_read",
    });
    expect(
      withImport('(import "env" "humanize_address" (func (param i32 i32) (result i32)))'),
    ).toEqual({ code: "vm/import_unknown", name: "env.humanize_address" });
    expect(withImport('(import "env" "db_read" (func (param i64) (result i32)))')).toEqual({
      code: "vm/import_signature",
      name: "env.db_read",
    });
    expect(withImport('(import "env" "memory" (global i32))')).toMatchObject({
      code: "vm/import_unknown",
    });
  });

  it("refuses features that the network does not have", () => {
    expect(refusal(v1Contract('(func (export "requires_iterator"))'))).toEqual({
      code: "vm/feature_unavailable",
      feature: "iterator",
    });
  });

  it("says in the network's words what is wrong with memory and features", () => {
    const said = (wasm: Uint8Array): string => {
      const failure = refusal(wasm);
      return failure === undefined ? "" : vmFailureSentence(failure);
    };
    const memory = (text: string): string =>
      said(v1ContractFrom(V1_FRAME.replace('(memory (export "memory") 1)', text)));
    const wrong = "Error during static Wasm validation: Wasm contract";
    expect(memory("(memory 513)")).toBe(`${wrong} memory's minimum must not exceed 512 pages.`);
    expect(memory("(memory 1 2)")).toBe(
      `${wrong} memory's maximum must be unset. The host will set it for you.`,
    );
    expect(memory("")).toBe(`${wrong} doesn't have a memory section`);
    expect(said(v1Contract('(func (export "requires_iterator"))'))).toBe(
      `${wrong} requires unsupported features: {"iterator"}`,
    );
  });

  it("wants one memory without a maximum, of at most 512 pages", () => {
    const memory = (text: string): VmFailure | undefined =>
      refusal(v1ContractFrom(V1_FRAME.replace('(memory (export "memory") 1)', text)));
    expect(memory("(memory 1 2)")).toEqual({ code: "vm/memory_declaration", mistake: "maximum" });
    expect(memory("(memory 513)")).toEqual({ code: "vm/memory_declaration", mistake: "minimum" });
    expect(memory("(memory 512)")).toBe(undefined);
    const none = `(module (func (export "interface_version_8"))
      (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 0))
      (func (export "allocate") (param i32) (result i32) (local.get 0))
      (func (export "deallocate") (param i32)))`;
    expect(refusal(assemble(none))).toEqual({ code: "vm/memory_declaration", mistake: "missing" });
    const two = withSection(v1Contract(""), 5, [2, 0, 1, 0, 1]);
    expect(refusal(two)).toMatchObject({
      code: "vm/unsupported_feature",
      feature: "multi_memory",
    });
  });

  it("refuses a start function", () => {
    expect(refusal(v1Contract("(func $go) (start $go)"))).toEqual({ code: "vm/start_function" });
  });

  it("refuses segments that do not fit, so that instantiating cannot fail", () => {
    const inMemory = '(data (i32.const 65534) "ab")';
    expect(refusal(v1Contract(inMemory))).toBe(undefined);
    expect(refusal(v1Contract('(data (i32.const 65535) "ab")'))).toMatchObject({
      code: "vm/invalid_wasm",
    });
    expect(refusal(v1Contract("(table 1 funcref) (elem (i32.const 1) $allocate)"))).toMatchObject({
      code: "vm/invalid_wasm",
    });
  });
});

describe("a feature beyond WebAssembly 1.0 and sign extension", () => {
  /** Function 3 is the first of a body: after marker, deallocate and allocate. */
  const body = (text: string, features: Record<string, boolean>): VmFailure | undefined =>
    refusal(v1ContractFrom(V1_FRAME, `(func ${text})`, features));

  it("is let pass if it is sign extension", () => {
    expect(refusal(v1Contract("(func (drop (i32.extend8_s (i32.const 1))))"))).toBe(undefined);
    expect(refusal(v1Contract("(func (drop (i64.extend32_s (i64.const 1))))"))).toBe(undefined);
  });

  it("is refused with the function and the place of the instruction", () => {
    const wasm = v1ContractFrom(V1_FRAME, "(func (drop (f32.const 1)))");
    const failure = refusal(wasm);
    expect(failure).toMatchObject({ code: "vm/floating_point", functionIndex: 4 });
    if (failure?.code !== "vm/floating_point") return;
    expect([...wasm.subarray(failure.offset, failure.offset + 5)]).toEqual([
      0x43, 0, 0, 0x80, 0x3f,
    ]);
  });

  it("is refused for every kind of it", () => {
    const floats = [
      "(drop (f64.add (f64.const 1) (f64.const 2)))",
      "(local f32)",
      "(param f64)",
      "(result f32) (unreachable)",
      "(drop (f32.load (i32.const 0)))",
      "(drop (i32.trunc_f64_s (unreachable)))",
      "(drop (i64.reinterpret_f64 (unreachable)))",
      "(block (result f32) (unreachable)) (drop)",
    ];
    for (const text of floats) {
      expect(body(text, {}), text).toMatchObject({ code: "vm/floating_point", functionIndex: 4 });
    }
    expect(
      body("(drop (i32.trunc_sat_f32_s (unreachable)))", { sat_float_to_int: true }),
    ).toMatchObject({ code: "vm/floating_point" });
    expect(refusal(v1Contract("(global f32 (f32.const 1))"))).toMatchObject({
      code: "vm/floating_point",
    });
  });

  it("is refused under its name", () => {
    const features: readonly [string, Record<string, boolean>, string][] = [
      [
        "(memory.copy (i32.const 0) (i32.const 0) (i32.const 0))",
        { bulk_memory: true },
        "bulk_memory",
      ],
      [
        "(memory.fill (i32.const 0) (i32.const 0) (i32.const 0))",
        { bulk_memory: true },
        "bulk_memory",
      ],
      ["(result i32 i32) (i32.const 0) (i32.const 0)", { multi_value: true }, "multi_value"],
      ["(block (param i32) (drop)) (unreachable)", { multi_value: true }, "multi_value"],
      ["(local funcref)", { reference_types: true, bulk_memory: true }, "reference_types"],
      ["(local v128)", { simd: true }, "simd"],
      ["(drop (v128.const i32x4 0 0 0 0))", { simd: true }, "simd"],
      ["(drop (i32.atomic.load (i32.const 0)))", { threads: true }, "threads"],
    ];
    for (const [text, enabled, feature] of features) {
      expect(body(text, enabled), text).toMatchObject({ code: "vm/unsupported_feature", feature });
    }
    const bytes: readonly [number[], string][] = [
      [[0x12, 0], "tail_call"],
      [[0x13, 0, 0], "tail_call"],
      [[0x06, 0x40, 0x0b], "exceptions"],
      [[0x08, 0], "exceptions"],
      [[0x1f, 0x40, 0, 0x0b], "exceptions"],
      [[0xfb, 0, 0], "reference_types"],
      [[0x14, 0], "reference_types"],
      [[0xd2, 0], "reference_types"],
      [[0xd0, 0x70, 0x1a], "reference_types"],
      [[0xfc, 15, 0], "reference_types"],
    ];
    for (const [code, feature] of bytes) {
      expect(refusal(contractOfBytes(code)), feature).toMatchObject({ feature, functionIndex: 4 });
    }
  });

  it("is refused where it would hide instructions: a memory's index, which V8 knows and 1.0 does not", () => {
    const [load, store, branch, nop] = [0x28, 0x36, 0x0c, 0x01];
    const natural = contractOfBytes([0x41, 0, load, 2, branch, nop, 0x1a]);
    expect(refusal(natural)).toBe(undefined);
    for (const alignment of [[0x42], [0xc2, 0]]) {
      const accesses = [
        [0x41, 0, load, ...alignment, 0, branch, nop, 0x1a],
        [0x41, 0, 0x41, 1, store, ...alignment, 0, branch, nop],
      ];
      for (const code of accesses) {
        const wasm = contractOfBytes(code);
        expect(WebAssembly.validate(wasm)).toBe(true);
        expect(refusal(wasm)).toMatchObject({ feature: "multi_memory", functionIndex: 4 });
      }
    }
  });

  it("is refused outside of functions too", () => {
    const passive = assemble(
      `(module ${V1_FRAME} (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 0))
         (data "passive"))`,
      { bulk_memory: true },
    );
    expect(refusal(passive)).toMatchObject({ feature: "bulk_memory" });
    expect(refusal(withSection(v1Contract(""), 12, [0]))).toMatchObject({ feature: "bulk_memory" });
    expect(refusal(withSection(v1Contract(""), 4, [1, 0x6f, 0, 1]))).toMatchObject({
      feature: "reference_types",
    });
    expect(refusal(withSection(v1Contract(""), 5, [1, 4, 1]))).toMatchObject({
      feature: "memory_flags",
    });
  });
});

describe("a limit on modules", () => {
  const exceeded = (wasm: Uint8Array): string | undefined => {
    const failure = refusal(wasm);
    return failure?.code === "vm/limit_exceeded" ? failure.limit : failure?.code;
  };

  it("is refused by name when it is exceeded by one", () => {
    const nested = (depth: number): Uint8Array =>
      contractOfBytes([
        ...Array.from({ length: depth }, () => [0x02, 0x40]).flat(),
        ...new Array<number>(depth).fill(0x0b),
      ]);
    expect(exceeded(nested(2_048))).toBe(undefined);
    expect(exceeded(nested(2_049))).toBe("nested blocks");
    const locals = (count: number): string => `(func (local ${"i64 ".repeat(count)}))`;
    expect(exceeded(v1Contract(locals(49_500)))).toBe(undefined);
    expect(exceeded(v1Contract(locals(49_501)))).toBe("locals");
    const params = (count: number): string => `(func (param ${"i32 ".repeat(count)}))`;
    expect(exceeded(v1Contract(params(100)))).toBe(undefined);
    expect(exceeded(v1Contract(params(101)))).toBe("parameters");
    const table = (count: number): string => `(table ${count} funcref)`;
    expect(exceeded(v1Contract(table(16_384)))).toBe(undefined);
    expect(exceeded(v1Contract(table(16_385)))).toBe("table entries");
    const targets = (count: number): string =>
      `(func (br_table ${"0 ".repeat(count + 1)} (i32.const 0)))`;
    expect(exceeded(v1Contract(targets(16_384)))).toBe(undefined);
    expect(exceeded(v1Contract(targets(16_385)))).toBe("branch targets");
    const body = (count: number): string => `(func ${"i32.const 0 drop ".repeat(count)})`;
    expect(exceeded(v1Contract(body(174_000)))).toBe(undefined);
    expect(exceeded(v1Contract(body(175_000)))).toBe("body bytes");
  });

  it("keeps joins of many values from stopping the compiler", () => {
    const joins = (locals: number, blocks: number): string =>
      `(func (local ${"i32 ".repeat(locals)}) ${"block end ".repeat(blocks)})`;
    expect(exceeded(v1Contract(joins(49_000, 100)))).toBe(undefined);
    expect(exceeded(v1Contract(joins(49_000, 200)))).toBe("joins of control flow");
    expect(exceeded(v1Contract(joins(100, 70_000)))).toBe(undefined);
  });
});

function v1ContractFrom(
  frame: string,
  rest = "",
  features: Record<string, boolean> = {},
): Uint8Array {
  const instantiate =
    '(func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 0))';
  return assemble(`(module ${frame} ${instantiate} ${rest})`, features);
}

/** A contract with a function of the given instructions, put in place of as many `nop`s. */
function contractOfBytes(code: readonly number[]): Uint8Array {
  const wasm = v1ContractFrom(V1_FRAME, `(func ${"nop ".repeat(code.length)})`);
  const start = Buffer.from(wasm).lastIndexOf(new Uint8Array(code.length).fill(1));
  wasm.set(code, start);
  return wasm;
}
