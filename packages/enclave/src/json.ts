import { compareBytes, fromBase64 } from "@tacit/encoding";
import { fromUtf8, utf8 } from "./bytes.ts";
import { attempt, CallError } from "./errors.ts";

/** `JSON.rawJSON` (ES2025) is missing from the compiler's library. */
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

export type JsonObject = { readonly [key: string]: unknown };

/** The network's parser stops here too. */
const NESTING_MAX = 127;

/** Digits that might not fit a double. */
const LONG_NUMBER = /\d{16}/;

/**
 * Parses what a contract wrote; integers beyond 2^53 become bigint.
 * @throws {CallError} `enclave/bad_output` for anything that is no JSON, or nests deeper than 127.
 */
export function parseContractJson(text: string): unknown {
  assertShallow(text);
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, exactIntegers) : JSON.parse(text);
  } catch (cause) {
    throw new CallError("enclave/bad_output", { cause });
  }
}

/** The object that the bytes are; undefined for what is none. */
export function readJsonObject(bytes: Uint8Array): JsonObject | undefined {
  const text = fromUtf8(bytes);
  const value = text === undefined ? undefined : attempt(() => parseContractJson(text));
  return isObject(value) ? value : undefined;
}

/** Bytes in base64; undefined for what is none. */
export function readBase64(value: unknown): Uint8Array | undefined {
  return typeof value === "string" ? attempt(() => fromBase64(value)) : undefined;
}

/** The inverse: bigint becomes an integer again. */
export function toContractJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    typeof item === "bigint" ? rawJson(item.toString()) : item,
  );
}

/** As `toContractJson`, with the keys of every object in byte order, as the network writes values. */
export function toSortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toSortedJson).join(",")}]`;
  if (!isObject(value)) return toContractJson(value);
  const entries = Object.entries(value).map(([key, item]) => ({ key, name: utf8(key), item }));
  entries.sort((a, b) => compareBytes(a.name, b.name));
  return `{${entries.map(({ key, item }) => `${JSON.stringify(key)}:${toSortedJson(item)}`).join(",")}}`;
}

/** Section 2.4: a contract's error, without the quotation marks at its ends. */
export function errorText(error: unknown): string {
  return toSortedJson(error).replace(/^"+|"+$/g, "");
}

function exactIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}

function assertShallow(text: string): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (inString) {
      if (character === 0x5c) index++;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x7b || character === 0x5b) {
      depth++;
      if (depth > NESTING_MAX) throw new CallError("enclave/bad_output");
    } else if (character === 0x7d || character === 0x5d) depth--;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @throws {CallError} `enclave/bad_output`. */
export function asObject(value: unknown): JsonObject {
  if (!isObject(value)) throw new CallError("enclave/bad_output");
  return value;
}

/** @throws {CallError} `enclave/bad_output`. */
export function asString(value: unknown): string {
  if (typeof value !== "string") throw new CallError("enclave/bad_output");
  return value;
}

/** Undefined for null and for an absent field. @throws {CallError} `enclave/bad_output`. */
export function asOptionalString(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : asString(value);
}

/** @throws {CallError} `enclave/bad_output`. */
export function asArray(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new CallError("enclave/bad_output");
  return value;
}

const U64_MAX = (1n << 64n) - 1n;

/** An integer of 0 to 2^64 - 1. @throws {CallError} `enclave/bad_output`. */
export function asU64(value: unknown): bigint {
  const isInteger = typeof value === "bigint" || Number.isSafeInteger(value);
  const number = isInteger ? BigInt(value as bigint | number) : -1n;
  if (number < 0n || number > U64_MAX) throw new CallError("enclave/bad_output");
  return number;
}
