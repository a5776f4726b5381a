import { ChannelError, malformed } from "./errors.ts";

const utf8Encoder = new TextEncoder();
/** `ignoreBOM` keeps a leading byte order mark, so that decoding and encoding are inverses. */
const utf8Decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const INITIAL_BYTES = 64 * 1024;
const KEPT_BYTES_MAX = 1024 * 1024;

/** Appends little-endian values to a buffer that grows. */
export class Writer {
  readonly #keptBytesMax: number;
  #buffer = new Uint8Array(INITIAL_BYTES);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  /** @param keptBytesMax of the buffer that is used again after {@link reset}. */
  constructor(keptBytesMax: number = KEPT_BYTES_MAX) {
    this.#keptBytesMax = keptBytesMax;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  u64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigUint64(this.#length, value, true);
    this.#length += 8;
  }

  /** Length, then the bytes. */
  bytes(value: Uint8Array): void {
    this.u32(value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Length, then UTF-8. */
  text(value: string): number {
    const lengthAt = this.#length;
    this.#reserve(4 + value.length * 3);
    const { written } = utf8Encoder.encodeInto(value, this.#buffer.subarray(lengthAt + 4));
    this.#view.setUint32(lengthAt, written, true);
    this.#length = lengthAt + 4 + written;
    return written;
  }

  /** Overwrites four bytes written before. */
  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  get length(): number {
    return this.#length;
  }

  /** Begins anew in the same memory, unless an unusually large message made it grow. */
  reset(): void {
    this.#length = 0;
    if (this.#buffer.length <= this.#keptBytesMax) return;
    this.#buffer = new Uint8Array(INITIAL_BYTES);
    this.#view = new DataView(this.#buffer.buffer);
  }

  /** A view of what was written; valid until the next write. */
  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** Reads what `Writer` wrote. @throws {ChannelError} `channel/malformed` past the end and for anything not canonical. */
export class Reader {
  readonly #buffer: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  /** @param buffer must not change any more: there may be views of it. */
  constructor(buffer: Uint8Array) {
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  /** A copy, so that keeping it does not keep the frame. */
  bytes(lengthMax: number): Uint8Array {
    const at = this.#sized(lengthMax);
    return this.#buffer.slice(at, this.#offset);
  }

  /** A view, which keeps the whole frame as long as it is kept. */
  view(lengthMax: number): Uint8Array {
    const at = this.#sized(lengthMax);
    return this.#buffer.subarray(at, this.#offset);
  }

  text(lengthMax: number): string {
    const at = this.#sized(lengthMax);
    try {
      return utf8Decoder.decode(this.#buffer.subarray(at, this.#offset));
    } catch (cause) {
      throw new ChannelError({ code: "channel/malformed", reason: "text is not UTF-8" }, { cause });
    }
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#buffer.length;
  }

  /** @throws {ChannelError} `channel/malformed` if bytes are left over. */
  finish(): void {
    if (!this.isAtEnd) throw malformed("bytes left over");
  }

  #sized(lengthMax: number): number {
    const length = this.u32();
    if (length > lengthMax) {
      throw new ChannelError({ code: "channel/too_large", what: "byte string", size: length });
    }
    return this.#advance(length);
  }

  #advance(bytes: number): number {
    const at = this.#offset;
    if (bytes > this.#buffer.length - at) throw malformed("ends too early");
    this.#offset = at + bytes;
    return at;
  }
}
