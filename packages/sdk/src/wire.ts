/**
 * Reading protobuf by hand, for what every transaction needs and reflection would be slow at.
 * Strict as Go's decoder: a truncated value or an over-long varint is an error, never a guess.
 */
import { ProtocolError } from "@tacit/encoding/errors";

/** Bytes that are not protobuf. Becomes code 2 of `sdk` where a transaction is decoded. */
export class WireError extends ProtocolError<{ readonly code: "sdk/wire" }> {
  constructor(text: string) {
    super({ code: "sdk/wire" }, text);
  }
}

export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, group: 3, endGroup: 4, fixed32: 5 };

const maxFieldNumber = (1 << 29) - 1;

/** Walks the fields of one message. Byte fields are views of the input, not copies. */
export class WireReader {
  readonly bytes: Uint8Array;
  #offset = 0;
  /** Number and wire type of the field that `next` arrived at. */
  field = 0;
  wireType = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Reads the next tag. @returns false at the end. */
  next(): boolean {
    if (this.#offset >= this.bytes.length) return false;
    const tag = this.#tag();
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0 || this.field > maxFieldNumber)
      throw new WireError("invalid field number");
    return true;
  }

  /** The tag's varint; more than 32 bits are an error. */
  #tag(): number {
    const value = this.varint();
    if (value > 0xffffffffn) throw new WireError("invalid field number");
    return Number(value);
  }

  /** A varint as an unsigned 64-bit number. */
  varint(): bigint {
    const { bytes } = this;
    const first = bytes[this.#offset];
    if (first === undefined) throw new WireError("unexpected EOF");
    if (first < 0x80) {
      this.#offset += 1;
      return BigInt(first);
    }
    let low = 0;
    let value = 0n;
    for (let index = 0; index < 10; index += 1) {
      const byte = bytes[this.#offset + index];
      if (byte === undefined) throw new WireError("unexpected EOF");
      if (index === 9 && byte > 1) throw new WireError("variable length integer overflow");
      if (index < 4) low += (byte & 0x7f) * 2 ** (7 * index);
      else value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) {
        this.#offset += index + 1;
        return value | BigInt(low);
      }
    }
    throw new WireError("variable length integer overflow");
  }

  /** A length-delimited value, as a view. */
  view(): Uint8Array {
    const length = this.varint();
    const start = this.#offset;
    if (length > BigInt(this.bytes.length - start)) throw new WireError("unexpected EOF");
    this.#offset = start + Number(length);
    return this.bytes.subarray(start, this.#offset);
  }

  /** A length-delimited value that must be valid UTF-8. */
  text(): string {
    const bytes = this.view();
    try {
      return utf8.decode(bytes);
    } catch {
      throw new WireError("string field contains invalid UTF-8");
    }
  }

  /** Steps over the value of the field that `next` arrived at; groups are refused. */
  skip(): void {
    switch (this.wireType) {
      case wireTypes.varint:
        this.varint();
        return;
      case wireTypes.fixed64:
        this.#advance(8);
        return;
      case wireTypes.bytes:
        this.view();
        return;
      case wireTypes.fixed32:
        this.#advance(4);
        return;
      default:
        throw new WireError("unsupported wire type");
    }
  }

  /** @throws {WireError} unless the field has this wire type. */
  expect(wireType: number): void {
    if (this.wireType !== wireType) {
      throw new WireError(
        `mismatched wire type of field ${this.field}: got ${this.wireType}, want ${wireType}`,
      );
    }
  }

  #advance(bytes: number): void {
    if (this.#offset + bytes > this.bytes.length) throw new WireError("unexpected EOF");
    this.#offset += bytes;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
