/** Pieces of store keys, as the SDK's collections and address packages write them. */
import { invariant } from "@tacit/encoding/errors";

export { uint64BigEndian } from "@tacit/encoding";

/** One length byte, then the bytes; at most 255 of them. */
export function lengthPrefixed(bytes: Uint8Array): Uint8Array {
  invariant(bytes.length <= 255, "a length-prefixed part has at most 255 bytes");
  const prefixed = new Uint8Array(bytes.length + 1);
  prefixed[0] = bytes.length;
  prefixed.set(bytes, 1);
  return prefixed;
}

/** The number in the first 8 bytes from `offset`. @throws {RangeError} past the end. */
export function readUint64BigEndian(bytes: Uint8Array, offset = 0): bigint {
  const high = readUint32BigEndian(bytes, offset);
  return (BigInt(high) << 32n) | BigInt(readUint32BigEndian(bytes, offset + 4));
}

/**
 * The number in the first 4 bytes from `offset`, NaN past the end. No DataView: making one of a
 * short array moves the array out of V8's heap.
 */
export function readUint32BigEndian(bytes: Uint8Array, offset = 0): number {
  let value = 0;
  for (let at = offset; at < offset + 4; at++) value = value * 0x100 + (bytes[at] as number);
  return value;
}

/** The smallest key above every key with this prefix; absent if there is none. */
export function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length -= 1;
  if (length === 0) return undefined;
  const end = prefix.slice(0, length);
  end[length - 1]! += 1;
  return end;
}

const utf8 = new TextEncoder();
const utf8Strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8SequenceBytesMax = 4;

/** Up to this length a loop over ASCII is ten times faster than the encoder. */
const asciiLoopMax = 64;

export function utf8Bytes(text: string): Uint8Array {
  const { length } = text;
  if (length > asciiLoopMax) return utf8.encode(text);
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) return utf8.encode(text);
    bytes[index] = unit;
  }
  return bytes;
}

/**
 * Text of UTF-8 bytes. Each byte that belongs to no character becomes U+FFFD, as Go's JSON writes
 * such bytes of a log.
 */
export function utf8Text(bytes: Uint8Array): string {
  return decodeStrictly(bytes) ?? decodeByCharacter(bytes);
}

function decodeStrictly(bytes: Uint8Array): string | undefined {
  try {
    return utf8Strict.decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeByCharacter(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    let lengthBytes = 1;
    let character = decodeStrictly(bytes.subarray(at, at + 1));
    while (character === undefined && lengthBytes < utf8SequenceBytesMax) {
      lengthBytes += 1;
      if (at + lengthBytes > bytes.length) break;
      character = decodeStrictly(bytes.subarray(at, at + lengthBytes));
    }
    text += character ?? "\ufffd";
    at += character === undefined ? 1 : lengthBytes;
  }
  return text;
}
