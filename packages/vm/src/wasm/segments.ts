import { invalidWasm, limitExceeded } from "../errors.ts";
import { DATA_SEGMENTS_MAX, ELEMENT_SEGMENTS_MAX, TABLE_ENTRIES_MAX } from "../limits.ts";
import { VALUE } from "./opcodes.ts";
import type { WasmReader } from "./reader.ts";
import { type ModuleShape, readConstant, unsupported } from "./shape.ts";

/**
 * Segments are placed at constants, so that whether they fit is known without instantiating: an
 * instance of a checked module can always be made.
 */
export function readElementSection(reader: WasmReader, shape: ModuleShape): number {
  const count = reader.count(ELEMENT_SEGMENTS_MAX, (value) =>
    limitExceeded("element segments", value),
  );
  const functionCount = shape.imports.length + shape.functions.length;
  for (let index = 0; index < count; index++) {
    const offset = readPlace(reader, "bulk_memory");
    const length = reader.count(TABLE_ENTRIES_MAX, (value) => limitExceeded("elements", value));
    if (offset + length > shape.tableEntries) invalidWasm("elements beyond table", reader.offset);
    for (let at = 0; at < length; at++) {
      const functionIndex = reader.u32();
      if (functionIndex >= functionCount) invalidWasm("unknown function", reader.offset);
      shape.elementFunctions.push(functionIndex);
    }
  }
  return count;
}

/** Active segments of the one memory, each within its initial pages. */
export function readDataSection(reader: WasmReader, shape: ModuleShape): number {
  const count = reader.count(DATA_SEGMENTS_MAX, (value) => limitExceeded("data segments", value));
  for (let index = 0; index < count; index++) {
    const offset = readPlace(reader, "bulk_memory");
    const length = reader.u32();
    reader.skip(length);
    if (offset + length > shape.memoryPages * 65_536) {
      invalidWasm("data beyond memory", reader.offset);
    }
    shape.dataStart = index === 0 ? offset : Math.min(shape.dataStart, offset);
  }
  return count;
}

function readPlace(reader: WasmReader, feature: string): number {
  const flagsOffset = reader.offset;
  if (reader.u32() !== 0) unsupported(feature, flagsOffset);
  return readConstant(reader, VALUE.i32) >>> 0;
}
