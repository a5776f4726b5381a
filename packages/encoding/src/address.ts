/** Addresses as bech32 text. */
import { bech32 } from "@scure/base";
import { EncodingError } from "./errors.ts";

/** The network's prefixes; LocalSecret, testnets and mainnet have the same. */
export const ACCOUNT_PREFIX = "secret";
export const VALIDATOR_PREFIX = "secretvaloper";
export const CONSENSUS_PREFIX = "secretvalcons";

/** Longest text accepted, as in the SDK. */
const MAX_TEXT = 1023;
/** Longest raw address; module-derived ones have 32 bytes, the SDK allows 255. */
const MAX_ADDRESS_BYTES = 255;
/** Both directions together; an entry is about 200 bytes. */
const CACHE_ENTRIES = 20_000;

const texts = new Map<string, string>();
const parsed = new Map<string, Uint8Array>();

/**
 * One character a byte: the quickest key that a map can have. A method of Node's would first move
 * the array off V8's heap.
 */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode.apply(undefined, bytes as unknown as number[]);
}

function remember<V>(cache: Map<string, V>, key: string, value: V): V {
  if (cache.size >= CACHE_ENTRIES) cache.clear();
  cache.set(key, value);
  return value;
}

/**
 * @param bytes 1 to 255 bytes.
 * @throws {EncodingError} `encoding/bech32` on more.
 */
export function toBech32(prefix: string, bytes: Uint8Array): string {
  if (bytes.length > MAX_ADDRESS_BYTES) throw tooLong(bytes);
  // The stroke keeps a prefix apart from bytes that look like the rest of a longer one.
  const key = `${prefix}/${latin1(bytes)}`;
  const text = texts.get(key);
  if (text !== undefined) return text;
  return remember(texts, key, bech32.encode(prefix, bech32.toWords(bytes), MAX_TEXT));
}

const tooLong = (bytes: Uint8Array) =>
  new EncodingError(
    { code: "encoding/bech32" },
    `address max length is ${MAX_ADDRESS_BYTES}, got ${bytes.length}`,
  );

/** @throws {EncodingError} `encoding/bech32` */
export function parseBech32(text: string): { readonly prefix: string; readonly bytes: Uint8Array } {
  const fault = faultOf(text);
  if (fault !== undefined) {
    throw new EncodingError({ code: "encoding/bech32" }, `decoding bech32 failed: ${fault}`);
  }
  try {
    const { prefix, words } = bech32.decode(text as `${string}1${string}`, MAX_TEXT);
    return { prefix, bytes: bech32.fromWords(words) };
  } catch (cause) {
    throw new EncodingError(
      { code: "encoding/bech32" },
      `decoding bech32 failed: ${cause instanceof Error ? cause.message : "invalid"}`,
      { cause },
    );
  }
}

/** What is wrong with the form, in the words of the SDK's decoder. */
function faultOf(text: string): string | undefined {
  if (text.length < 8 || text.length > MAX_TEXT)
    return `invalid bech32 string length ${text.length}`;
  const separator = text.lastIndexOf("1");
  if (separator >= 1 && separator + 7 <= text.length) return undefined;
  return `invalid separator index ${separator}`;
}

/**
 * @returns the raw address; shared with later callers, so it must not be changed.
 * @throws {EncodingError} `encoding/bech32` on a wrong prefix, checksum or length.
 */
export function fromBech32(prefix: string, text: string): Uint8Array {
  const key = `${prefix}/${text}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  if (text.trim().length === 0) {
    throw new EncodingError({ code: "encoding/bech32" }, "empty address string is not allowed");
  }
  const result = parseBech32(text);
  if (result.prefix !== prefix) {
    throw new EncodingError(
      { code: "encoding/bech32" },
      `invalid Bech32 prefix; expected ${prefix}, got ${result.prefix}`,
    );
  }
  if (result.bytes.length === 0 || result.bytes.length > MAX_ADDRESS_BYTES) {
    throw tooLong(result.bytes);
  }
  return remember(parsed, key, result.bytes);
}

export const accountAddress = (bytes: Uint8Array): string => toBech32(ACCOUNT_PREFIX, bytes);
export const fromAccountAddress = (text: string): Uint8Array => fromBech32(ACCOUNT_PREFIX, text);
export const validatorAddress = (bytes: Uint8Array): string => toBech32(VALIDATOR_PREFIX, bytes);
export const fromValidatorAddress = (text: string): Uint8Array =>
  fromBech32(VALIDATOR_PREFIX, text);
export const consensusAddress = (bytes: Uint8Array): string => toBech32(CONSENSUS_PREFIX, bytes);
export const fromConsensusAddress = (text: string): Uint8Array =>
  fromBech32(CONSENSUS_PREFIX, text);
