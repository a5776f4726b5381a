/**
 * The numbers, times or days of one attribute in one chunk, as they are stored, in the order of age:
 *
 * ```
 * (offset(4), its top bit set if the value is not exactly the number ‖ number(8, IEEE 754))*
 * ```
 */
import type { Measure } from "../query/measure.ts";
import type { Bits } from "./bits.ts";

const CELL_BYTES = 12;
const INEXACT = 2 ** 31;

export interface Cell extends Measure {
  readonly offset: number;
}

/** @param value of the chunk so far; not changed. @param cells ascending. @returns a new one. */
export function appendColumn(value: Uint8Array | undefined, cells: readonly Cell[]): Uint8Array {
  const start = value?.length ?? 0;
  const bytes = Buffer.allocUnsafe(start + cells.length * CELL_BYTES);
  if (value !== undefined) bytes.set(value);
  cells.forEach(({ offset, nearest, isExact }, index) => {
    const at = start + index * CELL_BYTES;
    bytes.writeUInt32LE(isExact ? offset : offset + INEXACT, at);
    bytes.writeDoubleLE(nearest, at + 4);
  });
  return bytes;
}

export function lastColumnOffset(value: Uint8Array): number {
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return view.getUint32(value.length - CELL_BYTES, true) % INEXACT;
}

/** Which values are wanted, by how they stand to a number. */
export interface Wanted {
  readonly nearest: number;
  readonly below: boolean;
  /** Values that are exactly `nearest`. */
  readonly tie: boolean;
  readonly above: boolean;
}

/**
 * Adds the offsets of the values that are wanted to `bits`, and calls `onNear` for those that are
 * near the number but not exactly it.
 */
export function scanColumn(
  value: Uint8Array,
  { nearest, below, tie, above }: Wanted,
  bits: Bits,
  onNear: (offset: number) => void,
): void {
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  for (let at = 0; at < value.length; at += CELL_BYTES) {
    const number = view.getFloat64(at + 4, true);
    const marked = view.getUint32(at, true);
    if (number < nearest) {
      if (below) bits.add(marked % INEXACT);
    } else if (number > nearest) {
      if (above) bits.add(marked % INEXACT);
    } else if (marked >= INEXACT) onNear(marked - INEXACT);
    else if (tie) bits.add(marked);
  }
}
