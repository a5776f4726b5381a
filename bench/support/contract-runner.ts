/** Runs a contract's module bare on V8, with just enough of a host: to compare with the engine. */
import { createAddressApi } from "@tacit/vm";
import { IMPORT_SIGNATURES } from "../../packages/vm/src/abi.ts";
import { HELPER } from "../../packages/vm/src/wasm/instrument.ts";
import { type WasmFunction, WebAssembly } from "../../packages/vm/src/wasm/web-assembly.ts";

/** Milliseconds that the entry point took, instantiating and allocating arguments excluded. */
export type ContractRunner = (entryPoint: "instantiate" | "execute", message: string) => number;

const addresses = createAddressApi("secret");
const human = (byte: number): string => {
  const result = addresses.humanize(new Uint8Array(20).fill(byte));
  return "ok" in result ? result.ok : "";
};

/** A private token: its first owner sends small amounts to five others. */
export const TOKEN_CALLS = {
  instantiate: JSON.stringify({
    name: "Token",
    symbol: "TKN",
    decimals: 6,
    initial_balances: [
      { address: "secret159mawt6dpeer3suln4rq6tzmx2a3t7z0ywuknl", amount: "1000000000000" },
    ],
    prng_seed: "AAAA",
  }),
  execute: (index: number): string =>
    JSON.stringify({ transfer: { recipient: human(2 + (index % 5)), amount: "7" } }),
};

const ADDRESS = "secret159mawt6dpeer3suln4rq6tzmx2a3t7z0ywuknl";
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

/** @param kind whether the module is the contract's own or an instrumented one. */
export function bareRunner(wasm: Uint8Array, kind: "bare" | "metered"): ContractRunner {
  const module = new WebAssembly.Module(wasm);
  const host = new BareHost(kind === "metered");
  return (entryPoint, message) => {
    host.exports = new WebAssembly.Instance(module, { env: host.imports }).exports;
    if (kind === "metered") (host.exports[HELPER.begin] as WasmFunction)(Number.MAX_SAFE_INTEGER);
    const pointers = [ENV, INFO, message].map((text) => host.allocate(Buffer.from(text)));
    const enter = host.exports[entryPoint] as WasmFunction;
    const start = performance.now();
    enter(...pointers);
    return performance.now() - start;
  };
}

class BareHost {
  exports: Readonly<Record<string, unknown>> = {};
  readonly imports: Record<string, WasmFunction> = {};
  readonly #memoryName: string;
  readonly #allocateName: string;
  readonly #stored = new Map<string, Uint8Array>();

  constructor(isMetered: boolean) {
    this.#memoryName = isMetered ? HELPER.memory : "memory";
    this.#allocateName = isMetered ? HELPER.allocate : "allocate";
    for (const name of Object.keys(IMPORT_SIGNATURES)) this.imports[name] = () => 0;
    const key = (pointer: number): string => Buffer.from(this.#read(pointer)).toString("latin1");
    Object.assign(this.imports, {
      db_read: (pointer: number) => {
        const value = this.#stored.get(key(pointer));
        return value === undefined ? 0 : this.allocate(value);
      },
      db_write: (pointer: number, value: number) => {
        this.#stored.set(key(pointer), this.#read(value));
      },
      db_remove: (pointer: number) => this.#stored.delete(key(pointer)),
      addr_canonicalize: (from: number, to: number) => {
        const result = addresses.canonicalize(new TextDecoder().decode(this.#read(from)));
        this.#write(to, "ok" in result ? result.ok : new Uint8Array());
        return 0;
      },
      addr_humanize: (from: number, to: number) => {
        const result = addresses.humanize(this.#read(from));
        this.#write(to, Buffer.from("ok" in result ? result.ok : ""));
        return 0;
      },
    });
  }

  allocate(content: Uint8Array): number {
    const pointer = (this.exports[this.#allocateName] as WasmFunction)(content.length);
    this.#write(pointer, content);
    return pointer;
  }

  get #buffer(): ArrayBuffer {
    return (this.exports[this.#memoryName] as { readonly buffer: ArrayBuffer }).buffer;
  }

  #read(pointer: number): Uint8Array {
    const view = new DataView(this.#buffer, pointer);
    const offset = view.getUint32(0, true);
    return new Uint8Array(this.#buffer, offset, view.getUint32(8, true)).slice();
  }

  #write(pointer: number, content: Uint8Array): void {
    const view = new DataView(this.#buffer, pointer);
    new Uint8Array(this.#buffer).set(content, view.getUint32(0, true));
    view.setUint32(8, content.length, true);
  }
}
