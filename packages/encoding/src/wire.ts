/**
 * The protobuf wire format, fast in both directions.
 *
 * The writer fills its buffer from the end, as gogoproto's generated code does: a nested message
 * is complete before its length is written, so nothing is measured twice.
 */
import { EncodingError } from "./errors.ts";

export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
export const WIRE_START_GROUP = 3;
export const WIRE_END_GROUP = 4;
export const WIRE_FIXED32 = 5;
export type WireType = 0 | 1 | 2 | 3 | 4 | 5;

/** Messages in messages; the same bound as Go's protobuf gives JSON and the SDK gives unknown fields. */
export const MAX_DEPTH = 100;

const INITIAL_BYTES = 4096;
/** Above this the scratch buffer is given back after use. */
const KEEP_BYTES = 1 << 20;
export const EMPTY_BYTES = new Uint8Array(0);

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** V8 keeps arrays of up to so many bytes on its own heap, where they cost a tenth of others. */
const HEAP_BYTES_MAX = 64;
/** How many times its own size a part may keep alive. */
const KEPT_ALIVE_MAX = 4;

/**
 * A view of part of `bytes`; or a copy if it is short, or so small a part of their memory that a view
 * would keep too much of it alive.
 */
function partOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  if (length <= HEAP_BYTES_MAX || length * KEPT_ALIVE_MAX < bytes.buffer.byteLength) {
    return bytes.slice(start, end);
  }
  return bytes.subarray(start, end);
}

/** Writes fields last to first. One writer at a time; taken with {@link withWriter}. */
export class Writer {
  #buffer = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#buffer.buffer);
  #position = INITIAL_BYTES;

  /** Bytes written so far. */
  get length(): number {
    return this.#buffer.length - this.#position;
  }

  /** A copy of what was written; the writer is empty afterwards. */
  finish(): Uint8Array {
    const result = this.#buffer.slice(this.#position);
    this.reset();
    return result;
  }

  reset(): void {
    if (this.#buffer.length > KEEP_BYTES) {
      this.#buffer = new Uint8Array(INITIAL_BYTES);
      this.#view = new DataView(this.#buffer.buffer);
    }
    this.#position = this.#buffer.length;
  }

  #reserve(count: number): number {
    if (this.#position < count) this.#grow(count);
    this.#position -= count;
    return this.#position;
  }

  #grow(count: number): void {
    const used = this.length;
    let size = this.#buffer.length * 2;
    while (size < used + count) size *= 2;
    const larger = new Uint8Array(size);
    larger.set(this.#buffer.subarray(this.#position), size - used);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
    this.#position = size - used;
  }

  /** @param value an integer from 0 to 2^53 - 1. */
  uint(value: number): void {
    if (value < 0x80) {
      const at = this.#reserve(1);
      this.#buffer[at] = value;
      return;
    }
    let size = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
    let at = this.#reserve(size);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[at] = rest;
  }

  /** The low 64 bits as a varint; a negative number takes ten bytes. */
  varint64(value: bigint): void {
    if (value >= 0n && value <= 0x1f_ffff_ffff_ffffn) {
      this.uint(Number(value));
      return;
    }
    let rest = BigInt.asUintN(64, value);
    const bytes: number[] = [];
    while (rest >= 0x80n) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    const at = this.#reserve(bytes.length);
    this.#buffer.set(bytes, at);
  }

  /** An int32 or enum: negative numbers are sign-extended to 64 bits. */
  int32(value: number): void {
    if (value >= 0) this.uint(value);
    else this.varint64(BigInt(value));
  }

  fixed32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value >>> 0, true);
  }

  fixed64(value: bigint): void {
    const at = this.#reserve(8);
    this.#view.setBigUint64(at, BigInt.asUintN(64, value), true);
  }

  float(value: number): void {
    const at = this.#reserve(4);
    this.#view.setFloat32(at, value, true);
  }

  double(value: number): void {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value, true);
  }

  raw(bytes: Uint8Array): void {
    // Reserving may replace the buffer: it comes first.
    const at = this.#reserve(bytes.length);
    this.#buffer.set(bytes, at);
  }

  /** Length and content. */
  bytes(value: Uint8Array): void {
    this.raw(value);
    this.uint(value.length);
  }

  /** Length and content in UTF-8; a lone surrogate becomes U+FFFD. */
  string(value: string): void {
    const count = value.length;
    const at = this.#reserve(count);
    for (let index = 0; index < count; index++) {
      const unit = value.charCodeAt(index);
      if (unit >= 0x80) {
        this.#position += count;
        this.bytes(utf8Encoder.encode(value));
        return;
      }
      this.#buffer[at + index] = unit;
    }
    this.uint(count);
  }

  /** @param tag field number * 8 + wire type. */
  tag(tag: number): void {
    this.uint(tag);
  }
}

const shared = new Writer();
let sharedBusy = false;

/** Runs `fill` on an empty writer and returns what it wrote. */
export function withWriter(fill: (writer: Writer) => void): Uint8Array {
  if (sharedBusy) {
    const own = new Writer();
    fill(own);
    return own.finish();
  }
  sharedBusy = true;
  try {
    fill(shared);
    return shared.finish();
  } finally {
    shared.reset();
    sharedBusy = false;
  }
}

/** Reads one message's bytes. Every method throws {@link EncodingError} on bytes that are none. */
export class Reader {
  readonly buffer: Uint8Array;
  position: number;
  end: number;
  /** Whether {@link bytes} may give a view where that keeps not much more alive. */
  sharesBytes = false;

  constructor(buffer: Uint8Array, position = 0, end: number = buffer.length) {
    // A Buffer's slice shares memory; a plain array's copies.
    this.buffer =
      buffer.constructor === Uint8Array
        ? buffer
        : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
    this.position = position;
    this.end = end;
  }

  /** Low and high 32 bits of the varint read last by {@link varint}. */
  low = 0;
  high = 0;

  varint(): void {
    const buffer = this.buffer;
    let position = this.position;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (position >= this.end) throw truncated();
      const byte = buffer[position++] as number;
      if (shift < 28) low |= (byte & 0x7f) << shift;
      else if (shift === 28) {
        low |= (byte & 0x7f) << 28;
        high = (byte & 0x7f) >> 4;
      } else high |= (byte & 0x7f) << (shift - 32);
      if (byte < 0x80) {
        if (shift === 63 && byte > 1) throw varintTooLong();
        this.position = position;
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw varintTooLong();
  }

  /** Field number * 8 + wire type. */
  tag(): number {
    const first = this.position < this.end ? (this.buffer[this.position] as number) : 0x80;
    if (first < 0x80) {
      this.position += 1;
      if (first < 8) throw badTag();
      return first;
    }
    this.varint();
    if (this.high !== 0 || this.low < 8) throw badTag();
    return this.low;
  }

  /** A length that the rest of the message holds. */
  length(): number {
    this.varint();
    const length = this.low;
    if (this.high !== 0 || length > this.end - this.position) throw truncated();
    return length;
  }

  uint64(): bigint {
    this.varint();
    if (this.high === 0) return BigInt(this.low);
    return (BigInt(this.high) << 32n) | BigInt(this.low);
  }

  int64(): bigint {
    this.varint();
    if (this.high === 0) return BigInt(this.low);
    return BigInt.asIntN(64, (BigInt(this.high) << 32n) | BigInt(this.low));
  }

  int32(): number {
    this.varint();
    return this.low | 0;
  }

  uint32(): number {
    this.varint();
    return this.low;
  }

  bool(): boolean {
    this.varint();
    return this.low !== 0 || this.high !== 0;
  }

  #take(count: number): number {
    const at = this.position;
    if (count > this.end - at) throw truncated();
    this.position = at + count;
    return at;
  }

  fixed32(): number {
    const at = this.#take(4);
    const b = this.buffer;
    return (
      ((b[at] as number) |
        ((b[at + 1] as number) << 8) |
        ((b[at + 2] as number) << 16) |
        ((b[at + 3] as number) << 24)) >>>
      0
    );
  }

  fixed64(): bigint {
    const low = this.fixed32();
    return (BigInt(this.fixed32()) << 32n) | BigInt(low);
  }

  float(): number {
    const at = this.#take(4) + this.buffer.byteOffset;
    return new DataView(this.buffer.buffer).getFloat32(at, true);
  }

  double(): number {
    const at = this.#take(8) + this.buffer.byteOffset;
    return new DataView(this.buffer.buffer).getFloat64(at, true);
  }

  /** A copy, so that a small field does not keep a large message alive. */
  bytes(): Uint8Array {
    const length = this.length();
    if (length === 0) return EMPTY_BYTES;
    const at = this.position;
    this.position = at + length;
    const end = at + length;
    return this.sharesBytes ? partOf(this.buffer, at, end) : this.buffer.slice(at, end);
  }

  string(): string {
    const length = this.length();
    const from = this.position;
    const to = from + length;
    this.position = to;
    return length <= SHORT_STRING_BYTES
      ? shortString(this.buffer, from, to)
      : longString(this.buffer, from, to);
  }

  /** Skips the value of a field whose tag was read. */
  skip(tag: number, depth = 0): void {
    switch (tag & 7) {
      case WIRE_VARINT:
        this.varint();
        return;
      case WIRE_FIXED64:
        this.#take(8);
        return;
      case WIRE_BYTES: {
        // In one statement the position would be read before the length moves it.
        const length = this.length();
        this.position += length;
        return;
      }
      case WIRE_FIXED32:
        this.#take(4);
        return;
      case WIRE_START_GROUP:
        this.#skipGroup(tag >>> 3, depth + 1);
        return;
      default:
        throw badTag();
    }
  }

  #skipGroup(field: number, depth: number): void {
    if (depth > MAX_DEPTH) throw tooDeep();
    for (;;) {
      const tag = this.tag();
      if ((tag & 7) === WIRE_END_GROUP) {
        if (tag >>> 3 !== field) throw badTag();
        return;
      }
      this.skip(tag, depth);
    }
  }
}

/** Up to here V8 puts characters together without a tree of them. */
const SHORT_STRING_BYTES = 12;

function shortString(buffer: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let index = from; index < to; index++) {
    const byte = buffer[index] as number;
    if (byte >= 0x80) return longString(buffer, from, to);
    text += String.fromCharCode(byte);
  }
  return text;
}

function longString(buffer: Uint8Array, from: number, to: number): string {
  try {
    return utf8Decoder.decode(buffer.subarray(from, to));
  } catch {
    throw new EncodingError({ code: "encoding/utf8" }, "string field contains invalid UTF-8");
  }
}

const truncated = () => new EncodingError({ code: "encoding/truncated" }, "unexpected EOF");
const varintTooLong = () => new EncodingError({ code: "encoding/varint" }, "integer overflow");
const badTag = () => new EncodingError({ code: "encoding/tag" }, "illegal tag");
export const tooDeep = () =>
  new EncodingError({ code: "encoding/depth" }, "messages are nested too deep");
