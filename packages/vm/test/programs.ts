/** Generated programs as contracts, and run bare on V8 with their own counting. */
import { trapFailure } from "../src/traps.ts";
import { WebAssembly } from "../src/wasm/web-assembly.ts";
import { assemble, V1_FRAME } from "./contracts.ts";
import { generateProgram } from "./generate.ts";

/** The data changes nothing, but stores below it are watched: see `quiet-part.ts`. */
const MEMORY = '(memory (export "memory") 3) (data (i32.const 0x28000) "\\00")';

/** `query` answers 16 bytes: what `main` gave, and a sum over the second page. */
const QUERY = `
  (func $sum (result i64) (local $sum i64) (local $at i32)
    (local.set $at (i32.const 0x10000))
    (loop $next
      (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 0x9e3779b1))
                               (i64.load (local.get $at))))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8)))
                             (i32.const 0x20000))))
    (local.get $sum))
  (func (export "query") (param i32 i32) (result i32)
    (i64.store (i32.const 64) (call $main))
    (i64.store (i32.const 72) (call $sum))
    (i32.store (i32.const 48) (i32.const 64))
    (i32.store (i32.const 52) (i32.const 16))
    (i32.store (i32.const 56) (i32.const 16))
    (i32.const 48))`;

const INSTANTIATE = '(func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 2))';

export function programContract(seed: number): Uint8Array {
  return programModule(generateProgram(seed).plain);
}

/** Programs of one instruction: what calling any program costs beside its own instructions. */
export const EMPTY_CONTRACT = programModule("(func $main (result i64) (i64.const 0))");
export const TRAPPING_CONTRACT = programModule("(func $main (result i64) (unreachable))");

function programModule(program: string): Uint8Array {
  const frame = V1_FRAME.replace('(memory (export "memory") 1)', MEMORY);
  return assemble(`(module ${frame} ${INSTANTIATE} ${program} ${QUERY})`);
}

export interface BareRun {
  /** Instructions of all sequences entered. */
  readonly count: bigint;
  /** Result and sum, or the code of the trap. */
  readonly outcome: string;
}

/** Runs the counting form on V8 as it is. */
export function runBare(seed: number): BareRun {
  const wasm = assemble(`(module ${MEMORY}
    (global $count (export "count") (mut i64) (i64.const 0))
    ${generateProgram(seed).counting}
    ${QUERY.replace('(export "query")', '(export "run")')})`);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm));
  const memory = exports.memory as { readonly buffer: ArrayBuffer };
  const count = exports.count as { readonly value: bigint };
  try {
    (exports.run as (env: number, message: number) => number)(0, 0);
    return { count: count.value, outcome: hex(new Uint8Array(memory.buffer, 64, 16)) };
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    return { count: count.value, outcome: trapFailure(error).code };
  }
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
