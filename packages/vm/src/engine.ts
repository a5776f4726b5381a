import { InvariantError, invariant } from "@tacit/encoding/errors";
import { ENTRY_POINTS, type EntryPointShape, IMPORT_SIGNATURES, type ImportName } from "./abi.ts";
import { compileCode, compileCountingCode } from "./compile.ts";
import { VmError } from "./errors.ts";
import { GAS_LIMIT_MAX } from "./gas.ts";
import { IMPORT_FUNCTIONS } from "./imports.ts";
import type { ContractInstance } from "./instance.ts";
import type { InstancePool, ReadyInstance } from "./instance-pool.ts";
import { CALL_DEPTH_MAX } from "./limits.ts";
import { type CompiledCode, ModuleCache } from "./module-cache.ts";
import type { ContractAnalysis, ContractCall, ContractCallResult, VmFailure } from "./types.ts";
import type { WasmImports } from "./wasm/web-assembly.ts";

export interface EngineOptions {
  /** Bound of all that is kept between calls, in bytes: modules, idle instances, their states. */
  readonly cacheBytesMax: number;
}

export interface ContractEngine {
  /**
   * Runs one entry point to its end, synchronously. A querier may call the engine again.
   *
   * @param codeHash names the code; the caller has verified that `loadCode` answers its preimage.
   * @param loadCode is asked for the uncompressed module only when it is not in the cache.
   * @throws what storage, querier or crypto throw other than {VmError}, once the contract ended.
   * @throws {InvariantError} if V8 stopped where the engine's own limits should have.
   */
  call(codeHash: Uint8Array, loadCode: () => Uint8Array, call: ContractCall): ContractCallResult;
  /** What the static checks say of a code. @throws {VmError} if it cannot be run. */
  analyze(codeHash: Uint8Array, loadCode: () => Uint8Array): ContractAnalysis;
}

/** An engine for one thread. Its caches never change a result or its gas. */
export function createEngine(options: EngineOptions): ContractEngine {
  return new Engine(options);
}

class Engine implements ContractEngine {
  readonly #cache: ModuleCache;
  readonly #imports: WasmImports;
  /** Instances in the middle of a call; a contract's query may put another on top. */
  readonly #active: ContractInstance[] = [];

  constructor(options: EngineOptions) {
    this.#cache = new ModuleCache(options.cacheBytesMax);
    this.#imports = { env: this.#createImports() };
  }

  analyze(codeHash: Uint8Array, loadCode: () => Uint8Array): ContractAnalysis {
    return this.#load(codeHash, loadCode).analysis;
  }

  call(codeHash: Uint8Array, loadCode: () => Uint8Array, call: ContractCall): ContractCallResult {
    invariant(call.gasLimit >= 0n && call.gasLimit <= GAS_LIMIT_MAX, "gas limits fit a counter");
    let code: CompiledCode;
    try {
      if (this.#active.length >= CALL_DEPTH_MAX) throw new VmError({ code: "vm/query_depth" });
      code = this.#load(codeHash, loadCode, call.observer !== undefined);
      if (!code.analysis.entryPoints.includes(call.entryPoint)) {
        throw new VmError({ code: "vm/export_missing", name: call.entryPoint });
      }
    } catch (error) {
      if (!(error instanceof VmError)) throw error;
      return { ok: false, error: error.failure, gasUsed: 0n, writeGas: 0n };
    }
    const result = this.#run(code, call);
    this.#cache.settle(code);
    return result;
  }

  #load(codeHash: Uint8Array, loadCode: () => Uint8Array, isCounting = false): CompiledCode {
    return isCounting
      ? this.#cache.get(codeHash, "counting", () => compileCountingCode(loadCode(), this.#imports))
      : this.#cache.get(codeHash, "usual", () => compileCode(loadCode(), this.#imports));
  }

  #run(code: CompiledCode, call: ContractCall): ContractCallResult {
    const shape = ENTRY_POINTS[code.analysis.abi][call.entryPoint];
    invariant(shape?.args === call.args.length, "a call has the arguments of its entry point");
    const first = call.args[shape.allocationOrder[0]!]!;
    const ready = code.pool.acquire(first.length, Number(call.gasLimit));
    const { instance } = ready;
    this.#active.push(instance);
    instance.attach(call);
    let outcome: { output: Uint8Array } | { failure: VmFailure };
    try {
      outcome = { output: enterContract(ready, code.pool, shape, call) };
    } catch (error) {
      outcome = { failure: failureOf(instance, error) };
    } finally {
      this.#active.pop();
      instance.detach();
    }
    const gasUsed = call.gasLimit - BigInt(instance.gasLeft);
    const writeGas = BigInt(instance.writeGas);
    if (code.instructionGas !== undefined) {
      call.observer?.onInstructions(code.instructionGas(instance.counts));
    }
    code.pool.release(instance);
    if ("output" in outcome) return { ok: true, output: outcome.output, gasUsed, writeGas };
    return { ok: false, error: outcome.failure, gasUsed, writeGas };
  }

  /** One set of functions for all instances: the one that calls is on top of the stack. */
  #createImports(): WasmImports[string] {
    const imports: Record<string, WasmImports[string][string]> = {};
    for (const name of Object.keys(IMPORT_SIGNATURES) as ImportName[]) {
      const work = IMPORT_FUNCTIONS[name];
      imports[name] = (first: number, second: number, third: number) => {
        const instance = this.#active.at(-1);
        invariant(instance !== undefined, "imports run inside a call");
        instance.wasHostCalled = true;
        const { observer } = instance.call;
        if (observer === undefined) return work(instance, first >>> 0, second >>> 0, third >>> 0);
        const before = instance.hostGas;
        try {
          return work(instance, first >>> 0, second >>> 0, third >>> 0);
        } finally {
          observer.onHostCall(name, instance.hostGas - before);
        }
      };
    }
    return imports;
  }
}

function enterContract(
  { instance, pointer }: ReadyInstance,
  pool: InstancePool,
  shape: EntryPointShape,
  call: ContractCall,
): Uint8Array {
  const pointers = new Array<number>(shape.args).fill(0);
  const [firstIndex, ...otherIndexes] = shape.allocationOrder;
  const first = call.args[firstIndex!]!;
  let firstPointer = pointer;
  if (firstPointer === undefined) {
    firstPointer = instance.allocateRegion(first.length);
    const gasUsed = Number(call.gasLimit) - instance.gasLeft;
    pool.observe(instance, first.length, firstPointer, gasUsed);
  }
  instance.memory.writeRegion(firstPointer, first);
  pointers[firstIndex!] = firstPointer;
  for (const index of otherIndexes) pointers[index] = instance.allocate(call.args[index]!);
  return instance.memory.readRegion(instance.enter(call.entryPoint, pointers));
}

function failureOf(instance: ContractInstance, error: unknown): VmFailure {
  if (error instanceof VmError) return error.failure;
  const failure = instance.trap(error);
  if (failure !== undefined) return failure;
  if (error instanceof RangeError) {
    throw new InvariantError("invariant broken: metered stack ends before V8's", { cause: error });
  }
  throw error;
}
