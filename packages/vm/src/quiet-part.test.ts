import { describe, expect, it } from "vitest";
import { assemble, call, outcome, text, V1_FRAME } from "../test/contracts.ts";
import { checkModule } from "./check.ts";
import { instrumentCode } from "./compile.ts";
import { createEngine } from "./engine.ts";
import { ContractInstance } from "./instance.ts";
import { InstancePool } from "./instance-pool.ts";
import { STACK_BYTES_USUAL } from "./limits.ts";
import { WebAssembly } from "./wasm/web-assembly.ts";

const HASH = new Uint8Array(32).fill(7);
const DATA = 0x18000;
const QUIET = DATA - STACK_BYTES_USUAL;

/** A region of the module's data that lies in the quiet part: the contract never writes it. */
const QUIET_REGION = { pointer: DATA, offset: 0x200, lengths: 5 };

/** A region's length that the contract notes down in the quiet part when it allocates one. */
const NOTING_LENGTH = 7;

const FRAME = V1_FRAME.replace('"memory") 1)', '"memory") 2)')
  .replace("(i32.const 1024)", `(i32.const ${DATA + 64})`)
  .replace(
    "(local $region i32)",
    `(local $region i32)
     (if (i32.eq (local.get $size) (i32.const ${QUIET_REGION.lengths}))
       (then (return (i32.const ${QUIET_REGION.pointer}))))
     (if (i32.eq (local.get $size) (i32.const ${NOTING_LENGTH}))
       (then (i32.store (i32.const 0x300) (local.get $size))))`,
  );

interface Store {
  readonly op: string;
  readonly bytes: number;
  readonly address: number;
  readonly offset: number;
}

const OPS: readonly (readonly [op: string, bytes: number])[] = [
  ["i32.store", 4],
  ["i64.store", 8],
  ["i32.store8", 1],
  ["i32.store16", 2],
  ["i64.store8", 1],
  ["i64.store16", 2],
  ["i64.store32", 4],
];

/** Around both ends of the quiet part, with all of the place in the address or some of it in the offset. */
const STORES: readonly Store[] = OPS.flatMap(([op, bytes]) =>
  [0, QUIET - bytes, QUIET - 1, QUIET, DATA - bytes].flatMap((place) =>
    [0, 1, QUIET - 1, QUIET].flatMap((offset) =>
      offset > place ? [] : [{ op, bytes, address: place - offset, offset }],
    ),
  ),
);

/** `execute` answers a sum over the quiet part, then makes the store that its message's first character numbers. */
const CONTRACT = assemble(`(module ${FRAME}
  (data (i32.const ${DATA}) "\\00\\02\\00\\00\\40\\00\\00\\00\\00\\00\\00\\00")
  (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 2))
  (func $sum (result i64) (local $sum i64) (local $at i32)
    (loop $next
      (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) (i64.load (local.get $at))))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 8)))
                             (i32.const ${QUIET}))))
    (local.get $sum))
  (func $store (export "sudo") (param $number i32) (param $address i32) (result i32)
    ${STORES.map(
      ({ op, offset }, number) => `(if (i32.eq (local.get $number) (i32.const ${number}))
        (then (${op} offset=${offset} (local.get $address) (${op.slice(0, 3)}.const -1))))`,
    ).join("\n")}
    (i32.const 0))
  (func (export "execute") (param i32 i32 i32) (result i32) (local $answer i32)
    (local.set $answer (call $allocate (i32.const 8)))
    (i32.store offset=8 (local.get $answer) (i32.const 8))
    (i64.store offset=12 (local.get $answer) (call $sum))
    (drop (call $store (i32.load8_u (i32.load (local.get 2)))
                       (i32.load offset=1 (i32.load (local.get 2)))))
    (local.get $answer)))`);

/** A message that makes a store, or none. */
function message(store?: Store, length = 6): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes[0] = store === undefined ? 255 : STORES.indexOf(store);
  new DataView(bytes.buffer).setUint32(1, store?.address ?? 0, true);
  return bytes;
}

function execute(engine = createEngine({ cacheBytesMax: 1e9 })) {
  return (args: readonly Uint8Array[]) =>
    outcome(engine.call(HASH, () => CONTRACT, call({ entryPoint: "execute", args })));
}

const CLEAN = "\0".repeat(8);

describe("the quiet part of a memory", () => {
  it("is clear again after any store that reached it, and after the host wrote there", () => {
    const run = execute();
    for (const store of [...STORES, ...STORES]) {
      expect(run([text("env"), text("info"), message(store)])).toBe(CLEAN);
      expect(run([text("env"), text("info"), message()])).toBe(CLEAN);
    }
    const atQuietRegion = text("12345");
    expect(atQuietRegion.length).toBe(QUIET_REGION.lengths);
    for (let round = 0; round < 3; round++) {
      expect(run([text("env"), atQuietRegion, message()])).not.toBe(CLEAN);
      expect(run([text("env"), text("info"), message()])).toBe(CLEAN);
    }
  });

  it("is as an allocation left it, not as one of another length did", () => {
    const run = execute();
    const noting = message(undefined, NOTING_LENGTH);
    for (let round = 0; round < 3; round++) {
      for (const [sent, isClean] of [
        [noting, false],
        [message(), true],
        [message(), true],
      ] as const) {
        expect(run([text("env"), text("info"), sent]) === CLEAN).toBe(isClean);
      }
    }
  });

  it("counts as untouched again once it is clear", () => {
    const module = new WebAssembly.Module(instrumentCode(checkModule(CONTRACT)));
    const pool = new InstancePool(module, { env: {} }, true, QUIET);
    const [untouching, touching] = [QUIET, QUIET - 4].map((place) =>
      STORES.find(
        ({ op, address, offset }) => op === "i32.store" && address === place && offset === 0,
      ),
    ) as [Store, Store];
    const wasTouchedBy = (store: Store): boolean => {
      const { instance, pointer } = pool.acquire(6, 1e9);
      if (pointer === undefined) pool.observe(instance, 6, instance.allocateRegion(6), 0);
      expect(instance.wasTouched).toBe(false);
      instance.enter("sudo", [STORES.indexOf(store), store.address]);
      pool.release(instance);
      return instance.wasTouched;
    };
    const stores = [untouching, touching, untouching, touching, touching, untouching];
    expect(stores.map(wasTouchedBy)).toEqual(stores.map((store) => store === touching));
  });

  it("counts as touched exactly when a store or the host reaches it", () => {
    const { quietBytes } = checkModule(CONTRACT);
    expect(quietBytes).toBe(QUIET);
    const module = new WebAssembly.Module(instrumentCode(checkModule(CONTRACT)));
    const imports = { env: {} };
    const open = () => new ContractInstance(new WebAssembly.Instance(module, imports), quietBytes);
    for (const [number, { op, bytes, address, offset }] of STORES.entries()) {
      const instance = open();
      instance.begin(1e9);
      instance.enter("sudo", [number, address]);
      const name = `${op} of ${bytes} at ${address} + ${offset}`;
      expect([name, instance.wasTouched]).toEqual([name, address + offset < QUIET]);
    }
    const instance = open();
    instance.begin(1e9);
    instance.allocate(text("elsewhere"));
    expect(instance.wasTouched).toBe(false);
    instance.allocate(text("12345"));
    expect(instance.memory.bytes[QUIET_REGION.offset]).toBe(0x31);
    expect(instance.wasTouched).toBe(true);
  });

  it("is given up where watching it would be too much work for a compiler", () => {
    const stores = (locals: number, count: number): Uint8Array =>
      assemble(`(module ${FRAME} (data (i32.const ${DATA}) "x")
        (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 2))
        (func (local ${"i32 ".repeat(locals)})
          ${"(i32.store (i32.const 0) (i32.const 0))".repeat(count)}))`);
    expect(checkModule(stores(49_000, 100)).quietBytes).toBe(QUIET);
    expect(checkModule(stores(49_000, 200)).quietBytes).toBe(0);
  });

  it("is nothing where there is no data, or data near the memory's start", () => {
    const instantiate =
      '(func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 2))';
    const of = (data: string) => checkModule(assemble(`(module ${FRAME} ${instantiate} ${data})`));
    expect(of("").quietBytes).toBe(0);
    expect(of('(data (i32.const 0x10000) "x") (data (i32.const 1024) "x")').quietBytes).toBe(0);
    expect(of('(data (i32.const 0x10000) "x")').quietBytes).toBe(0x8000);
  });
});
