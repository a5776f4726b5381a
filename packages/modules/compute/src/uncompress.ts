/** Code as uploaders send it: plain Wasm or gzip. */
import { gunzipSync } from "node:zlib";
import { computeErrors } from "./errors.ts";
import { WASM_BYTES_MAX } from "./limits.ts";

export type Uncompressed =
  | { readonly kind: "code"; readonly code: Uint8Array }
  /** More than {@link WASM_BYTES_MAX} bytes: pays for that many, then fails. */
  | { readonly kind: "too_large" };

/**
 * Plain code as it is, gzip (magic `1f8b08`) unpacked. The network cuts what is too large and then
 * finds it is no Wasm; here it is named, with the same code and gas.
 * @throws {SdkError} `compute/15` for broken gzip.
 */
export function uncompress(bytes: Uint8Array): Uncompressed {
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08)) {
    return { kind: "code", code: bytes };
  }
  try {
    const code = gunzipSync(bytes, { maxOutputLength: WASM_BYTES_MAX });
    return { kind: "code", code: new Uint8Array(code.buffer, code.byteOffset, code.length) };
  } catch (error) {
    if (isErrorCode(error, "ERR_BUFFER_TOO_LARGE")) return { kind: "too_large" };
    // The text of zlib may change between releases, and texts of results are seen by clients.
    throw computeErrors.createFailed.wrap("gzip: invalid data");
  }
}

function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
