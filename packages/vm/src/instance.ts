import { invariant } from "@tacit/encoding/errors";
import { VmError } from "./errors.ts";
import { STACK_LEAF_SLOTS_MAX } from "./limits.ts";
import { GuestMemory } from "./memory.ts";
import { trapFailure } from "./traps.ts";
import type { ContractCall, VmFailure } from "./types.ts";
import { HELPER, STARVED } from "./wasm/instrument.ts";
import {
  type WasmFunction,
  type WasmGlobal,
  type WasmInstance,
  type WasmMemory,
  WebAssembly,
} from "./wasm/web-assembly.ts";

/** One instance of an instrumented module, in the middle of at most one call. */
export class ContractInstance {
  readonly memory: GuestMemory;
  readonly #exports: Readonly<Record<string, WasmFunction>>;
  readonly #stack: WasmGlobal;
  readonly #charge: WasmFunction;
  readonly #gas: WasmFunction;
  readonly #begin: WasmFunction;
  readonly #touched: WasmGlobal;
  /** Mutable globals of the contract, and whether its quiet part was written to. */
  readonly globals: readonly WasmGlobal[];
  readonly #allocate: WasmFunction;
  #call: ContractCall | undefined;
  /** Whether the contract called an import since the call began. */
  wasHostCalled = false;
  /** Wasm gas that imports charged in this call, the charge that failed included. */
  hostGas = 0;
  /** Wasm gas charged for bytes of written values in this call. */
  writeGas = 0;
  /** Attestation quotes that this call had verified. */
  quotesVerified = 0;

  /** @param quietBytes length of the part of memory that is zero until `wasTouched`. */
  constructor(instance: WasmInstance, quietBytes: number) {
    const { exports } = instance;
    this.#exports = exports as Record<string, WasmFunction>;
    this.#touched = exports[HELPER.touched] as WasmGlobal;
    const memory = exports[HELPER.memory] as WasmMemory;
    this.memory = new GuestMemory(memory, { bytes: quietBytes, touched: this.#touched });
    this.#stack = exports[HELPER.stack] as WasmGlobal;
    this.#charge = this.#exports[HELPER.charge]!;
    this.#gas = this.#exports[HELPER.gas]!;
    this.globals = [...listGlobals(exports), this.#touched];
    this.#begin = this.#exports[HELPER.begin]!;
    this.#allocate = this.#exports[HELPER.allocate]!;
  }

  get call(): ContractCall {
    invariant(this.#call !== undefined, "imports run inside a call");
    return this.#call;
  }

  get pages(): number {
    return this.memory.bytes.length / 65_536;
  }

  /** Whether the quiet part of memory was written to since it was zero. */
  get wasTouched(): boolean {
    return this.#touched.value !== 0;
  }

  /** Of the counting form: pages asked for, then how often each charge was made. */
  get counts(): BigUint64Array {
    const memory = this.#exports[HELPER.counts] as unknown as WasmMemory;
    return new BigUint64Array(memory.buffer);
  }

  /** Sets gas, stack and globals to a call's beginning. */
  begin(gas: number): void {
    this.hostGas = 0;
    this.writeGas = 0;
    this.quotesVerified = 0;
    this.wasHostCalled = false;
    this.#begin(gas);
  }

  /** From here on imports work for `call`. */
  attach(call: ContractCall): void {
    this.#call = call;
  }

  detach(): void {
    this.#call = undefined;
  }

  /** Negative once gas ran out: by what was asked for beyond it. */
  get gasLeft(): number {
    return this.#gas();
  }

  /** Takes gas before the work that it pays for. @throws {VmError} `vm/out_of_gas`. */
  charge(amount: number): void {
    this.hostGas += amount;
    if (this.#charge(amount) < 0) throw new VmError({ code: "vm/out_of_gas" });
  }

  /** Copies `content` into a region that the contract allocates; returns its pointer. */
  allocate(content: Uint8Array): number {
    const pointer = this.allocateRegion(content.length);
    this.memory.writeRegion(pointer, content);
    return pointer;
  }

  /** @throws {VmError} `vm/out_of_gas`, `vm/stack_overflow`, `vm/allocation`. */
  allocateRegion(length: number): number {
    try {
      return this.#allocate(length) >>> 0;
    } catch (error) {
      throw this.#allocationError(error);
    }
  }

  enter(entryPoint: string, pointers: readonly number[]): number {
    return this.#exports[entryPoint]!(...pointers) >>> 0;
  }

  /** Why the contract stopped, if a trap is what `error` is. */
  trap(error: unknown): VmFailure | undefined {
    if (!(error instanceof WebAssembly.RuntimeError)) return undefined;
    if (this.gasLeft < 0) return { code: "vm/out_of_gas" };
    invariant(this.#stack.value !== STARVED, "the machine has the memory that contracts may use");
    if (this.#stack.value < STACK_LEAF_SLOTS_MAX) return { code: "vm/stack_overflow" };
    return trapFailure(error);
  }

  #allocationError(error: unknown): unknown {
    const failure = this.trap(error);
    if (failure === undefined) return error;
    const isLimit = failure.code === "vm/out_of_gas" || failure.code === "vm/stack_overflow";
    return new VmError(isLimit ? failure : { code: "vm/allocation" });
  }
}

function listGlobals(exports: WasmInstance["exports"]): WasmGlobal[] {
  const globals: WasmGlobal[] = [];
  for (;;) {
    const global = exports[HELPER.global + String(globals.length)];
    if (global === undefined) return globals;
    globals.push(global as WasmGlobal);
  }
}
