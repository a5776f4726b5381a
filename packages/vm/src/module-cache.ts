import type { ContractAnalysis } from "./types.ts";
import type { WasmModule } from "./wasm/web-assembly.ts";

export interface CompiledCode {
  readonly module: WasmModule;
  readonly analysis: ContractAnalysis;
  /** What it counts for in the cache. */
  readonly bytesHeld: number;
}

/** Compiled modules by code hash, bounded in bytes; the least recently used goes first. */
export class ModuleCache {
  readonly #bytesMax: number;
  readonly #codes = new Map<string, CompiledCode>();
  #bytesHeld = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytesHeld(): number {
    return this.#bytesHeld;
  }

  /** The code of that hash, compiled now if it is not held. A failure is not remembered. */
  get(codeHash: Uint8Array, compile: () => CompiledCode): CompiledCode {
    const key = String.fromCharCode(...codeHash);
    const held = this.#codes.get(key);
    if (held !== undefined) {
      this.#codes.delete(key);
      this.#codes.set(key, held);
      return held;
    }
    const compiled = compile();
    this.#codes.set(key, compiled);
    this.#bytesHeld += compiled.bytesHeld;
    this.#shrink();
    return compiled;
  }

  #shrink(): void {
    for (const [key, code] of this.#codes) {
      if (this.#bytesHeld <= this.#bytesMax) return;
      this.#codes.delete(key);
      this.#bytesHeld -= code.bytesHeld;
    }
  }
}
