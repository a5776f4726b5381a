/** Code as uploaders send it: plain Wasm or gzip. */
import { crc32, inflateRawSync } from "node:zlib";
import { computeErrors } from "./errors.ts";
import { WASM_BYTES_MAX } from "./limits.ts";

export type Uncompressed =
  | { readonly kind: "code"; readonly code: Uint8Array }
  /** More than {@link WASM_BYTES_MAX} bytes: pays for that many, then fails. */
  | { readonly kind: "too_large" };

/** Flags of a gzip header (RFC 1952), each for a field that is there. */
const HEADER_CRC = 2;
const EXTRA = 4;
const NAME = 8;
const COMMENT = 16;
const FIXED_HEADER_BYTES = 10;
/** As in Go. */
const TEXT_BYTES_MAX = 512;

/**
 * Plain code as it is, gzip (magic `1f8b08`) unpacked: its first member, as the
 * network reads no further, whatever stands there. The network cuts what is too large and then
 * finds it is no Wasm; here it is named, with the same code and gas.
 * @throws {SdkError} `compute/15` for broken gzip.
 */
export function uncompress(bytes: Uint8Array): Uncompressed {
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08)) {
    return { kind: "code", code: bytes };
  }
  try {
    return { kind: "code", code: firstMember(bytes) };
  } catch (error) {
    if (isErrorCode(error, "ERR_BUFFER_TOO_LARGE")) return { kind: "too_large" };
    // The text of zlib may change between releases, and texts of results are seen by clients.
    throw computeErrors.createFailed.wrap("gzip: invalid data");
  }
}

/** @throws {RangeError} and errors of zlib. */
function firstMember(bytes: Uint8Array): Uint8Array {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const deflated = input.subarray(headerBytes(input));
  const { buffer: code, engine } = inflateRawSync(deflated, {
    maxOutputLength: WASM_BYTES_MAX,
    info: true,
  }) as unknown as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
  const end = engine.bytesWritten;
  if (
    deflated.readUInt32LE(end) !== crc32(code) ||
    deflated.readUInt32LE(end + 4) !== code.length
  ) {
    throw new RangeError("the content is not what the trailer says");
  }
  return new Uint8Array(code.buffer, code.byteOffset, code.length);
}

function headerBytes(input: Buffer): number {
  const flags = input.readUInt8(3);
  let at = FIXED_HEADER_BYTES;
  if ((flags & EXTRA) !== 0) at += 2 + input.readUInt16LE(at);
  for (const text of [NAME, COMMENT]) {
    if ((flags & text) === 0) continue;
    const length = input.indexOf(0, at) + 1 - at;
    if (length <= 0 || length > TEXT_BYTES_MAX) throw new RangeError("an endless text");
    at += length;
  }
  if ((flags & HEADER_CRC) === 0) return at;
  if (input.readUInt16LE(at) !== (crc32(input.subarray(0, at)) & 0xffff)) {
    throw new RangeError("the header is not what its sum says");
  }
  return at + 2;
}

function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
