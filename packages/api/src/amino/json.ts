/** Reads amino's JSON, which wallets sign and old clients send, into messages. */
import { type DescField, type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import {
  type AnyValue,
  Dec,
  decodeMessage,
  EncodingError,
  encodeMessage,
  fieldOptions,
  fromBase64,
  type JsonValue,
  messageOptions,
  parseInt256,
  parseTimestamp,
  type TypeRegistry,
} from "@tacit/encoding";
import type { Fields } from "./binary.ts";
import { aminoNames } from "./names.ts";

type Json = { readonly [key: string]: JsonValue };

interface Place {
  readonly types: TypeRegistry;
  readonly path: string;
  readonly depth: number;
}

/** Values in values; deeper input is refused. */
const DEPTH_MAX = 32;
const NANOS = 1_000_000_000n;
const utf8 = new TextEncoder();

/** `{"type": name, "value": fields}` as an Any. @throws {EncodingError} `encoding/json`. */
export function anyFromAminoJson(json: JsonValue, types: TypeRegistry, path = ""): AnyValue {
  return readAny(json, { types, path, depth: 0 });
}

/** A message's fields; those that it does not have are passed over, as Go does. */
export function fromAminoJson(
  schema: DescMessage,
  json: JsonValue,
  types: TypeRegistry,
  path = "",
): Fields {
  return readStruct(schema, json, { types, path, depth: 0 });
}

function readAny(json: JsonValue, place: Place): AnyValue {
  const { type, value } = asObject(json, place);
  const schema = typeof type === "string" ? aminoNames(place.types).byName(type) : undefined;
  if (schema === undefined) {
    throw fail(place, `unrecognized concrete type name ${JSON.stringify(type)?.slice(0, 128)}`);
  }
  const message = readBody(schema, value ?? {}, inside(place, "value"));
  return { typeUrl: `/${schema.typeName}`, value: encodeMessage(schema, message as never) };
}

function readBody(schema: DescMessage, json: JsonValue, place: Place): Fields {
  const message = decodeMessage(schema, new Uint8Array()) as unknown as Fields;
  switch (messageOptions(schema).aminoEncoding) {
    case "key_field":
      message.key = readBytes(json, place);
      return message;
    case "threshold_string": {
      const { threshold, pubkeys } = asObject(json, place);
      message.threshold = Number(readInteger(threshold ?? "0", 32, place));
      message.publicKeys = asList(pubkeys ?? null, place).map((key, index) =>
        readAny(key, inside(place, `pubkeys.${index}`)),
      );
      return message;
    }
  }
  return readStruct(schema, json, place);
}

function readStruct(schema: DescMessage, json: JsonValue, place: Place): Fields {
  const message = decodeMessage(schema, new Uint8Array()) as unknown as Fields;
  const given = asObject(json, place);
  for (const member of schema.members) {
    const name = member.kind === "oneof" ? oneofKey(member) : fieldKey(member);
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null) continue;
    const at = inside(place, name);
    message[member.localName] =
      member.kind === "oneof" ? readOneof(member, value, at) : readField(member, value, at);
  }
  return message;
}

const fieldKey = (field: DescField): string => fieldOptions(field).amino.fieldName || field.name;

/** "my_oneof" is "MyOneof" in Go. */
const oneofKey = (oneof: DescOneof): string =>
  oneof.name.replace(/(?:^|_)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());

function readOneof(oneof: DescOneof, json: JsonValue, place: Place): unknown {
  const { type, value } = asObject(json, place);
  const field = oneof.fields.find((one) => fieldOptions(one).amino.oneofName === type);
  if (field === undefined) throw fail(place, "unrecognized concrete type name");
  const inner = asObject(value ?? {}, inside(place, "value"))[fieldKey(field)] ?? null;
  const at = inside(place, fieldKey(field));
  return { case: field.localName, value: readField(field, inner === null ? {} : inner, at) };
}

function readField(field: DescField, json: JsonValue, place: Place): unknown {
  switch (field.fieldKind) {
    case "list":
      return asList(json, place).map((item, index) =>
        readItem(field, item, inside(place, `${index}`)),
      );
    case "message":
    case "enum":
    case "scalar":
      return readItem(field, json, place);
    default:
      throw fail(place, "maps are not supported");
  }
}

function readItem(field: DescField, json: JsonValue, place: Place): unknown {
  if (place.depth > DEPTH_MAX) throw fail(place, "nested too deep");
  const { message } = field;
  if (message !== undefined) return readMessage(message, json, place);
  if (field.enum !== undefined) return Number(readInteger(json, 32, place));
  const { amino, custom } = fieldOptions(field);
  if (amino.encoding === "inline_json") return utf8.encode(JSON.stringify(json));
  if (custom !== undefined) {
    const digits = asText(json, place);
    const wire = custom === "dec" ? Dec.parse(digits).toWire() : `${parseInt256(digits)}`;
    return field.scalar === ScalarType.BYTES ? utf8.encode(wire) : wire;
  }
  return readScalar(field.scalar as ScalarType, json, place);
}

function readMessage(message: DescMessage, json: JsonValue, place: Place): unknown {
  switch (message.typeName) {
    case "google.protobuf.Any":
      return readAny(json, place);
    case "google.protobuf.Timestamp":
      return parseTimestamp(asText(json, place));
    case "google.protobuf.Duration": {
      const nanos = readInteger(json, 64, place);
      return { seconds: nanos / NANOS, nanos: Number(nanos % NANOS) };
    }
  }
  return readStruct(message, json, place);
}

function readScalar(type: ScalarType, json: JsonValue, place: Place): unknown {
  switch (type) {
    case ScalarType.STRING:
      return asText(json, place);
    case ScalarType.BYTES:
      return readBytes(json, place);
    case ScalarType.BOOL:
      if (typeof json !== "boolean") throw fail(place, "expected true or false");
      return json;
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return readInteger(json, 64, place, type === ScalarType.UINT64);
    case ScalarType.INT32:
    case ScalarType.UINT32:
      return Number(readInteger(json, 32, place, type === ScalarType.UINT32));
    default:
      throw fail(place, "amino has no form for this kind of number");
  }
}

function readInteger(json: JsonValue, bits: number, place: Place, isUnsigned = false): bigint {
  const digits = typeof json === "number" ? `${json}` : json;
  if (typeof digits !== "string" || !/^-?\d{1,20}$/.test(digits)) {
    throw fail(place, "expected an integer");
  }
  const value = BigInt(digits);
  const same = isUnsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  if (same !== value) throw fail(place, "integer out of range");
  return value;
}

export function readBytes(json: JsonValue, place: Pick<Place, "path">): Uint8Array {
  return json === null ? new Uint8Array() : fromBase64(asText(json, place));
}

export function asText(json: JsonValue, place: Pick<Place, "path">): string {
  if (typeof json !== "string") throw fail(place, "expected a string");
  return json;
}

export function asObject(json: JsonValue, place: Pick<Place, "path">): Json {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw fail(place, "expected an object");
  }
  return json as Json;
}

/** A list that is null is empty in Go. */
export function asList(json: JsonValue, place: Pick<Place, "path">): readonly JsonValue[] {
  if (json === null) return [];
  if (!Array.isArray(json)) throw fail(place, "expected a list");
  return json;
}

const inside = (place: Place, part: string): Place => ({
  types: place.types,
  path: place.path === "" ? part : `${place.path}.${part}`,
  depth: place.depth + 1,
});

const fail = ({ path }: Pick<Place, "path">, what: string) =>
  new EncodingError({ code: "encoding/json", path }, path === "" ? what : `${path}: ${what}`);
