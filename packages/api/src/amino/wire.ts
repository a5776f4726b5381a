/** Pieces of amino's binary form, which looks like protobuf's. */
import { concatBytes, EncodingError } from "@tacit/encoding";

export const VARINT = 0;
export const BYTES = 2;

const utf8 = new TextDecoder("utf-8", { fatal: true });

export function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

const key = (number: number, type: number) => varint(BigInt(number * 8 + type));

export function varintField(number: number, value: bigint): Uint8Array {
  return value === 0n ? new Uint8Array() : concatBytes(key(number, VARINT), varint(value));
}

/** Written even when empty; the caller leaves out what is absent. */
export function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(key(number, BYTES), sized(bytes));
}

export const sized = (bytes: Uint8Array): Uint8Array =>
  concatBytes(varint(BigInt(bytes.length)), bytes);

export const text = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new EncodingError({ code: "encoding/utf8" }, "text is not UTF-8", { cause });
  }
};

/** Reads a struct's fields, which must come in ascending order. */
export class AminoReader {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #lastNumber = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  key(): { readonly number: number; readonly type: number } {
    const value = this.varint();
    const number = Number(value >> 3n);
    if (number < this.#lastNumber || number === 0 || number > 1_000) {
      throw new EncodingError({ code: "encoding/tag" }, "field out of order");
    }
    this.#lastNumber = number;
    return { number, type: Number(value & 7n) };
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#offset++];
      if (byte === undefined) throw truncated();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (value >= 1n << 64n) break;
        return value;
      }
    }
    throw new EncodingError({ code: "encoding/varint" }, "number of more than 64 bits");
  }

  sized(): Uint8Array {
    const length = this.varint();
    if (length > BigInt(this.#bytes.length - this.#offset)) throw truncated();
    const start = this.#offset;
    this.#offset += Number(length);
    return this.#bytes.subarray(start, this.#offset);
  }
}

export const truncated = () => new EncodingError({ code: "encoding/truncated" }, "bytes end early");
