/** Contracts that call themselves without end, in the shapes that use native stack differently. */
import { assemble, v1Query } from "./contracts.ts";

/** `locals` values are alive across the call if `live`. */
function recursion(locals: number, live: boolean, type: "i32" | "i64" = "i64"): Uint8Array {
  const names = Array.from({ length: locals }, (_, index) => index + 1);
  const set = names
    .map((index) => `(local.set ${index} (${type}.add (local.get 0) (${type}.const ${index})))`)
    .join("");
  const sum = names
    .map((index) => `(local.set 0 (${type}.xor (local.get 0) (local.get ${index})))`)
    .join("");
  const declared = locals === 0 ? "" : `(local ${`${type} `.repeat(locals)})`;
  return v1Query(
    `(drop (call $again (${type}.const 1))) (i32.const 0)`,
    `(func $again (param ${type}) (result ${type}) ${declared}
       ${live ? set : ""}
       (drop (call $again (${type}.add (local.get 0) (${type}.const 1))))
       ${live ? sum : ""} (local.get 0))`,
  );
}

/**
 * Equal expressions before and after the call, which an optimiser computes once and keeps. The data
 * has their stores watched, for which there are locals more; see `quiet-part.ts`.
 */
function commonExpressions(count: number): Uint8Array {
  const stores = Array.from(
    { length: count },
    (_, index) =>
      `(i32.store8 (i32.const 512) (i32.mul (local.get 0) (i32.const ${2 * index + 3})))`,
  ).join("");
  return v1Query(
    "(call $again (i32.const 1)) (i32.const 0)",
    `(data (i32.const 0xfffc) "\\00")
     (func $again (param i32) ${stores} (call $again (i32.add (local.get 0) (i32.const 1))) ${stores})`,
  );
}

/** Operands kept below a call. */
function operands(count: number): Uint8Array {
  const push = "(i32.load (local.get 0))".repeat(count);
  return v1Query(
    "(drop (call $again (i32.const 1))) (i32.const 0)",
    `(func $again (param i32) (result i32) ${push}
       (call $again (i32.and (i32.add (local.get 0) (i32.const 1)) (i32.const 255)))
       ${"i32.xor ".repeat(count)})`,
  );
}

function parameters(count: number): Uint8Array {
  const pass = Array.from({ length: count }, (_, index) => `(local.get ${index})`).join(" ");
  return v1Query(
    `(drop (call $again ${"(i64.const 1) ".repeat(count)})) (i32.const 0)`,
    `(func $again (param ${"i64 ".repeat(count)}) (result i64)
       (i64.add (call $again ${pass}) (local.get 0)))`,
  );
}

const INDIRECT = v1Query(
  "(call $ping (i32.const 1)) (i32.const 0)",
  `(type $step (func (param i32)))
   (table 2 funcref) (elem (i32.const 0) $ping $pong)
   (func $ping (param i32) (call_indirect (type $step) (local.get 0) (i32.const 1)))
   (func $pong (param i32) (call_indirect (type $step) (local.get 0) (i32.const 0)))`,
);

/** `allocate` reads, and what it reads has to be allocated. */
const THROUGH_HOST = assemble(`(module
  (import "env" "db_read" (func $read (param i32) (result i32)))
  (memory 1)
  (data (i32.const 16) "\\20\\00\\00\\00\\03\\00\\00\\00\\03\\00\\00\\00key")
  (func (export "interface_version_8"))
  (func (export "deallocate") (param i32))
  (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 2))
  (func (export "query") (param i32 i32) (result i32) (local.get 1))
  (func (export "allocate") (param i32) (result i32) (call $read (i32.const 16))))`);

export const RECURSIONS: Readonly<Record<string, Uint8Array>> = {
  "no locals": recursion(0, false),
  "one live local": recursion(1, true),
  "1,000 idle locals": recursion(1_000, false),
  "1,000 live locals": recursion(1_000, true),
  "1,000 live 32-bit locals": recursion(1_000, true, "i32"),
  "49,000 idle locals": recursion(49_000, false),
  "10,000 live locals": recursion(10_000, true),
  "3,000 common expressions": commonExpressions(3_000),
  "300 common expressions": commonExpressions(300),
  "500 operands": operands(500),
  "100 parameters": parameters(100),
  "a table": INDIRECT,
  "the host": THROUGH_HOST,
};
