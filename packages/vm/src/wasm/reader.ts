import { invalidWasm } from "../errors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads the binary format's scalars within bounds; every violation is `vm/invalid_wasm`. */
export class WasmReader {
  readonly bytes: Uint8Array;
  offset: number;
  end: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.offset >= this.end;
  }

  byte(): number {
    if (this.offset >= this.end) invalidWasm("unexpected end", this.offset);
    return this.bytes[this.offset++]!;
  }

  /** Unsigned LEB128 of at most 32 bits in at most five bytes. */
  u32(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const next = this.byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value >>> 0;
    }
    const last = this.byte();
    if (last > 0x0f) invalidWasm("integer too large", this.offset - 1);
    return (value | (last << 28)) >>> 0;
  }

  /** Signed LEB128 of at most 32 bits in at most five bytes. */
  s32(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const next = this.byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return (value << (25 - shift)) >> (25 - shift);
    }
    const last = this.byte();
    const extension = last & 0x78;
    if (last >= 0x80 || (extension !== 0 && extension !== 0x78)) {
      invalidWasm("integer too large", this.offset - 1);
    }
    return value | (last << 28);
  }

  /** Skips a signed LEB128 of at most 64 bits in at most ten bytes. */
  skipS64(): void {
    for (let count = 1; count < 10; count++) {
      if (this.byte() < 0x80) return;
    }
    const last = this.byte();
    if (last !== 0x00 && last !== 0x7f) invalidWasm("integer too large", this.offset - 1);
  }

  /** Moves over `length` bytes and returns where they began. */
  skip(length: number): number {
    const start = this.offset;
    if (length > this.end - start) invalidWasm("unexpected end", start);
    this.offset = start + length;
    return start;
  }

  name(bytesMax: number): string {
    const length = this.u32();
    if (length > bytesMax) invalidWasm("name too long", this.offset);
    const start = this.skip(length);
    try {
      return utf8.decode(this.bytes.subarray(start, start + length));
    } catch {
      return invalidWasm("name is not UTF-8", start);
    }
  }

  /** A vector's length, refused if it cannot fit into the bytes that are left. */
  count(max: number, refuse: (value: number) => never): number {
    const value = this.u32();
    if (value > max) refuse(value);
    if (value > this.end - this.offset) invalidWasm("vector too long", this.offset);
    return value;
  }
}
