/** Small contracts in WebAssembly text, and calls with nothing behind them, for tests. */
import wabtInit from "wabt";
import {
  type ContractCall,
  type ContractCallResult,
  type ContractStorage,
  callWithGasReport,
  createAddressApi,
  createEngine,
} from "../src/index.ts";

const wabt = await wabtInit();

/** Those of WebAssembly 1.0 and sign extension. */
const FEATURES = {
  mutable_globals: true,
  sat_float_to_int: false,
  sign_extension: true,
  multi_value: false,
  bulk_memory: false,
  reference_types: false,
};

/** Whether a reader of the binary format that is neither ours nor V8's takes the module. */
export function isReadByWabt(wasm: Uint8Array): boolean {
  try {
    wabt.readWasm(Uint8Array.from(wasm), { ...FEATURES, simd: false }).destroy();
    return true;
  } catch {
    return false;
  }
}

/** Assembles text; features are those of WebAssembly 1.0 unless named. */
export function assemble(wat: string, features: Record<string, boolean> = {}): Uint8Array {
  const module = wabt.parseWat("contract.wat", wat, { ...FEATURES, ...features });
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
}

/** What every v1 contract exports, with a bump allocator that grows memory as it needs. */
export const V1_FRAME = `
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 1024))
  (func (export "interface_version_8"))
  (func (export "deallocate") (param i32))
  (func $allocate (export "allocate") (param $size i32) (result i32)
    (local $region i32)
    (local.set $region (global.get $next))
    (global.set $next (i32.add (i32.add (local.get $region) (i32.const 12)) (local.get $size)))
    (block $fits
      (br_if $fits (i32.le_u (global.get $next) (i32.shl (memory.size) (i32.const 16))))
      (drop (memory.grow (i32.add (i32.shr_u (local.get $size) (i32.const 16)) (i32.const 1)))))
    (i32.store (local.get $region) (i32.add (local.get $region) (i32.const 12)))
    (i32.store offset=4 (local.get $region) (local.get $size))
    (local.get $region))`;

const INSTANTIATE = `
  (func (export "instantiate") (param i32 i32 i32) (result i32) (local.get 2))`;

/** A v1 contract: imports, then anything; `instantiate` answers its message unless defined. */
export function v1Contract(body: string, imports = ""): Uint8Array {
  const instantiate = body.includes('"instantiate"') ? "" : INSTANTIATE;
  return assemble(`(module ${imports} ${V1_FRAME} ${instantiate} ${body})`);
}

/** A `query` of the given body; locals 0 and 1 are the regions of env and message. */
export function v1Query(body: string, rest = "", imports = ""): Uint8Array {
  return v1Contract(
    `(func (export "query") (param i32 i32) (result i32) ${body}) ${rest}`,
    imports,
  );
}

export function memoryStorage(
  entries = new Map<string, Uint8Array>(),
  isReadOnly = false,
): ContractStorage & { readonly entries: Map<string, Uint8Array> } {
  const name = (key: Uint8Array): string => new TextDecoder("latin1").decode(key);
  return {
    entries,
    isReadOnly,
    read: (key) => entries.get(name(key)),
    write: (key, value) => void entries.set(name(key), value),
    remove: (key) => void entries.delete(name(key)),
  };
}

const noCrypto: ContractCall["crypto"] = {
  secp256k1Verify: () => 10,
  secp256k1RecoverPubkey: () => ({ error: 10 }),
  ed25519Verify: () => 10,
  ed25519BatchVerify: () => 10,
  secp256k1Sign: () => ({ error: 10 }),
  ed25519Sign: () => ({ error: 10 }),
};

export const GAS_LIMIT = 1_000_000_000n;

export function call(over: Partial<ContractCall>): ContractCall {
  return {
    entryPoint: "query",
    args: [text("env"), text("msg")],
    gasLimit: GAS_LIMIT,
    storage: memoryStorage(),
    querier: { query: (request) => request },
    addresses: createAddressApi("secret"),
    crypto: noCrypto,
    ...over,
  };
}

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const engine = createEngine({ cacheBytesMax: 64 * 1024 * 1024 });
let codes = 0;
const hashes = new WeakMap<Uint8Array, Uint8Array>();

/** Runs on an engine that all tests of a file share. */
export function run(wasm: Uint8Array, over: Partial<ContractCall> = {}): ContractCallResult {
  return engine.call(hashOf(wasm), () => wasm, call(over));
}

/** The same engine, in the form that counts. */
export function runWithReport(
  wasm: Uint8Array,
  over: Partial<ContractCall> = {},
): ReturnType<typeof callWithGasReport> {
  return callWithGasReport(engine, hashOf(wasm), () => wasm, call(over));
}

/** One hash a module, which names it to the engine. */
function hashOf(wasm: Uint8Array): Uint8Array {
  let hash = hashes.get(wasm);
  if (hash === undefined) {
    hash = new Uint8Array(32);
    new DataView(hash.buffer).setUint32(0, ++codes);
    hashes.set(wasm, hash);
  }
  return hash;
}

/** The output as text, or the failure's code. */
export function outcome(result: ContractCallResult): string {
  return result.ok ? new TextDecoder().decode(result.output) : result.error.code;
}
