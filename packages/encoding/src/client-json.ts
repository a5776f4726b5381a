/**
 * The JSON dialect of clients: what a Cosmos SDK gateway prints (gogoproto's jsonpb with original
 * names and defaults). Everything is derived from descriptors and their options.
 */
import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { accountAddress, consensusAddress, validatorAddress } from "./address.ts";
import { toBase64, toHex } from "./bytes.ts";
import { decodeMessage } from "./codec.ts";
import { unknownType } from "./codec-decode.ts";
import { Dec } from "./dec.ts";
import { type FieldOptions, fieldOptions } from "./gogo-options.ts";
import { durationText, type Instant, timestampText } from "./time-text.ts";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** Finds the types of Any values. */
export interface Types {
  getMessage(typeName: string): DescMessage | undefined;
}

type Fields = Readonly<Record<string, unknown>>;
type Print = (value: unknown, types: Types) => JsonValue;
interface FieldPlan {
  /** Undefined inside a oneof. */
  readonly local: string;
  readonly name: string;
  readonly oneof: string | undefined;
  readonly absent: (types: Types) => JsonValue;
  readonly print: Print;
}

const plans = new WeakMap<DescMessage, readonly FieldPlan[]>();
const utf8 = new TextDecoder();

/**
 * @param types the types that Any values may have.
 * @throws {EncodingError} `encoding/unknown_type`, or that of decoding, for a bad Any.
 */
export function toClientJson<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  types: Types,
): JsonValue {
  return printMessage(schema, message as Fields, types);
}

/** An Any as its content with `@type` first. */
export function anyToClientJson(
  any: { readonly typeUrl: string; readonly value: Uint8Array },
  types: Types,
): JsonValue {
  const name = any.typeUrl.slice(any.typeUrl.lastIndexOf("/") + 1);
  const schema = types.getMessage(name);
  if (schema === undefined) throw unknownType(any.typeUrl);
  const value = printMessage(schema, decodeMessage(schema, any.value) as Fields, types);
  const special = typeof value !== "object" || schema.typeName === "google.protobuf.Any";
  return special
    ? { "@type": any.typeUrl, value }
    : { "@type": any.typeUrl, ...(value as { [key: string]: JsonValue }) };
}

function printMessage(schema: DescMessage, message: Fields, types: Types): JsonValue {
  switch (schema.typeName) {
    case "google.protobuf.Any":
      return anyToClientJson(message as { typeUrl: string; value: Uint8Array } & Fields, types);
    case "google.protobuf.Timestamp":
      return timestampText(message as Fields & Instant);
    case "google.protobuf.Duration":
      return durationText(message as Fields & Instant);
  }
  const result: { [key: string]: JsonValue } = {};
  for (const field of planFor(schema)) {
    if (field.oneof === undefined) {
      const value = message[field.local];
      result[field.name] = value === undefined ? field.absent(types) : field.print(value, types);
    } else {
      const chosen = message[field.oneof] as { case?: string; value?: unknown } | undefined;
      if (chosen?.case === field.local) result[field.name] = field.print(chosen.value, types);
    }
  }
  return result;
}

function planFor(schema: DescMessage): readonly FieldPlan[] {
  let plan = plans.get(schema);
  if (plan === undefined) {
    plan = schema.fields.map((field) => ({
      local: field.localName,
      name: field.name,
      oneof: field.oneof?.localName,
      absent: absentValue(field),
      print: fieldPrinter(field),
    }));
    plans.set(schema, plan);
  }
  return plan;
}

/** What is printed for a field that is not there: null, or the empty value that Go would hold. */
function absentValue(field: DescField): (types: Types) => JsonValue {
  const options = fieldOptions(field);
  if (field.fieldKind === "list") return () => [];
  if (field.fieldKind === "map") return () => ({});
  if (field.fieldKind === "message") {
    if (options.nullable) return () => null;
    if (options.stdTime) return () => "0001-01-01T00:00:00Z";
    if (options.stdDuration) return () => "0s";
    const { message } = field;
    return (types) => printMessage(message, decodeMessage(message, new Uint8Array()), types);
  }
  if (field.proto.proto3Optional) return () => null;
  const empty = decodeMessage(field.parent, new Uint8Array()) as Fields;
  const print = fieldPrinter(field);
  return (types) => print(empty[field.localName], types);
}

function fieldPrinter(field: DescField): Print {
  switch (field.fieldKind) {
    case "list": {
      const print =
        field.listKind === "message"
          ? messagePrinter(field.message)
          : field.listKind === "enum"
            ? enumPrinter(field.enum)
            : scalarPrinter(field.scalar, fieldOptions(field), "");
      return (values, types) => (values as readonly unknown[]).map((value) => print(value, types));
    }
    case "message":
      return messagePrinter(field.message);
    case "enum":
      return enumPrinter(field.enum);
    case "scalar":
      return scalarPrinter(
        field.scalar,
        fieldOptions(field),
        field.oneof === undefined ? null : "",
      );
    default:
      return () => ({});
  }
}

function messagePrinter(schema: DescMessage): Print {
  return (value, types) => printMessage(schema, value as Fields, types);
}

/** A number that has no name stays a number. */
function enumPrinter(desc: DescEnum): Print {
  return (value) => desc.value[value as number]?.name ?? (value as number);
}

/** @param noBytes what empty bytes print as: null for nil, "" where they are there and empty. */
function scalarPrinter(type: ScalarType, options: FieldOptions, noBytes: null | ""): Print {
  if (options.custom !== undefined) return numberPrinter(type, options);
  switch (type) {
    case ScalarType.BYTES:
      return bytesPrinter(options, noBytes);
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SINT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return (value) => String(value);
    default:
      return (value) => value as JsonValue;
  }
}

/** Bytes of an absent field are nil in Go; an empty address is an empty text. */
function bytesPrinter(options: FieldOptions, noBytes: null | ""): Print {
  const { address } = options;
  if (address !== undefined) {
    const print =
      address === "account"
        ? accountAddress
        : address === "validator"
          ? validatorAddress
          : consensusAddress;
    return (value) => ((value as Uint8Array).length === 0 ? "" : print(value as Uint8Array));
  }
  if (options.rawJson) {
    return (value) => JSON.parse(utf8.decode(value as Uint8Array)) as JsonValue;
  }
  if (options.hexBytes) return (value) => toHex(value as Uint8Array).toUpperCase();
  return (value) => ((value as Uint8Array).length === 0 ? noBytes : toBase64(value as Uint8Array));
}

/** Int and Dec: text on the wire (sometimes in a bytes field); Dec prints with 18 places. */
function numberPrinter(type: ScalarType, options: FieldOptions): Print {
  return (value) => {
    const wire = type === ScalarType.BYTES ? utf8.decode(value as Uint8Array) : (value as string);
    if (wire === "") return options.nullable ? null : "0";
    return options.custom === "dec" ? Dec.fromWire(wire).toString() : wire;
  };
}
