/** JSON that contracts write: 64-bit numbers kept exact, every field checked. */
import { ProtocolError } from "@tacit/encoding";
import { utf8Text } from "@tacit/sdk";
import { JSON_DEPTH_MAX } from "./limits.ts";

export type JsonObject = { readonly [key: string]: unknown };

/** The value was not what the reader asked for; callers give it the error of their place. */
export class JsonShapeError extends ProtocolError<{ readonly code: "compute/json_shape" }> {
  readonly path: string;

  constructor(path: string) {
    super({ code: "compute/json_shape" }, `malformed field '${path}'`);
    this.path = path;
  }
}

/**
 * Parses JSON, integers beyond 2^53 as bigint.
 * @throws {JsonShapeError} if the bytes are no JSON, or nest deeper than {@link JSON_DEPTH_MAX}:
 *   how deep a parser gets on its own depends on the machine.
 */
export function parseJson(bytes: Uint8Array): unknown {
  assertShallow(bytes);
  try {
    return JSON.parse(utf8Text(bytes), exactIntegers);
  } catch {
    throw new JsonShapeError("");
  }
}

const [quote, backslash] = [0x22, 0x5c];

/** Counts brackets and braces outside of strings; the bytes need not be JSON. */
function assertShallow(bytes: Uint8Array): void {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (isInString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) {
      isInString = true;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > JSON_DEPTH_MAX) throw new JsonShapeError("");
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    }
  }
}

function exactIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  return /^-?\d+$/.test(source) ? BigInt(source) : value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The only key of an enum's object with its content. @throws {JsonShapeError} */
export function readVariant(
  value: unknown,
  path: string,
): readonly [variant: string, content: JsonObject] {
  if (!isObject(value)) throw new JsonShapeError(path);
  const keys = Object.keys(value).filter((key) => value[key] !== null);
  const [variant] = keys;
  const content = variant === undefined ? undefined : value[variant];
  if (keys.length !== 1 || variant === undefined || !isObject(content)) {
    throw new JsonShapeError(path);
  }
  return [variant, content];
}

export function readString(object: JsonObject, key: string): string {
  const value = object[key];
  if (typeof value !== "string") throw new JsonShapeError(key);
  return value;
}

/** A string, or `undefined` for an absent or null field. */
export function readOptionalString(object: JsonObject, key: string): string | undefined {
  return object[key] === undefined || object[key] === null ? undefined : readString(object, key);
}

/** A number from 0 to 2^64 - 1. */
export function readUint64(object: JsonObject, key: string): bigint {
  const value = object[key];
  if (typeof value !== "number" && typeof value !== "bigint") throw new JsonShapeError(key);
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new JsonShapeError(key);
  const number = BigInt(value);
  if (number < 0n || number >= 1n << 64n) throw new JsonShapeError(key);
  return number;
}

const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes in standard base64 with padding; an absent or null field is empty. */
export function readBytes(object: JsonObject, key: string): Uint8Array {
  const text = readOptionalString(object, key) ?? "";
  if (!base64Pattern.test(text)) throw new JsonShapeError(key);
  return new Uint8Array(Buffer.from(text, "base64"));
}

export function readObject(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  if (!isObject(value)) throw new JsonShapeError(key);
  return value;
}

/** A list of objects; an absent or null field is empty. */
export function readObjects(object: JsonObject, key: string): readonly JsonObject[] {
  const value = object[key] ?? [];
  if (!Array.isArray(value) || !value.every(isObject)) throw new JsonShapeError(key);
  return value;
}
