import { ContractInstance } from "./instance.ts";
import {
  IDLE_INSTANCES_MAX,
  START_STATE_BYTES_MAX,
  START_STATES_MAX,
  START_STATES_SEEN_MAX,
} from "./limits.ts";
import { type MemoryDifference, MemoryImage } from "./memory-image.ts";
import { type WasmImports, type WasmModule, WebAssembly } from "./wasm/web-assembly.ts";

/**
 * What a contract is after the host's first request to allocate, which is a function of the
 * code and the requested length alone as long as no import was called.
 */
interface StartState {
  readonly pages: number;
  readonly difference: MemoryDifference;
  readonly globals: readonly (number | bigint)[];
  readonly gasUsed: number;
  readonly pointer: number;
}

/** An instance about to run; `pointer` if the first argument's region is allocated already. */
export interface ReadyInstance {
  readonly instance: ContractInstance;
  readonly pointer: number | undefined;
}

/**
 * Instances of one code, used again without a trace of the call before: all of memory and all
 * mutable globals are set before a call, tables cannot change in WebAssembly 1.0. Only a quiet part
 * of memory that was not written to needs no setting.
 *
 * Memory never shrinks, and most contracts grow it when first asked to allocate. So what is
 * restored is not the state before that request but the one after it, where an instance that
 * was used has the very size that a new one would have. One that grew further is dropped.
 */
export class InstancePool {
  readonly #module: WasmModule;
  readonly #imports: WasmImports;
  #image: MemoryImage | undefined;
  readonly #starts = new Map<number, StartState>();
  /** Lengths seen once: a state is worth keeping from the second time on. */
  readonly #seen = new Set<number>();
  readonly #idle: ContractInstance[] = [];
  readonly #isReusable: boolean;
  readonly #quietBytes: number;
  #created = 0;
  #startBytes = 0;
  #idleBytes = 0;

  /**
   * @param isReusable whether all mutable globals are exported.
   * @param quietBytes of memory that instances tell when they write to.
   */
  constructor(module: WasmModule, imports: WasmImports, isReusable: boolean, quietBytes: number) {
    this.#module = module;
    this.#isReusable = isReusable;
    this.#quietBytes = quietBytes;
    this.#imports = imports;
  }

  /** Memory of idle instances and kept states. */
  get bytesHeld(): number {
    return (this.#image?.bytesHeld ?? 0) + this.#startBytes + this.#idleBytes;
  }

  /** @param length of the first argument to be allocated. */
  acquire(length: number, gasLimit: number): ReadyInstance {
    const start = this.#starts.get(length);
    if (start !== undefined && start.gasUsed <= gasLimit) {
      const index = this.#idle.findIndex(({ pages }) => pages === start.pages);
      const instance = this.#idle[index];
      if (instance !== undefined) {
        this.#idle.splice(index, 1);
        this.#idleBytes -= instance.memory.bytes.length;
        this.#restore(instance, start, gasLimit);
        return { instance, pointer: start.pointer };
      }
    }
    const instance = this.#create();
    instance.begin(gasLimit);
    return { instance, pointer: undefined };
  }

  /** Looks at a new instance that has just allocated `length` bytes at `pointer`. */
  observe(instance: ContractInstance, length: number, pointer: number, gasUsed: number): void {
    if (instance.wasHostCalled || this.#starts.has(length)) return;
    if (!this.#seen.has(length)) {
      if (this.#seen.size >= START_STATES_SEEN_MAX) this.#seen.clear();
      this.#seen.add(length);
      return;
    }
    if (this.#image === undefined) return;
    const difference = this.#image.difference(instance.memory.bytes);
    if (difference.bytesHeld > START_STATE_BYTES_MAX) return;
    if (this.#starts.size >= START_STATES_MAX) this.#dropOldestStart();
    this.#startBytes += difference.bytesHeld;
    this.#starts.set(length, {
      pages: instance.pages,
      difference,
      globals: instance.globals.map(({ value }) => value),
      gasUsed,
      pointer,
    });
  }

  /** Takes an instance back after its call, however that ended. */
  release(instance: ContractInstance): void {
    if (this.#idle.length >= IDLE_INSTANCES_MAX) return;
    for (const { pages } of this.#starts.values()) {
      if (pages !== instance.pages) continue;
      this.#idle.push(instance);
      this.#idleBytes += instance.memory.bytes.length;
      return;
    }
  }

  #create(): ContractInstance {
    const wasm = new WebAssembly.Instance(this.#module, this.#imports);
    const instance = new ContractInstance(wasm, this.#quietBytes);
    if (this.#isReusable && this.#created === 1) {
      this.#image = new MemoryImage(instance.memory.bytes);
    }
    this.#created++;
    return instance;
  }

  #restore(instance: ContractInstance, start: StartState, gasLimit: number): void {
    const zeroBytes = instance.wasTouched ? 0 : this.#quietBytes;
    this.#image?.restore(instance.memory.bytes, start.difference, zeroBytes);
    instance.begin(gasLimit - start.gasUsed);
    start.globals.forEach((value, index) => {
      instance.globals[index]!.value = value;
    });
  }

  #dropOldestStart(): void {
    for (const [length, { difference }] of this.#starts) {
      this.#starts.delete(length);
      this.#startBytes -= difference.bytesHeld;
      return;
    }
  }
}
