/** The part of the JavaScript API that the engine uses; the compiler's `dom` types are left out. */

export interface WasmModule {
  readonly [tag]: "WasmModule";
}
declare const tag: unique symbol;

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

export interface WasmGlobal {
  value: number | bigint;
}

export type WasmFunction = (...args: number[]) => number;

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export type WasmImports = Readonly<
  Record<string, Readonly<Record<string, (...args: number[]) => number | bigint | undefined>>>
>;

interface WasmApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (module: WasmModule, imports?: WasmImports) => WasmInstance;
  readonly RuntimeError: new (message?: string) => Error;
  validate(bytes: Uint8Array): boolean;
}

export const WebAssembly = (globalThis as unknown as { readonly WebAssembly: WasmApi }).WebAssembly;
