import { VmError } from "./errors.ts";
import { SECTION_LIST_BYTES_MAX, SECTIONS_MAX } from "./limits.ts";
import type { WasmGlobal, WasmMemory } from "./wasm/web-assembly.ts";

const REGION_BYTES = 12;

/** The quiet part of a memory, and the global that is set once it has been written to. */
export interface QuietPart {
  readonly bytes: number;
  readonly touched: WasmGlobal;
}

/**
 * A contract's linear memory as the host sees it: regions are three little-endian `u32`, offset,
 * capacity and length, at a pointer that is not null; privacy protocol, section 7.1.
 *
 * Every pointer comes from the contract: each access is checked against the memory's size of
 * that moment.
 */
export class GuestMemory {
  readonly #memory: WasmMemory;
  readonly #quiet: QuietPart;
  #view: DataView;
  #bytes: Uint8Array;

  constructor(memory: WasmMemory, quiet: QuietPart) {
    this.#memory = memory;
    this.#quiet = quiet;
    this.#view = new DataView(memory.buffer);
    this.#bytes = new Uint8Array(memory.buffer);
  }

  /** The whole memory as it is now; invalid once the contract runs again. */
  get bytes(): Uint8Array {
    this.#refresh();
    return this.#bytes;
  }

  /** A copy of the region's content. @throws {VmError} `vm/region`, `vm/region_too_long`. */
  readRegion(pointer: number, bytesMax = Number.POSITIVE_INFINITY): Uint8Array {
    const { offset, length } = this.#readable(pointer);
    if (length > bytesMax)
      throw new VmError({ code: "vm/region_too_long", bytes: length, bytesMax });
    return this.#bytes.slice(offset, offset + length);
  }

  /** The content, cut after `bytesMax`: for what has one right length. @throws `vm/region`. */
  readRegionStart(pointer: number, bytesMax: number): Uint8Array {
    return this.viewRegionStart(pointer, bytesMax).slice();
  }

  /** The same, not copied: invalid once the contract runs again. @throws `vm/region`. */
  viewRegionStart(pointer: number, bytesMax: number): Uint8Array {
    const { offset, length } = this.#readable(pointer);
    return this.#bytes.subarray(offset, offset + Math.min(length, bytesMax));
  }

  /** The content's length. @throws {VmError} `vm/region`. */
  regionLength(pointer: number): number {
    return this.#readable(pointer).length;
  }

  /** Writes into a region that the contract made. @throws {VmError} `vm/region`. */
  writeRegion(pointer: number, content: Uint8Array): void {
    const offset = this.#content(pointer);
    if (content.length > this.#view.getUint32(pointer + 4, true)) regionRefused();
    if (offset + content.length > this.#bytes.length) regionRefused();
    if (Math.min(offset, pointer) < this.#quiet.bytes) this.#quiet.touched.value = 1;
    this.#bytes.set(content, offset);
    this.#view.setUint32(pointer + 8, content.length, true);
  }

  /**
   * A list in one region: each element followed by its length, `u32` big-endian. Up to three
   * bytes in front of the first element are ignored, as in the network's engine.
   *
   * @throws {VmError} `vm/region`, `vm/region_too_long`.
   */
  readSections(pointer: number): Uint8Array[] {
    const content = this.readRegion(pointer, SECTION_LIST_BYTES_MAX);
    const view = new DataView(content.buffer);
    const sections: Uint8Array[] = [];
    let end = content.length;
    while (end >= 4) {
      if (sections.length === SECTIONS_MAX) {
        throw new VmError({
          code: "vm/region_too_long",
          bytes: content.length,
          bytesMax: content.length - end,
        });
      }
      const length = view.getUint32(end - 4);
      const start = end - 4 - length;
      if (start < 0) regionRefused();
      sections.push(content.subarray(start, end - 4));
      end = start;
    }
    return sections.reverse();
  }

  #readable(pointer: number): { readonly offset: number; readonly length: number } {
    const offset = this.#content(pointer);
    const length = this.#view.getUint32(pointer + 8, true);
    if (offset + length > this.#bytes.length) regionRefused();
    return { offset, length };
  }

  /** Where the content of the region at `pointer` begins. */
  #content(pointer: number): number {
    this.#refresh();
    if (pointer === 0 || pointer + REGION_BYTES > this.#bytes.length) regionRefused();
    const offset = this.#view.getUint32(pointer, true);
    if (offset === 0) regionRefused();
    return offset;
  }

  /** Growing detaches the buffer. */
  #refresh(): void {
    if (this.#bytes.length !== 0) return;
    this.#view = new DataView(this.#memory.buffer);
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }
}

function regionRefused(): never {
  throw new VmError({ code: "vm/region" });
}
