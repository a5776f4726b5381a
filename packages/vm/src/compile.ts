import { type CheckedModule, checkModule } from "./check.ts";
import { VmError } from "./errors.ts";
import { InstancePool } from "./instance-pool.ts";
import { instructionGas } from "./instruction-gas.ts";
import { INITIAL_PAGES_ENGINE_MAX } from "./limits.ts";
import type { CompiledCode } from "./module-cache.ts";
import { areGlobalsSaved, instrument } from "./wasm/instrument.ts";
import { type WasmImports, WebAssembly } from "./wasm/web-assembly.ts";

/**
 * Checks, instruments and compiles a module. Whoever stored the code is not trusted to have
 * checked it.
 *
 * @throws {VmError} as `checkCode`, and `vm/memory_limits` for a module that may be uploaded but
 *   starts with more memory than contracts may have.
 */
export function compileCode(wasm: Uint8Array, imports: WasmImports): CompiledCode {
  const checked = checkModule(wasm);
  const bytes = instrumentCode(checked);
  const module = new WebAssembly.Module(bytes);
  const isReusable = areGlobalsSaved(checked.shape);
  const pool = new InstancePool(module, imports, isReusable, checked.quietBytes);
  return { analysis: checked.analysis, pool, moduleBytes: bytes.length };
}

/**
 * {@link compileCode} in the form that counts its charges. It does the same and charges the same;
 * its instances are not used again, because only a new one has counted nothing.
 */
export function compileCountingCode(wasm: Uint8Array, imports: WasmImports): CompiledCode {
  const checked = checkModule(wasm);
  const bytes = instrumentCode(checked, true);
  const pool = new InstancePool(new WebAssembly.Module(bytes), imports, false, 0);
  return {
    analysis: checked.analysis,
    pool,
    moduleBytes: bytes.length + wasm.length + INSERTION_BYTES * checked.insertions.kinds.length,
    instructionGas: (counts) => instructionGas(checked, counts),
  };
}

/** Of the three arrays that a checked module keeps. */
const INSERTION_BYTES = 24;

/**
 * The module that runs in place of a checked one; privacy protocol, section 8.2.
 *
 * @param isCounting whether it counts how often it made each charge, beside making it.
 */
export function instrumentCode(checked: CheckedModule, isCounting = false): Uint8Array {
  const { shape, functions, insertions, exported } = checked;
  if (shape.memoryPages > INITIAL_PAGES_ENGINE_MAX) {
    const reason = `${shape.memoryPages} initial pages`;
    throw new VmError({ code: "vm/memory_limits", reason });
  }
  const exports = [...exported]
    .filter(([name]) => name !== "allocate")
    .map(([name, functionIndex]) => ({ name, functionIndex }));
  const allocateIndex = exported.get("allocate")!;
  const quietBytes = isCounting ? 0 : checked.quietBytes;
  return instrument({
    shape,
    functions,
    insertions,
    quietBytes,
    exports,
    allocateIndex,
    isCounting,
  });
}
