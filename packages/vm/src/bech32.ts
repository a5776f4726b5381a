/**
 * Bech32 (BIP-173) without its limit of 90 characters, telling wrong inputs apart as the
 * network's engine does: in the same order and with the same texts.
 */

const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GROUP_OF = new Map([...ALPHABET].map((character, group) => [character, group]));
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
/** What the five bits that leave the sum turn over in it: the generators of those that are set, together. */
const REMAINDERS = Int32Array.from({ length: 32 }, (_, top) =>
  GENERATOR.reduce((sum, generator, bit) => (((top >>> bit) & 1) === 1 ? sum ^ generator : sum), 0),
);
const CHECKSUM_LENGTH = 6;
const PREFIX_LENGTH_MAX = 83;

export type Bech32 =
  | { readonly prefix: string; readonly groups: Uint8Array }
  | { readonly error: string };

const CODE_OF = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const GROUP_BY_CODE = new Int8Array(128).fill(-1);
for (const [character, group] of GROUP_OF) GROUP_BY_CODE[character.charCodeAt(0)] = group;

/** @returns the lower-case prefix and the groups of five bits without the checksum. */
export function decodeBech32(text: string): Bech32 {
  return decodeNormal(text) ?? decodeAny(text);
}

/** What is right and in lower case, without telling what is wrong with the rest. */
function decodeNormal(text: string): Bech32 | undefined {
  const separator = text.lastIndexOf("1");
  const length = text.length - separator - 1;
  if (separator < 1 || separator > PREFIX_LENGTH_MAX || length < CHECKSUM_LENGTH) return undefined;
  if (text.length < 8) return undefined;
  for (let index = 0; index < separator; index++) {
    const code = text.charCodeAt(index);
    if (code < 33 || code > 126 || (code >= 65 && code <= 90)) return undefined;
  }
  const groups = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    const group = GROUP_BY_CODE[text.charCodeAt(separator + 1 + index)] ?? -1;
    if (group < 0) return undefined;
    groups[index] = group;
  }
  const prefix = text.slice(0, separator);
  if (checksum(prefix, groups) !== 1) return undefined;
  return { prefix, groups: groups.subarray(0, length - CHECKSUM_LENGTH) };
}

function decodeAny(text: string): Bech32 {
  if (new TextEncoder().encode(text).length < 8) return { error: "invalid length" };
  const separator = text.lastIndexOf("1");
  if (separator < 0) return { error: 'missing human-readable separator, "1"' };
  const data = text.slice(separator + 1);
  if (new TextEncoder().encode(data).length < CHECKSUM_LENGTH) return { error: "invalid length" };
  const refusal = refusePrefix(text.slice(0, separator)) ?? refuseData(text, separator + 1);
  if (refusal !== undefined) return { error: refusal };
  const prefix = text.slice(0, separator).toLowerCase();
  const groups = Uint8Array.from(data.toLowerCase(), (character) => GROUP_OF.get(character)!);
  if (checksum(prefix, groups) !== 1) return { error: "invalid checksum" };
  return { prefix, groups: groups.subarray(0, groups.length - CHECKSUM_LENGTH) };
}

export function encodeBech32(prefix: string, groups: Uint8Array): string {
  const padded = new Uint8Array(groups.length + CHECKSUM_LENGTH);
  padded.set(groups);
  const sum = checksum(prefix, padded) ^ 1;
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    padded[groups.length + index] = (sum >>> (5 * (CHECKSUM_LENGTH - 1 - index))) & 31;
  }
  for (let index = 0; index < padded.length; index++) padded[index] = CODE_OF[padded[index]!]!;
  return `${prefix}1${String.fromCharCode.apply(undefined, padded as unknown as number[])}`;
}

/** Groups of five bits, the last one filled up with zeros. */
export function toFiveBits(bytes: Uint8Array): Uint8Array {
  const groups = new Uint8Array(Math.ceil((bytes.length * 8) / 5));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      groups[at++] = (held >>> bits) & 31;
    }
  }
  if (bits > 0) groups[at] = (held << (5 - bits)) & 31;
  return groups;
}

/** The inverse of {@link toFiveBits}; undefined if what is left over is not a filling of zeros. */
export function fromFiveBits(groups: Uint8Array): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((groups.length * 5) / 8));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const group of groups) {
    held = ((held << 5) | group) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >>> bits;
    }
  }
  return bits >= 5 || (held & ((1 << bits) - 1)) !== 0 ? undefined : bytes;
}

function refusePrefix(prefix: string): string | undefined {
  const bytes = new TextEncoder().encode(prefix);
  if (bytes.length === 0 || bytes.length > PREFIX_LENGTH_MAX) return "invalid length";
  let hasLower = false;
  let hasUpper = false;
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (byte < 33 || byte > 126) return `invalid character (code=${character})`;
    hasLower ||= isLower(character);
    hasUpper ||= isUpper(character);
    if (hasLower && hasUpper) return "mixed-case strings not allowed";
  }
  return undefined;
}

/** Letters of the data must have the case of the letters before them. */
function refuseData(text: string, from: number): string | undefined {
  const prefix = text.slice(0, from);
  let hasLower = [...prefix].some(isLower);
  let hasUpper = [...prefix].some(isUpper);
  for (const character of text.slice(from)) {
    hasLower ||= isLower(character);
    hasUpper ||= isUpper(character);
    if (hasLower && hasUpper && character.charCodeAt(0) < 128) {
      return "mixed-case strings not allowed";
    }
    if (!GROUP_OF.has(character.toLowerCase()) || character.charCodeAt(0) > 127) {
      return `invalid character (code=${character})`;
    }
  }
  return undefined;
}

const isLower = (character: string): boolean => character >= "a" && character <= "z";
const isUpper = (character: string): boolean => character >= "A" && character <= "Z";

function checksum(prefix: string, groups: Uint8Array): number {
  let sum = 1;
  for (let index = 0; index < prefix.length; index++) {
    sum = step(sum, prefix.charCodeAt(index) >>> 5);
  }
  sum = step(sum, 0);
  for (let index = 0; index < prefix.length; index++) {
    sum = step(sum, prefix.charCodeAt(index) & 31);
  }
  for (let index = 0; index < groups.length; index++) sum = step(sum, groups[index]!);
  return sum;
}

function step(sum: number, group: number): number {
  return ((sum & 0x1ffffff) << 5) ^ group ^ REMAINDERS[sum >>> 25]!;
}
