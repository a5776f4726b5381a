/**
 * Amino JSON: the text that wallets show and sign. From descriptors and their amino options, as
 * cosmossdk.io/x/tx v0.13.7 makes it: keys sorted, 64-bit integers as text, enums as numbers,
 * defaults left out unless marked, HTML characters escaped.
 */
import {
  type DescField,
  type DescMessage,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { toBase64 } from "./bytes.ts";
import type { Types } from "./client-json.ts";
import { decodeMessage } from "./codec.ts";
import { typeNameOf, unknownType } from "./codec-decode.ts";
import { Dec } from "./dec.ts";
import { EncodingError } from "./errors.ts";
import { fieldOptions, messageOptions } from "./gogo-options.ts";
import { parseInt256 } from "./int.ts";
import { type Instant, timestampTextShort } from "./time-text.ts";

type Fields = Readonly<Record<string, unknown>>;
type Print = (value: unknown, types: Types) => string;

export interface AnyValue {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

const utf8 = new TextDecoder();
const HTML: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** A JSON string as Go's encoding/json writes it. */
export function goJsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => HTML[character] as string,
  );
}

/**
 * `{"type":…,"value":…}` if the message has an amino name, else its fields alone.
 *
 * @throws {EncodingError} `encoding/unrepresentable` if a required message is absent,
 *   `encoding/unknown_type` for an Any outside `types`.
 */
export function toAminoJson<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  types: Types,
): string {
  const { aminoName } = messageOptions(schema);
  const value = printMessage(schema, message as Fields, types);
  return aminoName === "" ? value : `{"type":"${aminoName}","value":${value}}`;
}

/** An Any: named by its amino name, or by its type URL when it has none. */
export function anyToAminoJson(any: AnyValue, types: Types): string {
  const schema = types.getMessage(typeNameOf(any.typeUrl));
  if (schema === undefined) throw unknownType(any.typeUrl);
  return namedAminoJson(schema, decodeMessage(schema, any.value), types);
}

/** As {@link anyToAminoJson}, for a message that is decoded already. */
export function namedAminoJson<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  types: Types,
): string {
  const name = messageOptions(schema).aminoName || `/${schema.typeName}`;
  return `{"type":"${name}","value":${printMessage(schema, message as Fields, types)}}`;
}

function printMessage(schema: DescMessage, message: Fields, types: Types): string {
  switch (schema.typeName) {
    case "google.protobuf.Any":
      return anyToAminoJson(message as Fields & AnyValue, types);
    case "google.protobuf.Timestamp":
      return `"${timestampTextShort(message as Fields & Instant)}"`;
    case "google.protobuf.Duration": {
      const { seconds, nanos } = message as Fields & Instant;
      return `"${seconds * 1_000_000_000n + BigInt(nanos)}"`;
    }
  }
  switch (messageOptions(schema).aminoEncoding) {
    case "key_field":
      return bytesText(message.key as Uint8Array);
    case "threshold_string":
      return thresholdKey(message, types);
    case "module_account":
      return moduleAccount(message);
  }
  const parts: string[] = [];
  for (const part of planFor(schema)) {
    const text = part(message, types);
    if (text !== undefined) parts.push(text);
  }
  return `{${parts.join(",")}}`;
}

/** A multisig key: its threshold is text here, though 32 bits wide. */
function thresholdKey(message: Fields, types: Types): string {
  const keys = (message.publicKeys as readonly AnyValue[]).map((key) => anyToAminoJson(key, types));
  return `{"pubkeys":[${keys.join(",")}],"threshold":"${message.threshold}"}`;
}

/** Module accounts print flat, with 64-bit integers as numbers. */
function moduleAccount(message: Fields): string {
  const base = message.baseAccount as
    | { address: string; accountNumber: bigint; sequence: bigint }
    | undefined;
  const permissions = message.permissions as readonly string[];
  const list = permissions.length === 0 ? "null" : `[${permissions.map(goJsonString).join(",")}]`;
  return (
    `{"account_number":${base?.accountNumber ?? 0n},"address":${goJsonString(base?.address ?? "")},` +
    `"name":${goJsonString(message.name as string)},"permissions":${list},"public_key":"",` +
    `"sequence":${base?.sequence ?? 0n}}`
  );
}

type Part = (message: Fields, types: Types) => string | undefined;
const plans = new WeakMap<DescMessage, readonly Part[]>();

function planFor(schema: DescMessage): readonly Part[] {
  let plan = plans.get(schema);
  if (plan === undefined) {
    plan = schema.fields
      .map((field) => ({ key: sortKey(field), part: fieldPart(field) }))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(({ part }) => part);
    plans.set(schema, plan);
  }
  return plan;
}

const aminoFieldName = (field: DescField): string =>
  fieldOptions(field).amino.fieldName || field.name;

/** "my_oneof" becomes "MyOneof". */
const oneofFieldName = (name: string): string =>
  name.replace(/(?:^|_)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());

const sortKey = (field: DescField): string =>
  field.oneof === undefined ? aminoFieldName(field) : oneofFieldName(field.oneof.name);

function fieldPart(field: DescField): Part {
  return field.oneof === undefined ? plainPart(field) : oneofPart(field);
}

function oneofPart(field: DescField): Part {
  const oneof = field.oneof as NonNullable<DescField["oneof"]>;
  const print = valuePrinter(field);
  const key = `"${oneofFieldName(oneof.name)}":`;
  const isFirst = oneof.fields[0] === field;
  const typeName = fieldOptions(field).amino.oneofName;
  return (message, types) => {
    const chosen = message[oneof.localName] as { case?: string; value?: unknown } | undefined;
    if (chosen?.case === undefined) return isFirst ? `${key}null` : undefined;
    if (chosen.case !== field.localName) return undefined;
    if (typeName === "") {
      throw new EncodingError(
        { code: "encoding/unrepresentable", path: field.toString() },
        `field ${field.name} within a oneof must have the amino.oneof_type_name option set`,
      );
    }
    const value = print(chosen.value, types);
    return `${key}{"type":"${typeName}","value":{"${aminoFieldName(field)}":${value}}}`;
  };
}

function plainPart(field: DescField): Part {
  const { localName } = field;
  const name = aminoFieldName(field);
  const key = `${goJsonString(name)}:`;
  const print = valuePrinter(field);
  const keepEmpty = fieldOptions(field).amino.dontOmitEmpty;
  return (message, types) => {
    const value = message[localName];
    if (!isEmpty(value)) return key + print(value, types);
    if (!keepEmpty) return undefined;
    if (value === undefined && field.fieldKind === "message") {
      throw new EncodingError(
        { code: "encoding/unrepresentable", path: field.toString() },
        `not supported: dont_omit_empty=true on invalid (nil?) message field: ${name}`,
      );
    }
    return key + print(value, types);
  };
}

function isEmpty(value: unknown): boolean {
  if (typeof value === "object")
    return Array.isArray(value) || value instanceof Uint8Array ? value.length === 0 : false;
  return value === undefined || value === "" || value === 0 || value === 0n || value === false;
}

function valuePrinter(field: DescField): Print {
  if (field.fieldKind === "list") {
    const item = itemPrinter(field);
    const empty = fieldOptions(field).amino.encoding === "legacy_coins" ? "[]" : "null";
    return (values, types) => {
      const list = (values as readonly unknown[] | undefined) ?? [];
      if (list.length === 0) return empty;
      return `[${list.map((value) => item(value, types)).join(",")}]`;
    };
  }
  if (field.fieldKind === "message") {
    const { message } = field;
    return (value, types) => printMessage(message, value as Fields, types);
  }
  if (field.fieldKind === "enum") return (value) => String(value ?? 0);
  return field.fieldKind === "scalar" ? scalarFieldPrinter(field) : refuseMap;
}

const refuseMap: Print = () => {
  throw new EncodingError({ code: "encoding/unrepresentable", path: "" }, "maps are not supported");
};

function itemPrinter(field: DescField & { fieldKind: "list" }): Print {
  if (field.listKind === "message") {
    const { message } = field;
    return (value, types) => printMessage(message, value as Fields, types);
  }
  return field.listKind === "enum" ? String : scalarPrinter(field.scalar);
}

function scalarFieldPrinter(field: DescField & { fieldKind: "scalar" }): Print {
  const options = fieldOptions(field);
  if (options.amino.encoding === "inline_json") return inlineJson;
  if (options.scalar === "cosmos.Int") {
    return (value) => `"${parseInt256(wireText(value))}"`;
  }
  if (options.scalar === "cosmos.Dec" && options.custom === "dec") {
    return (value) => {
      const wire = wireText(value);
      return wire === "" ? `"0"` : `"${Dec.fromWire(wire)}"`;
    };
  }
  return scalarPrinter(field.scalar);
}

const wireText = (value: unknown): string =>
  value instanceof Uint8Array ? utf8.decode(value) : ((value as string | undefined) ?? "");

function scalarPrinter(type: ScalarType): Print {
  switch (type) {
    case ScalarType.STRING:
      return (value) => goJsonString((value as string | undefined) ?? "");
    case ScalarType.BYTES:
      return (value) => bytesText(value as Uint8Array | undefined);
    case ScalarType.BOOL:
      return (value) => (value === true ? "true" : "false");
    case ScalarType.INT64:
    case ScalarType.UINT64:
      return (value) => `"${value ?? 0n}"`;
    case ScalarType.INT32:
    case ScalarType.UINT32:
      return (value) => String(value ?? 0);
    default:
      return () => {
        throw new EncodingError(
          { code: "encoding/unrepresentable", path: "" },
          "amino JSON has no form for this kind of number",
        );
      };
  }
}

function bytesText(value: Uint8Array | undefined): string {
  return value === undefined || value.length === 0 ? "null" : `"${toBase64(value)}"`;
}

/** Bytes that are JSON stand in the text as JSON, keys sorted. */
const inlineJson: Print = (value) => {
  try {
    return sortedJson(JSON.parse(utf8.decode(value as Uint8Array)));
  } catch (cause) {
    throw new EncodingError(
      { code: "encoding/unrepresentable", path: "" },
      "could not normalize JSON: invalid JSON bytes",
      { cause },
    );
  }
};

function sortedJson(value: unknown): string {
  if (typeof value === "string") return goJsonString(value);
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${goJsonString(key)}:${sortedJson(item)}`).join(",")}}`;
}
