/** Reading the JSON dialect of clients. */
import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { fromAccountAddress, fromConsensusAddress, fromValidatorAddress } from "./address.ts";
import { fromBase64, fromHex } from "./bytes.ts";
import type { JsonValue, Types } from "./client-json.ts";
import { decodeMessage, encodeMessage } from "./codec.ts";
import { Dec } from "./dec.ts";
import { EncodingError } from "./errors.ts";
import { type FieldOptions, fieldOptions } from "./gogo-options.ts";
import { parseInt256 } from "./int.ts";
import { parseDuration, parseTimestamp } from "./time-text.ts";
import { MAX_DEPTH } from "./wire.ts";

export interface FromJsonOptions {
  /** The types that Any values may have. */
  readonly types: Types;
  /** Pass over fields that the message does not have instead of refusing them. */
  readonly ignoreUnknown?: boolean;
}

interface Context extends FromJsonOptions {
  readonly path: string;
  readonly depth: number;
}

type Fields = Record<string, unknown>;

/**
 * Accepts snake_case and camelCase names, numbers quoted or bare, enums by name or number.
 *
 * @throws {EncodingError} `encoding/json` with the path of what does not fit, or
 *   `encoding/unknown_type` for an Any.
 */
export function fromClientJson<Desc extends DescMessage>(
  schema: Desc,
  json: JsonValue,
  options: FromJsonOptions,
): MessageShape<Desc> {
  return readMessage(schema, json, { ...options, path: "", depth: 0 }) as MessageShape<Desc>;
}

/** JSON text whose integers beyond 2^53 stay exact, as strings. */
export function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text, exactNumber) as JsonValue;
  } catch (cause) {
    throw new EncodingError({ code: "encoding/json", path: "" }, "invalid JSON", { cause });
  }
}

function exactNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  const unsafe = typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return unsafe ? (context?.source ?? value) : value;
}

const fail = (context: Context, what: string) =>
  new EncodingError(
    { code: "encoding/json", path: context.path },
    context.path === "" ? what : `${context.path}: ${what}`,
  );

const inside = (context: Context, part: string): Context => ({
  ...context,
  path: context.path === "" ? part : `${context.path}.${part}`,
  depth: context.depth + 1,
});

function readMessage(schema: DescMessage, json: JsonValue, context: Context): Fields {
  if (context.depth > MAX_DEPTH) throw fail(context, "nested too deep");
  switch (schema.typeName) {
    case "google.protobuf.Timestamp":
      return { $typeName: schema.typeName, ...parseTimestamp(text(json, context)) };
    case "google.protobuf.Duration":
      return { $typeName: schema.typeName, ...parseDuration(text(json, context)) };
    case "google.protobuf.Any":
      return readAny(json, context);
  }
  const message = decodeMessage(schema, new Uint8Array()) as Fields;
  const names = namesOf(schema);
  for (const [key, value] of Object.entries(asObject(json, context))) {
    const field = names.get(key);
    if (field === undefined) {
      if (context.ignoreUnknown === true) continue;
      throw fail(context, `unknown field "${key.slice(0, 64)}" in ${schema.typeName}`);
    }
    if (value === null) continue;
    const read = readField(field, value, inside(context, key));
    if (field.oneof === undefined) message[field.localName] = read;
    else message[field.oneof.localName] = { case: field.localName, value: read };
  }
  return message;
}

const names = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>();

function namesOf(schema: DescMessage): ReadonlyMap<string, DescField> {
  let map = names.get(schema);
  if (map === undefined) {
    map = new Map(
      schema.fields.flatMap((field) => [
        [field.jsonName, field],
        [field.name, field],
      ]),
    );
    names.set(schema, map);
  }
  return map;
}

function readAny(json: JsonValue, context: Context): Fields {
  const { "@type": typeUrl, ...rest } = asObject(json, context);
  if (typeof typeUrl !== "string") throw fail(context, "Any JSON doesn't have '@type'");
  const schema = context.types.getMessage(typeUrl.slice(typeUrl.lastIndexOf("/") + 1));
  if (schema === undefined) {
    throw new EncodingError(
      { code: "encoding/unknown_type", typeUrl },
      `unable to resolve type URL ${typeUrl.slice(0, 256)}`,
    );
  }
  const isPlain = !/^google\.protobuf\.(Any|Timestamp|Duration)$/.test(schema.typeName);
  const content = readMessage(schema, isPlain ? rest : (rest.value ?? null), {
    ...context,
    depth: context.depth + 1,
  });
  return {
    $typeName: "google.protobuf.Any",
    typeUrl,
    value: encodeMessage(schema, content as MessageShape<DescMessage>),
  };
}

function readField(field: DescField, json: JsonValue, context: Context): unknown {
  switch (field.fieldKind) {
    case "message":
      return readMessage(field.message, json, context);
    case "enum":
      return readEnum(field.enum, json, context);
    case "scalar":
      return readScalar(field.scalar, fieldOptions(field), json, context);
    case "list":
      if (!Array.isArray(json)) throw fail(context, "expected a list");
      return json.map((item: JsonValue, index) => {
        const at = inside(context, String(index));
        if (field.listKind === "message") return readMessage(field.message, item, at);
        if (field.listKind === "enum") return readEnum(field.enum, item, at);
        return readScalar(field.scalar, fieldOptions(field), item, at);
      });
    default:
      throw fail(context, "maps are not supported");
  }
}

function readEnum(desc: DescEnum, json: JsonValue, context: Context): number {
  if (typeof json === "number" && Number.isInteger(json) && json === (json | 0)) return json;
  const name = text(json, context);
  const value = desc.values.find((candidate) => candidate.name === name);
  if (value !== undefined) return value.number;
  if (/^-?\d{1,10}$/.test(name)) return Number(name) | 0;
  throw fail(context, `unknown value "${name.slice(0, 64)}" for enum ${desc.typeName}`);
}

/** What Go reads as a boolean in a query string. */
const TRUE = /^(1|t|T|true|True|TRUE)$/;
const FALSE = /^(0|f|F|false|False|FALSE)$/;

/** One scalar from JSON, or from the text of a query parameter. */
export function readScalar(
  type: ScalarType,
  options: FieldOptions,
  json: JsonValue,
  context: Context,
): unknown {
  if (options.custom !== undefined) return readNumberText(type, options, json, context);
  switch (type) {
    case ScalarType.STRING:
      return text(json, context);
    case ScalarType.BOOL:
      if (json === true || (typeof json === "string" && TRUE.test(json))) return true;
      if (json === false || (typeof json === "string" && FALSE.test(json))) return false;
      throw fail(context, "expected true or false");
    case ScalarType.BYTES:
      return readBytes(options, json, context);
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return readFloat(json, context);
    default:
      return readInteger(type, json, context);
  }
}

function readFloat(json: JsonValue, context: Context): number {
  const value = typeof json === "string" && json.trim() !== "" ? Number(json) : json;
  if (typeof value !== "number" || Number.isNaN(value)) throw fail(context, "expected a number");
  return value;
}

/** Bits and sign of the integer types. */
const INTEGERS: Readonly<Partial<Record<ScalarType, { bits: number; signed: boolean }>>> = {
  [ScalarType.INT32]: { bits: 32, signed: true },
  [ScalarType.SINT32]: { bits: 32, signed: true },
  [ScalarType.SFIXED32]: { bits: 32, signed: true },
  [ScalarType.UINT32]: { bits: 32, signed: false },
  [ScalarType.FIXED32]: { bits: 32, signed: false },
  [ScalarType.INT64]: { bits: 64, signed: true },
  [ScalarType.SINT64]: { bits: 64, signed: true },
  [ScalarType.SFIXED64]: { bits: 64, signed: true },
  [ScalarType.UINT64]: { bits: 64, signed: false },
  [ScalarType.FIXED64]: { bits: 64, signed: false },
};

function readInteger(type: ScalarType, json: JsonValue, context: Context): number | bigint {
  const shape = INTEGERS[type] as { bits: number; signed: boolean };
  const digits = typeof json === "number" ? String(json) : json;
  if (typeof digits !== "string" || !/^-?\d{1,20}$/.test(digits)) {
    throw fail(context, "expected an integer");
  }
  const value = BigInt(digits);
  const same = shape.signed ? BigInt.asIntN(shape.bits, value) : BigInt.asUintN(shape.bits, value);
  if (same !== value) throw fail(context, "integer out of range");
  return shape.bits === 64 ? value : Number(value);
}

function readBytes(options: FieldOptions, json: JsonValue, context: Context): Uint8Array {
  if (options.rawJson) return new TextEncoder().encode(JSON.stringify(json));
  const value = text(json, context);
  switch (options.address) {
    case "account":
      return value === "" ? new Uint8Array() : fromAccountAddress(value);
    case "validator":
      return value === "" ? new Uint8Array() : fromValidatorAddress(value);
    case "consensus":
      return value === "" ? new Uint8Array() : fromConsensusAddress(value);
    default:
      return options.hexBytes ? fromHex(value) : fromBase64(value);
  }
}

function readNumberText(
  type: ScalarType,
  options: FieldOptions,
  json: JsonValue,
  context: Context,
): string | Uint8Array {
  const value = typeof json === "number" ? String(json) : text(json, context);
  const wire = options.custom === "dec" ? Dec.parse(value).toWire() : parseInt256(value).toString();
  return type === ScalarType.BYTES ? new TextEncoder().encode(wire) : wire;
}

function text(json: JsonValue, context: Context): string {
  if (typeof json !== "string") throw fail(context, "expected a string");
  return json;
}

function asObject(json: JsonValue, context: Context): { readonly [key: string]: JsonValue } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw fail(context, "expected an object");
  }
  return json as { readonly [key: string]: JsonValue };
}
