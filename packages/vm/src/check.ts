import {
  ABI_MARKERS,
  ENTRY_POINTS,
  FEATURE_PREFIX,
  FEATURES_AVAILABLE,
  IBC_ENTRY_POINTS,
  IMPORT_SIGNATURES,
  IMPORTS_ALLOWED,
  type ImportName,
} from "./abi.ts";
import { invalidWasm, VmError } from "./errors.ts";
import type { ContractAbi, ContractAnalysis, EntryPoint } from "./types.ts";
import { type FunctionScan, FunctionScanner, type Insertions } from "./wasm/function-scan.ts";
import { readModule } from "./wasm/module.ts";
import { VALUE } from "./wasm/opcodes.ts";
import { EXPORT_FUNCTION, type FunctionType, type ModuleShape } from "./wasm/shape.ts";
import { WebAssembly } from "./wasm/web-assembly.ts";

/** A module that passed every check, with what instrumenting it needs. */
export interface CheckedModule {
  readonly analysis: ContractAnalysis;
  readonly shape: ModuleShape;
  readonly functions: readonly FunctionScan[];
  readonly insertions: Insertions;
  /** Length of the part of memory whose stores are noticed; see `quiet-part.ts`. */
  readonly quietBytes: number;
  /** Function index of each entry point and of `allocate`. */
  readonly exported: ReadonlyMap<string, number>;
}

/**
 * The static checks of an upload; privacy protocol, section 8.1. They are stricter than Secret
 * Network's in what they name: signatures of imports and exports, floats and newer features are
 * refused here, not when the contract is first used.
 *
 * @param wasm the uncompressed module; not kept.
 * @throws {VmError} the first refusal, by code; the same for every node.
 */
export function checkCode(wasm: Uint8Array): ContractAnalysis {
  return checkModule(wasm).analysis;
}

/** {@link checkCode}, keeping what was found. The result refers to `wasm`. */
export function checkModule(wasm: Uint8Array): CheckedModule {
  const shape = readModule(wasm);
  const abi = readAbi(shape);
  checkImports(shape, abi);
  const exported = readEntryPoints(shape, abi);
  const requiredFeatures = readFeatures(shape);
  const scanner = new FunctionScanner(shape);
  const functions = shape.bodies.map((_, index) => scanner.scan(index));
  if (!WebAssembly.validate(wasm)) invalidWasm("types", wasm.length);
  const entryPoints = [...exported.keys()].filter((name) => name !== "allocate") as EntryPoint[];
  return {
    analysis: {
      abi,
      entryPoints,
      requiredFeatures,
      hasIbcEntryPoints: IBC_ENTRY_POINTS.every((name) => exported.has(name)),
    },
    shape,
    functions,
    insertions: scanner.insertions,
    quietBytes: scanner.quietBytes,
    exported,
  };
}

/** The first marker among the exports decides, as in the network's engine. */
function readAbi(shape: ModuleShape): ContractAbi {
  for (const { name } of shape.exports) {
    const abi = ABI_MARKERS.get(name);
    if (abi !== undefined) return abi;
  }
  throw new VmError({ code: "vm/export_missing", name: "interface_version_8" });
}

function checkImports(shape: ModuleShape, abi: ContractAbi): void {
  for (const { module, name, typeIndex } of shape.imports) {
    if (module !== "env" || !IMPORTS_ALLOWED[abi].has(name)) {
      throw new VmError({ code: "vm/import_unknown", name: `${module}.${name}` });
    }
    const expected = IMPORT_SIGNATURES[name as ImportName];
    if (!hasSignature(shape.types[typeIndex]!, expected.params, expected.result)) {
      throw new VmError({ code: "vm/import_signature", name: `${module}.${name}` });
    }
  }
}

function hasSignature(type: FunctionType, params: number, result: number): boolean {
  return (
    type.params.length === params &&
    type.params.every((param) => param === VALUE.i32) &&
    type.result === result
  );
}

/** An optional entry point whose signature is another is not callable, and not an error. */
function readEntryPoints(shape: ModuleShape, abi: ContractAbi): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const look = (name: string, params: number, result: number, isRequired: boolean): void => {
    const index = findFunction(shape, name, params, result);
    if (index === undefined && isRequired) throw new VmError({ code: "vm/export_missing", name });
    if (index !== undefined) found.set(name, index);
  };
  for (const [name, { args, isRequired }] of Object.entries(ENTRY_POINTS[abi])) {
    look(name, args, VALUE.i32, isRequired);
  }
  look("allocate", 1, VALUE.i32, true);
  if (findFunction(shape, "deallocate", 1, 0) === undefined) {
    throw new VmError({ code: "vm/export_missing", name: "deallocate" });
  }
  return found;
}

function findFunction(
  shape: ModuleShape,
  name: string,
  params: number,
  result: number,
): number | undefined {
  const found = shape.exports.find((item) => item.name === name);
  if (found === undefined || found.kind !== EXPORT_FUNCTION) return undefined;
  const { imports, functions } = shape;
  const { index } = found;
  const typeIndex =
    index < imports.length ? imports[index]!.typeIndex : functions[index - imports.length]!;
  return hasSignature(shape.types[typeIndex]!, params, result) ? index : undefined;
}

function readFeatures(shape: ModuleShape): string[] {
  const features = shape.exports
    .filter(({ name }) => name.startsWith(FEATURE_PREFIX))
    .map(({ name }) => name.slice(FEATURE_PREFIX.length));
  for (const feature of features) {
    if (!FEATURES_AVAILABLE.has(feature)) {
      throw new VmError({ code: "vm/feature_unavailable", feature });
    }
  }
  return features;
}
