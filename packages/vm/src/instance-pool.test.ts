import { describe, expect, it } from "vitest";
import {
  assemble,
  call,
  GAS_LIMIT,
  memoryStorage,
  outcome,
  text,
  v1Contract,
} from "../test/contracts.ts";
import { createEngine } from "./engine.ts";
import type { ContractCall } from "./types.ts";

const CACHE = 64 * 1024 * 1024;
const HASH = new Uint8Array(32).fill(7);

/** Fills all of its memory and every global, then answers; grows first if its message begins with g. */
const VANDAL = `(global $small (mut i32) (i32.const 5))
   (global $wide (mut i64) (i64.const -9))
   (func (export "execute") (param i32 i32 i32) (result i32)
     (local $at i32) (local $answer i32)
     (local.set $answer (call $allocate (i32.const 24)))
     (i32.store offset=8 (local.get $answer) (i32.const 24))
     (if (i32.eq (i32.load8_u (i32.load (local.get 2))) (i32.const 103))
       (then (drop (memory.grow (i32.const 1)))))
     (i32.store offset=12 (local.get $answer) (global.get $small))
     (i64.store offset=16 (local.get $answer) (global.get $wide))
     (i32.store offset=24 (local.get $answer) (memory.size))
     (i32.store offset=28 (local.get $answer) (call $sum (i32.const 0)))
     (i32.store offset=32 (local.get $answer) (call $sum (i32.const 65536)))
     (call $keep (i32.load (local.get $answer)))
     (global.set $small (i32.const 77))
     (global.set $wide (i64.const 78))
     (global.set $next (i32.const 1))
     (loop $fill
       (i32.store (local.get $at) (i32.const 0x5a5a5a5a))
       (local.set $at (i32.add (local.get $at) (i32.const 4)))
       (br_if $fill (i32.lt_u (local.get $at) (i32.shl (memory.size) (i32.const 16)))))
     (i32.store (i32.const 64) (i32.const 128))
     (i32.store offset=4 (i32.const 64) (i32.const 24))
     (i32.store offset=8 (i32.const 64) (i32.const 24))
     (i64.store (i32.const 128) (global.get $a))
     (i64.store (i32.const 136) (global.get $b))
     (i64.store (i32.const 144) (global.get $c))
     (i32.const 64))
   (global $a (mut i64) (i64.const 0))
   (global $b (mut i64) (i64.const 0))
   (global $c (mut i64) (i64.const 0))
   (func $keep (param $at i32)
     (global.set $a (i64.load (local.get $at)))
     (global.set $b (i64.load offset=8 (local.get $at)))
     (global.set $c (i64.load offset=16 (local.get $at))))
   (func $sum (param $from i32) (result i32)
     (local $sum i32) (local $to i32)
     (if (i32.ge_u (local.get $from) (i32.shl (memory.size) (i32.const 16)))
       (then (return (i32.const -1))))
     (local.set $to (i32.add (local.get $from) (i32.const 65536)))
     (loop $next
       (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31))
                                (i32.load8_u (local.get $from))))
       (local.set $from (i32.add (local.get $from) (i32.const 1)))
       (br_if $next (i32.lt_u (local.get $from) (local.get $to))))
     (local.get $sum))`;

const VANDALS = {
  "with data at the start": v1Contract(`${VANDAL} (data (i32.const 900) "data")`),
  "with a quiet part, in which it allocates": v1Contract(
    `${VANDAL} (data (i32.const 65532) "data")`,
  ),
};

const executeCall = (message: string, over: Partial<ContractCall> = {}): ContractCall =>
  call({ entryPoint: "execute", args: [text("env"), text("info"), text(message)], ...over });

describe("a reused instance", () => {
  it.each(Object.entries(VANDALS))(
    "shows nothing of the calls before it, whatever they wrote: %s",
    (_name, wasm) => {
      const reusing = createEngine({ cacheBytesMax: CACHE });
      const messages = ["same", "same", "same", "grow", "same", "gras", "other length", "same"];
      for (const message of [...messages, ...messages, ...messages]) {
        const fresh = createEngine({ cacheBytesMax: 0 });
        const expected = fresh.call(HASH, () => wasm, executeCall(message));
        expect(expected.ok).toBe(true);
        expect(reusing.call(HASH, () => wasm, executeCall(message))).toEqual(expected);
      }
    },
  );

  it("starts clean after a call that failed", () => {
    const wasm = v1Contract(
      `(func (export "execute") (param i32 i32 i32) (result i32)
         (if (i32.load (i32.const 512)) (then (unreachable)))
         (i32.store (i32.const 512) (i32.const 1))
         (if (i32.eq (i32.load8_u (i32.load (local.get 2))) (i32.const 102))
           (then (drop (i32.load (i32.const -1)))))
         (if (i32.eq (i32.load8_u (i32.load (local.get 2))) (i32.const 108))
           (then (loop $again (br $again))))
         (local.get 2))`,
    );
    const engine = createEngine({ cacheBytesMax: CACHE });
    const run = (message: string): string =>
      outcome(engine.call(HASH, () => wasm, executeCall(message, { gasLimit: 100_000n })));
    for (let round = 0; round < 4; round++) {
      expect(run("good")).toBe("good");
      expect(run("fail")).toBe("vm/memory_access");
      expect(run("loop")).toBe("vm/out_of_gas");
    }
  });

  it("charges what a new one charges, at every gas limit around the allocation's price", () => {
    const wasm = v1Contract(
      `(func (export "execute") (param i32 i32 i32) (result i32) (local.get 2))`,
    );
    const engine = createEngine({ cacheBytesMax: CACHE });
    for (let round = 0; round < 4; round++) {
      for (let gasLimit = 0n; gasLimit < 400n; gasLimit += 7n) {
        const fresh = createEngine({ cacheBytesMax: 0 });
        const expected = fresh.call(HASH, () => wasm, executeCall("abc", { gasLimit }));
        expect(engine.call(HASH, () => wasm, executeCall("abc", { gasLimit }))).toEqual(expected);
      }
    }
  });

  it("is never one whose first allocation asked the host for something", () => {
    const wasm = assemble(`(module
      (import "env" "db_read" (func $read (param i32) (result i32)))
      (memory 1)
      (global $next (mut i32) (i32.const 1024))
      (data (i32.const 16) "\\20\\00\\00\\00\\03\\00\\00\\00\\03\\00\\00\\00")
      (data (i32.const 32) "key")
      (func (export "interface_version_8"))
      (func (export "deallocate") (param i32))
      (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 2))
      (func $bump (param $size i32) (result i32)
        (global.set $next (i32.add (global.get $next) (i32.const 64)))
        (i32.store (global.get $next) (i32.add (global.get $next) (i32.const 12)))
        (i32.store offset=4 (global.get $next) (local.get $size))
        (global.get $next))
      (func (export "allocate") (param $size i32) (result i32)
        (if (i32.eqz (i32.load (i32.const 48)))
          (then
            (i32.store (i32.const 48) (i32.const 1))
            (i32.store (i32.const 52) (call $read (i32.const 16)))))
        (call $bump (local.get $size)))
      (func (export "execute") (param i32 i32 i32) (result i32) (i32.load (i32.const 52))))`);
    const engine = createEngine({ cacheBytesMax: CACHE });
    for (const value of ["first", "other", "third", "forth"]) {
      const storage = memoryStorage(new Map([["key", text(value)]]));
      expect(outcome(engine.call(HASH, () => wasm, executeCall("abc", { storage })))).toBe(value);
    }
  });

  it("is another one for a contract that queries itself", () => {
    const wasm = v1Contract(
      `(func (export "execute") (param i32 i32 i32) (result i32)
         (i32.store (i32.const 512) (i32.const 42))
         (drop (call $query (local.get 2)))
         (if (i32.ne (i32.load (i32.const 512)) (i32.const 42)) (then (unreachable)))
         (local.get 2))
       (func (export "query") (param i32 i32) (result i32)
         (if (i32.load (i32.const 512)) (then (unreachable)))
         (i32.store (i32.const 512) (i32.const 43))
         (local.get 1))`,
      `(import "env" "query_chain" (func $query (param i32) (result i32)))`,
    );
    const engine = createEngine({ cacheBytesMax: CACHE });
    let asked = 0;
    const querier = {
      query(request: Uint8Array): Uint8Array {
        asked++;
        const result = engine.call(HASH, () => wasm, call({ args: [text("env"), request] }));
        expect(outcome(result)).toBe("self");
        return request;
      },
    };
    for (let round = 0; round < 5; round++) {
      expect(outcome(engine.call(HASH, () => wasm, executeCall("self", { querier })))).toBe("self");
    }
    expect(asked).toBe(5);
  });
});

describe("the cache", () => {
  const codes = [1, 2, 3, 4, 5].map((value) => ({
    hash: new Uint8Array(32).fill(value),
    wasm: v1Contract(`(func (export "sudo") (param i32 i32) (result i32) (i32.const ${value}))
      (data (i32.const 4096) "${"x".repeat(10_000)}")`),
  }));

  it("loads a code again only after others have taken its place", () => {
    const engine = createEngine({ cacheBytesMax: 30_000 });
    const loads: number[] = [];
    const use = (index: number): void => {
      const { hash, wasm } = codes[index]!;
      engine.call(
        hash,
        () => {
          loads.push(index);
          return wasm;
        },
        call({ storage: memoryStorage(), gasLimit: GAS_LIMIT }),
      );
    };
    for (const index of [0, 1, 0, 1, 2, 0, 1]) use(index);
    expect(loads).toEqual([0, 1, 2, 0, 1]);
    for (const index of [1, 0, 0, 2, 0, 1]) use(index);
    expect(loads).toEqual([0, 1, 2, 0, 1, 2, 1]);
  });
});
