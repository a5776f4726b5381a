import { VmError } from "../errors.ts";
import { NAME_BYTES_MAX } from "../limits.ts";
import { WasmReader } from "./reader.ts";
import { SECTION } from "./shape.ts";

const HEADER_BYTES = 8;
const FUNCTION_NAMES = 1;

/**
 * Names that a compiler left in the custom section `name`, of functions whose index is in
 * `wanted`. Nothing has checked that section: what cannot be read is taken for absent.
 *
 * @param bytes of a module whose other sections were checked.
 */
export function readFunctionNames(
  bytes: Uint8Array,
  wanted: ReadonlySet<number>,
): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  try {
    const reader = new WasmReader(bytes, HEADER_BYTES);
    while (!reader.atEnd) {
      const id = reader.byte();
      const size = reader.u32();
      const start = reader.skip(size);
      if (id === SECTION.custom)
        readSection(new WasmReader(bytes, start, start + size), wanted, names);
    }
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
  }
  return names;
}

function readSection(
  reader: WasmReader,
  wanted: ReadonlySet<number>,
  names: Map<number, string>,
): void {
  if (reader.name(reader.end) !== "name") return;
  while (!reader.atEnd) {
    const id = reader.byte();
    const size = reader.u32();
    const start = reader.skip(size);
    if (id !== FUNCTION_NAMES) continue;
    const part = new WasmReader(reader.bytes, start, start + size);
    for (let count = part.u32(); count > 0; count--) {
      const index = part.u32();
      const name = part.name(NAME_BYTES_MAX);
      if (wanted.has(index)) names.set(index, name);
    }
  }
}
