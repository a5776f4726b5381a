import { invalidWasm, limitExceeded, VmError } from "../errors.ts";
import {
  BODY_BYTES_MAX,
  EXPORTS_MAX,
  FUNCTIONS_MAX,
  GLOBALS_MAX,
  IMPORTS_MAX,
  INITIAL_PAGES_UPLOAD_MAX,
  MODULE_BYTES_MAX,
  NAME_BYTES_MAX,
  PARAMS_MAX,
  TABLE_ENTRIES_MAX,
  TYPES_MAX,
} from "../limits.ts";
import type { MemoryMistake } from "../types.ts";
import { WasmReader } from "./reader.ts";
import { readDataSection, readElementSection } from "./segments.ts";
import {
  EXPORT_FUNCTION,
  type ModuleShape,
  readConstant,
  readNumberType,
  readValueType,
  refuseFloats,
  SECTION,
  unsupported,
} from "./shape.ts";

type SectionReader = (reader: WasmReader, shape: ModuleShape) => number;

const READERS = new Map<number, SectionReader>([
  [SECTION.type, readTypes],
  [SECTION.import, readImports],
  [SECTION.function, readFunctions],
  [SECTION.table, readTables],
  [SECTION.memory, readMemories],
  [SECTION.global, readGlobals],
  [SECTION.export, readExports],
  [SECTION.element, readElementSection],
  [SECTION.code, readBodies],
  [SECTION.data, readDataSection],
]);

/**
 * Reads a module's sections: WebAssembly 1.0, function imports only, one memory without a
 * maximum, at most one table.
 *
 * @param bytes is kept and must not change while the shape is in use.
 * @throws {VmError} `vm/invalid_wasm`, `vm/limit_exceeded`, `vm/unsupported_feature`,
 *   `vm/floating_point`, `vm/start_function`, `vm/memory_declaration`,
 *   `vm/import_unknown`.
 */
export function readModule(bytes: Uint8Array): ModuleShape {
  if (bytes.length > MODULE_BYTES_MAX) limitExceeded("module bytes", bytes.length);
  const reader = new WasmReader(bytes);
  readHeader(reader);
  const shape = emptyShape(bytes);
  let last = 0;
  while (!reader.atEnd) {
    const idOffset = reader.offset;
    const id = reader.byte();
    const size = reader.u32();
    const start = reader.skip(size);
    const section = new WasmReader(bytes, start, start + size);
    if (id === SECTION.custom) {
      section.name(size);
      continue;
    }
    refuseSection(id, idOffset);
    if (id <= last) invalidWasm(`section ${id} out of order`, idOffset);
    last = id;
    const count = READERS.get(id)!(section, shape);
    if (!section.atEnd) invalidWasm(`section ${id} has trailing bytes`, section.offset);
    shape.sections.set(id, { start: contentStart(bytes, start), end: start + size, count });
  }
  if (shape.bodies.length !== shape.functions.length) {
    invalidWasm("function and code section differ", reader.offset);
  }
  if (shape.memoryPages < 0) memoryRefused("missing");
  return shape;
}

function emptyShape(bytes: Uint8Array): ModuleShape {
  return {
    bytes,
    types: [],
    imports: [],
    functions: [],
    globals: [],
    exports: [],
    bodies: [],
    elementFunctions: [],
    memoryPages: -1,
    dataStart: 0,
    tableEntries: -1,
    sections: new Map(),
  };
}

function contentStart(bytes: Uint8Array, start: number): number {
  const reader = new WasmReader(bytes, start);
  reader.u32();
  return reader.offset;
}

function readHeader(reader: WasmReader): void {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  for (const expected of header) {
    if (reader.byte() !== expected) invalidWasm("no WebAssembly 1.0 header", reader.offset - 1);
  }
}

function refuseSection(id: number, offset: number): void {
  if (READERS.has(id)) return;
  if (id === SECTION.start) throw new VmError({ code: "vm/start_function" });
  if (id === SECTION.dataCount) unsupported("bulk_memory", offset);
  if (id === SECTION.tag) unsupported("exceptions", offset);
  invalidWasm(`unknown section ${id}`, offset);
}

function memoryRefused(mistake: MemoryMistake): never {
  throw new VmError({ code: "vm/memory_declaration", mistake });
}

function readTypes(reader: WasmReader, shape: ModuleShape): number {
  const count = reader.count(TYPES_MAX, (value) => limitExceeded("types", value));
  for (let index = 0; index < count; index++) {
    const offset = reader.offset;
    const form = reader.byte();
    if (form >= 0x4d && form <= 0x5f) unsupported("reference_types", offset);
    if (form !== 0x60) invalidWasm("not a function type", offset);
    const paramCount = reader.count(PARAMS_MAX, (value) => limitExceeded("parameters", value));
    const params: number[] = [];
    for (let param = 0; param < paramCount; param++) params.push(readNumberType(reader, -1));
    const resultsOffset = reader.offset;
    const results = reader.u32();
    if (results > 1) unsupported("multi_value", resultsOffset);
    shape.types.push({ params, result: results === 1 ? readNumberType(reader, -1) : 0 });
  }
  return count;
}

function readTypeIndex(reader: WasmReader, shape: ModuleShape): number {
  const { offset } = reader;
  const index = reader.u32();
  const type = shape.types[index];
  if (type === undefined) return invalidWasm("unknown type", offset);
  refuseFloats(type, shape.imports.length + shape.functions.length, offset);
  return index;
}

function readImports(reader: WasmReader, shape: ModuleShape): number {
  const count = reader.count(IMPORTS_MAX, (value) => limitExceeded("imports", value));
  for (let index = 0; index < count; index++) {
    const module = reader.name(NAME_BYTES_MAX);
    const name = reader.name(NAME_BYTES_MAX);
    if (reader.byte() !== EXPORT_FUNCTION) {
      throw new VmError({ code: "vm/import_unknown", name: `${module}.${name}` });
    }
    shape.imports.push({ module, name, typeIndex: readTypeIndex(reader, shape) });
  }
  return count;
}

function readFunctions(reader: WasmReader, shape: ModuleShape): number {
  const count = reader.count(FUNCTIONS_MAX, (value) => limitExceeded("functions", value));
  for (let index = 0; index < count; index++) shape.functions.push(readTypeIndex(reader, shape));
  return count;
}

function readTables(reader: WasmReader, shape: ModuleShape): number {
  const offset = reader.offset;
  const count = reader.u32();
  if (count > 1) unsupported("reference_types", offset);
  if (count === 0) return 0;
  if (reader.byte() !== 0x70) unsupported("reference_types", reader.offset - 1);
  const flags = reader.byte();
  if (flags > 1) unsupported("table_flags", reader.offset - 1);
  const entries = reader.u32();
  if (entries > TABLE_ENTRIES_MAX) limitExceeded("table entries", entries);
  if (flags === 1 && reader.u32() < entries) invalidWasm("table maximum", reader.offset);
  shape.tableEntries = entries;
  return 1;
}

function readMemories(reader: WasmReader, shape: ModuleShape): number {
  const offset = reader.offset;
  const count = reader.u32();
  if (count > 1) unsupported("multi_memory", offset);
  if (count === 0) return 0;
  const flags = reader.byte();
  if (flags === 1) memoryRefused("maximum");
  if (flags !== 0) unsupported("memory_flags", reader.offset - 1);
  const pages = reader.u32();
  if (pages > INITIAL_PAGES_UPLOAD_MAX) memoryRefused("minimum");
  shape.memoryPages = pages;
  return 1;
}

function readGlobals(reader: WasmReader, shape: ModuleShape): number {
  const count = reader.count(GLOBALS_MAX, (value) => limitExceeded("globals", value));
  for (let index = 0; index < count; index++) {
    const type = readValueType(reader, -1);
    const mutability = reader.byte();
    if (mutability > 1) invalidWasm("mutability", reader.offset - 1);
    const start = reader.offset;
    readConstant(reader, type);
    const init = { start, end: reader.offset - 1 };
    shape.globals.push({ type, mutable: mutability === 1, init });
  }
  return count;
}

function readExports(reader: WasmReader, shape: ModuleShape): number {
  const count = reader.count(EXPORTS_MAX, (value) => limitExceeded("exports", value));
  const functionCount = shape.imports.length + shape.functions.length;
  const bounds = [
    functionCount,
    Math.min(shape.tableEntries + 1, 1),
    shape.memoryPages < 0 ? 0 : 1,
    shape.globals.length,
  ];
  const names = new Set<string>();
  for (let at = 0; at < count; at++) {
    const name = reader.name(NAME_BYTES_MAX);
    if (names.has(name)) invalidWasm("export twice", reader.offset);
    names.add(name);
    const kind = reader.byte();
    const index = reader.u32();
    const bound = bounds[kind];
    if (bound === undefined || index >= bound) invalidWasm("unknown export", reader.offset);
    shape.exports.push({ name, kind, index });
  }
  return count;
}

function readBodies(reader: WasmReader, shape: ModuleShape): number {
  const count = reader.count(FUNCTIONS_MAX, (value) => limitExceeded("functions", value));
  for (let index = 0; index < count; index++) {
    const size = reader.u32();
    if (size > BODY_BYTES_MAX) limitExceeded("body bytes", size);
    const start = reader.skip(size);
    shape.bodies.push({ start, end: start + size });
  }
  return count;
}
