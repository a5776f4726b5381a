/** A growing byte buffer for the binary format. */
export class WasmWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(Math.max(capacity, 64));
  }

  get length(): number {
    return this.#length;
  }

  /** A view of what was written; it is invalid after the next write. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A copy of exactly what was written. */
  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    let rest = value;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Signed LEB128 of a non-negative number below 2^53. */
  positive(value: number): void {
    let rest = value;
    while (rest > 0x3f) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** An instruction with an index: of a local, a global, a function. */
  op(op: number, index: number): void {
    this.byte(op);
    this.u32(index);
  }

  /** A constant that is not negative. */
  constant(op: number, value: number): void {
    this.byte(op);
    this.positive(value);
  }

  bytes(source: Uint8Array, start = 0, end = source.length): void {
    const count = end - start;
    if (this.#length + count > this.#bytes.length) this.#grow(count);
    if (count > 48) {
      this.#bytes.set(source.subarray(start, end), this.#length);
      this.#length += count;
      return;
    }
    let at = this.#length;
    for (let index = start; index < end; index++) this.#bytes[at++] = source[index]!;
    this.#length = at;
  }

  ascii(text: string): void {
    this.u32(text.length);
    for (let index = 0; index < text.length; index++) this.byte(text.charCodeAt(index));
  }

  /** Leaves room for a length; {@link WasmWriter.endSized} fills it in as five-byte LEB128. */
  beginSized(): number {
    for (let index = 0; index < 5; index++) this.byte(0);
    return this.#length;
  }

  endSized(start: number): void {
    const size = this.#length - start;
    for (let index = 0; index < 5; index++) {
      const more = index < 4 ? 0x80 : 0;
      this.#bytes[start - 5 + index] = ((size >>> (7 * index)) & 0x7f) | more;
    }
  }

  #grow(count: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
