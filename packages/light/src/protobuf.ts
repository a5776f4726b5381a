/**
 * The part of protobuf that headers, commits and proofs need. The writer leaves zero values out, as
 * proto3 does; the reader takes only what such a writer makes: known fields, ascending, each once
 * unless it repeats, varints in shortest form.
 */
import { malformed } from "./errors.ts";

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const START_BYTES = 256;

export class ProtoWriter {
  #bytes: Uint8Array;
  #end = 0;

  constructor(bytesHint: number = START_BYTES) {
    this.#bytes = new Uint8Array(bytesHint);
  }

  uint(field: number, value: number | bigint): this {
    if (value === 0 || value === 0n) return this;
    this.#reserve(20);
    this.#varint(field << 3);
    if (typeof value === "number") this.#varint(value);
    else this.#bigVarint(value);
    return this;
  }

  /** int32, int64: negative values take ten bytes. */
  int(field: number, value: bigint): this {
    return this.uint(field, BigInt.asUintN(64, value));
  }

  sfixed64(field: number, value: bigint): this {
    if (value === 0n) return this;
    this.#reserve(16);
    this.#varint((field << 3) | FIXED64);
    new DataView(this.#bytes.buffer).setBigInt64(this.#end, value, true);
    this.#end += 8;
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    return value.length === 0 ? this : this.message(field, value);
  }

  text(field: number, value: string): this {
    return value === "" ? this : this.message(field, new TextEncoder().encode(value));
  }

  /** A sub-message that is there, or an entry of a repeated field: written even if empty. */
  message(field: number, value: Uint8Array): this {
    this.#reserve(16 + value.length);
    this.#varint((field << 3) | BYTES);
    this.#varint(value.length);
    this.#bytes.set(value, this.#end);
    this.#end += value.length;
    return this;
  }

  /** A fresh array. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#end);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#end++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#end++] = rest;
  }

  #bigVarint(value: bigint): void {
    let rest = value;
    while (rest >= 0x80n) {
      this.#bytes[this.#end++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#end++] = Number(rest);
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * this.#bytes.length + bytes);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

/** `uvarint(length) ‖ message`. */
export function delimited(message: Uint8Array): Uint8Array {
  const framed = new ProtoWriter(message.length + 8).message(0, message).finish();
  return framed.subarray(1);
}

/**
 * Reads one message. `next` moves to a field and gives its number, 0 at the end; then exactly one
 * of the value methods takes it. @throws {LightError} `light/malformed` from every method.
 */
export class ProtoReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  readonly #repeated: number;
  #at = 0;
  #field = 0;
  #wire = 0;

  /** @param repeated the one field that may occur more than once; 0 for none. */
  constructor(bytes: Uint8Array, what: string, repeated: number = 0) {
    this.#bytes = bytes;
    this.#what = what;
    this.#repeated = repeated;
  }

  next(): number {
    if (this.#at === this.#bytes.length) return 0;
    const tag = this.#smallVarint();
    const field = tag >>> 3;
    const inOrder = field > this.#field || (field === this.#field && field === this.#repeated);
    if (field === 0 || !inOrder) throw malformed(`${this.#what}, field ${field} out of order`);
    this.#field = field;
    this.#wire = tag & 7;
    return field;
  }

  /** Ends with an error: the message has no such field. */
  unknown(): never {
    throw malformed(`${this.#what}, field ${this.#field}`);
  }

  uint64(): bigint {
    this.#expect(VARINT);
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if ((byte === 0 && shift > 0n) || value >= 1n << 64n) break;
      return value;
    }
    return this.unknown();
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  uint32(): number {
    this.#expect(VARINT);
    return this.#smallVarint();
  }

  /** An int32 that is not negative. */
  int32(): number {
    const value = this.uint32();
    return value < 2 ** 31 ? value : this.unknown();
  }

  /** A view of the message's bytes. */
  view(): Uint8Array {
    this.#expect(BYTES);
    const length = this.#smallVarint();
    const end = this.#at + length;
    if (end > this.#bytes.length) return this.unknown();
    const view = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return view;
  }

  /** A copy. @param lengths the lengths allowed, or the largest. */
  bytes(lengthMax: number): Uint8Array {
    const view = this.view();
    return view.length <= lengthMax ? Uint8Array.from(view) : this.unknown();
  }

  text(lengthMax: number): string {
    const view = this.view();
    if (view.length > lengthMax) return this.unknown();
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(view);
    } catch {
      return this.unknown();
    }
  }

  #expect(wire: number): void {
    if (this.#wire !== wire) this.unknown();
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    return byte === undefined ? this.unknown() : byte;
  }

  /** A varint below 2^32 in shortest form. */
  #smallVarint(): number {
    let value = 0;
    for (let i = 0, scale = 1; i < 5; i++, scale *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte >= 0x80) continue;
      return (byte === 0 && i > 0) || value >= 2 ** 32 ? this.unknown() : value;
    }
    return this.unknown();
  }
}
