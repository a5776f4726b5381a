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

/** The number in the first 8 bytes from `offset`. */
export function readUint64BigEndian(bytes: Uint8Array, offset = 0): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(offset);
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

export function utf8Bytes(text: string): Uint8Array {
  return utf8.encode(text);
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
