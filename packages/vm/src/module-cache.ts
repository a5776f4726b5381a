import type { InstancePool } from "./instance-pool.ts";
import type { InstructionGas } from "./instruction-gas.ts";
import type { ContractAnalysis } from "./types.ts";

export interface CompiledCode {
  readonly analysis: ContractAnalysis;
  readonly pool: InstancePool;
  /** Of the instrumented module. */
  readonly moduleBytes: number;
  /** Of the form that counts: reads the counts of a call. */
  readonly instructionGas?: (counts: BigUint64Array) => InstructionGas;
}

/** A code in the cache, with what it was last counted for. */
interface Held {
  readonly code: CompiledCode;
  bytes: number;
}

/**
 * Compiled modules and what their pools hold, by code hash, bounded in bytes; the least recently
 * used code goes first. What it holds never changes a result.
 */
export class ModuleCache {
  readonly #bytesMax: number;
  readonly #codes = new Map<string, Held>();
  readonly #heldOf = new WeakMap<CompiledCode, Held>();
  /** The last of `codes`, unless it was dropped. */
  #newest: Held | undefined;
  #bytesHeld = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytesHeld(): number {
    return this.#bytesHeld;
  }

  /**
   * The code of that hash, compiled now if it is not held. A failure is not remembered.
   *
   * @param form in which the code was compiled; forms are held apart.
   */
  get(codeHash: Uint8Array, form: "usual" | "counting", compile: () => CompiledCode): CompiledCode {
    // A spread would make an array of it first, which takes five times as long.
    const id = String.fromCharCode.apply(undefined, codeHash as unknown as number[]);
    const key = form === "usual" ? id : id + form;
    const held = this.#codes.get(key);
    if (held !== undefined) {
      if (held === this.#newest) return held.code;
      this.#newest = held;
      this.#codes.delete(key);
      this.#codes.set(key, held);
      return held.code;
    }
    const code = compile();
    const added = { code, bytes: 0 };
    this.#newest = added;
    this.#codes.set(key, added);
    this.#heldOf.set(code, added);
    this.settle(code);
    return code;
  }

  /** Counts what the code holds after a call, and drops codes until all is within bounds. */
  settle(code: CompiledCode): void {
    const held = this.#heldOf.get(code);
    if (held === undefined) return;
    const bytes = code.moduleBytes + code.pool.bytesHeld;
    this.#bytesHeld += bytes - held.bytes;
    held.bytes = bytes;
    if (this.#bytesHeld > this.#bytesMax) this.#shrink();
  }

  #shrink(): void {
    for (const [key, { code, bytes }] of this.#codes) {
      if (this.#bytesHeld <= this.#bytesMax) return;
      this.#codes.delete(key);
      this.#heldOf.delete(code);
      this.#bytesHeld -= bytes;
    }
  }
}
