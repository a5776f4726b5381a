/** Fixed formats: what is written has one encoding, and what is read is read to its end. */
import { bytesToInteger, concatBytes, integerToBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";

/** Most bytes of one variable-length field; nothing here comes near it. */
const FIELD_BYTES_MAX = 1 << 26;

/** Appends fields. Integers are big-endian. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];

  unsigned(value: number | bigint, lengthBytes: number): this {
    this.#parts.push(integerToBytes(BigInt(value), lengthBytes, false));
    return this;
  }

  fixed(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  /** With the length before it, as four bytes. */
  variable(bytes: Uint8Array): this {
    return this.unsigned(bytes.length, 4).fixed(bytes);
  }

  element<P>(group: Pick<Group<P>, "encode">, point: P): this {
    return this.fixed(group.encode(point));
  }

  scalar(group: Pick<Group<unknown>, "encodeScalar">, scalar: Scalar): this {
    return this.fixed(group.encodeScalar(scalar));
  }

  bytes(): Uint8Array {
    return concatBytes(...this.#parts);
  }
}

/** Takes fields off the front. Everything throws `threshold/length` beyond the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remainingBytes(): number {
    return this.#bytes.length - this.#offset;
  }

  fixed(lengthBytes: number): Uint8Array {
    if (lengthBytes > this.remainingBytes) this.#fail();
    this.#offset += lengthBytes;
    return this.#bytes.slice(this.#offset - lengthBytes, this.#offset);
  }

  /** At most 6 bytes, so that the number is exact. */
  unsigned(lengthBytes: number): number {
    return Number(this.unsignedBig(lengthBytes));
  }

  unsignedBig(lengthBytes: number): bigint {
    return bytesToInteger(this.fixed(lengthBytes), false);
  }

  variable(): Uint8Array {
    const lengthBytes = this.unsigned(4);
    if (lengthBytes > FIELD_BYTES_MAX) this.#fail();
    return this.fixed(lengthBytes);
  }

  /** @throws {ThresholdError} also what the group's decoding throws. */
  element<P>(group: Pick<Group<P>, "elementBytes" | "decode">): P {
    return group.decode(this.fixed(group.elementBytes));
  }

  /** @throws {ThresholdError} also `threshold/scalar`. */
  scalar(group: Pick<Group<unknown>, "scalarBytes" | "decodeScalar">): Scalar {
    return group.decodeScalar(this.fixed(group.scalarBytes));
  }

  /** @throws {ThresholdError} `threshold/length` if bytes are left. */
  end(): void {
    if (this.remainingBytes !== 0) this.#fail();
  }

  #fail(): never {
    const lengthBytes = this.#bytes.length;
    throw new ThresholdError({ code: "threshold/length", what: "message", lengthBytes });
  }
}
