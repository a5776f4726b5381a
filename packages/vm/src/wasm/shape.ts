import { invalidWasm, VmError } from "../errors.ts";
import { OP, VALUE } from "./opcodes.ts";
import type { WasmReader } from "./reader.ts";

/** Bytes `[start, end)` of the module. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Types may name floats, as compilers leave unused ones behind; functions may not use them. */
export interface FunctionType {
  readonly params: readonly number[];
  /** A value type, or 0 for none. */
  readonly result: number;
}

export interface FunctionImport {
  readonly module: string;
  readonly name: string;
  readonly typeIndex: number;
}

export interface GlobalDefinition {
  readonly type: number;
  readonly mutable: boolean;
  /** The constant instruction without its `end`. */
  readonly init: Range;
}

export interface Export {
  readonly name: string;
  readonly kind: number;
  readonly index: number;
}

export const EXPORT_FUNCTION = 0;

/** A module's sections, read strictly; bodies are not looked into yet. */
export interface ModuleShape {
  readonly bytes: Uint8Array;
  readonly types: FunctionType[];
  readonly imports: FunctionImport[];
  /** Type index of each defined function. */
  readonly functions: number[];
  readonly globals: GlobalDefinition[];
  readonly exports: Export[];
  /** Size and locals declarations included; index as in `functions`. */
  readonly bodies: Range[];
  readonly elementFunctions: number[];
  memoryPages: number;
  /** Where the lowest data segment begins; 0 without one. */
  dataStart: number;
  /** Entries of the table, or -1 without one. */
  tableEntries: number;
  /** Content of sections that are copied as they are, without their vector's length. */
  readonly sections: Map<number, Range & { readonly count: number }>;
}

export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** Throws the refusal of a feature beyond WebAssembly 1.0 outside function bodies. */
export function unsupported(feature: string, offset: number): never {
  throw new VmError({ code: "vm/unsupported_feature", feature, functionIndex: -1, offset });
}

/** An integer type; anything else is refused, with `functionIndex` -1 outside bodies. */
export function readValueType(reader: WasmReader, functionIndex: number): number {
  const offset = reader.offset;
  const type = readNumberType(reader, functionIndex);
  if (isFloat(type)) throw new VmError({ code: "vm/floating_point", functionIndex, offset });
  return type;
}

/** Like {@link readValueType}, but floats pass. */
export function readNumberType(reader: WasmReader, functionIndex: number): number {
  const offset = reader.offset;
  const type = reader.byte();
  if (type === VALUE.i32 || type === VALUE.i64 || isFloat(type)) return type;
  const feature = newerType(type);
  if (feature === undefined) return invalidWasm("unknown value type", offset);
  throw new VmError({ code: "vm/unsupported_feature", feature, functionIndex, offset });
}

function isFloat(type: number): boolean {
  return type === VALUE.f32 || type === VALUE.f64;
}

/** @throws {VmError} `vm/floating_point` if a function that is there has floats in its type. */
export function refuseFloats(type: FunctionType, functionIndex: number, offset: number): void {
  if (isFloat(type.result) || type.params.some(isFloat)) {
    throw new VmError({ code: "vm/floating_point", functionIndex, offset });
  }
}

function newerType(type: number): string | undefined {
  if (type === 0x7b) return "simd";
  return type >= 0x60 && type <= 0x78 ? "reference_types" : undefined;
}

/** A constant of `type` and its `end`; returns the value of an `i32`, 0 for an `i64`. */
export function readConstant(reader: WasmReader, type: number): number {
  const offset = reader.offset;
  const op = reader.byte();
  let value = 0;
  if (op === OP.i32Const && type === VALUE.i32) value = reader.s32();
  else if (op === OP.i64Const && type === VALUE.i64) reader.skipS64();
  else if (op === 0x43 || op === 0x44) {
    throw new VmError({ code: "vm/floating_point", functionIndex: -1, offset });
  } else if (op === OP.i32Const || op === OP.i64Const || op === OP.globalGet) {
    invalidWasm("constant of another type", offset);
  } else unsupported("extended_const", offset);
  if (reader.byte() !== OP.end) unsupported("extended_const", reader.offset - 1);
  return value;
}
