/** The SDK's Int: an integer of at most 256 bits and a sign, on the wire as decimal text. */
import { EncodingError } from "./errors.ts";

const LIMIT = 1n << 256n;
/** Digits of 2^256, and a sign. */
const MAX_TEXT = 79;

/**
 * Go also reads "+1", "0x10" and octal "010"; no client writes them and they are refused here.
 *
 * @param text decimal digits with an optional minus; empty is zero, as on the wire.
 * @throws {EncodingError} `encoding/number`
 */
export function parseInt256(text: string): bigint {
  if (text === "") return 0n;
  if (text.length > MAX_TEXT || !/^-?(0|[1-9]\d*)$/.test(text)) {
    throw new EncodingError({ code: "encoding/number" }, "invalid integer");
  }
  return checkInt256(BigInt(text));
}

/** @throws {EncodingError} `encoding/number` beyond 256 bits. */
export function checkInt256(value: bigint): bigint {
  if (value >= LIMIT || value <= -LIMIT) {
    throw new EncodingError({ code: "encoding/number" }, "integer out of range");
  }
  return value;
}
