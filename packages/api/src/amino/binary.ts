/**
 * Amino's binary form of messages (go-amino v0.16). A field's number is its place in the Go
 * struct, which follows the .proto file's order; values that are empty are left out; an Any holds
 * the prefix of its type's name and the type's fields.
 */
import { type DescField, type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import {
  type AnyValue,
  concatBytes,
  decodeMessage,
  EncodingError,
  encodeMessage,
  fieldOptions,
  type Instant,
  messageOptions,
  type TypeRegistry,
  typeNameOf,
} from "@tacit/encoding";
import { aminoNames, aminoPrefix } from "./names.ts";
import {
  AminoReader,
  BYTES,
  bytesField,
  sized,
  text,
  truncated,
  varint,
  varintField,
} from "./wire.ts";

export type Fields = Record<string, unknown>;

/** Values in values; deeper input is refused. */
const DEPTH_MAX = 32;
const NANOS = 1_000_000_000n;
const nothing = new Uint8Array();
const utf8 = new TextEncoder();

/**
 * @returns `prefix(4) ‖ fields`.
 * @throws {EncodingError} `encoding/unknown_type` for types outside `types`,
 *   `encoding/unrepresentable` for those without a name in amino.
 */
export function anyToAmino(any: AnyValue, types: TypeRegistry, depth = 0): Uint8Array {
  if (depth > DEPTH_MAX) throw new EncodingError({ code: "encoding/depth" }, "nested too deep");
  const schema = types.getMessage(typeNameOf(any.typeUrl));
  const { typeUrl } = any;
  if (schema === undefined) {
    throw new EncodingError(
      { code: "encoding/unknown_type", typeUrl },
      `unable to resolve type URL ${typeUrl.slice(0, 256)}`,
    );
  }
  const name = messageOptions(schema).aminoName;
  if (name === "") throw unrepresentable(`type ${schema.typeName} has no amino name`);
  const message = decodeMessage(schema, any.value) as unknown as Fields;
  return concatBytes(aminoPrefix(name), encodeBody(schema, message, types, depth));
}

/** The reverse of {@link anyToAmino}. @throws {EncodingError} */
export function anyFromAmino(bytes: Uint8Array, types: TypeRegistry, depth = 0): AnyValue {
  if (depth > DEPTH_MAX) throw new EncodingError({ code: "encoding/depth" }, "nested too deep");
  if (bytes.length < 4) throw truncated();
  const schema = aminoNames(types).byPrefix(bytes.subarray(0, 4));
  if (schema === undefined) throw unrepresentable("unrecognized prefix bytes");
  const message = decodeBody(schema, bytes.subarray(4), types, depth);
  return {
    typeUrl: `/${schema.typeName}`,
    value: encodeMessage(schema, message as never),
  };
}

/** Fields alone, as for a struct inside another. */
export function encodeStruct(
  schema: DescMessage,
  message: Fields,
  types: TypeRegistry,
  depth = 0,
): Uint8Array {
  const parts = schema.members.map((member, index) =>
    member.kind === "oneof"
      ? encodeOneof(member, index + 1, message, types, depth)
      : encodeField(member, index + 1, message[member.localName], types, depth),
  );
  return concatBytes(...parts);
}

export function decodeStruct(
  schema: DescMessage,
  bytes: Uint8Array,
  types: TypeRegistry,
  depth = 0,
): Fields {
  const message = decodeMessage(schema, nothing) as unknown as Fields;
  const reader = new AminoReader(bytes);
  while (!reader.isAtEnd) {
    const { number, type } = reader.key();
    const member = schema.members[number - 1];
    const value = type === BYTES ? reader.sized() : type === 0 ? reader.varint() : undefined;
    if (member === undefined || value === undefined) {
      throw new EncodingError(
        { code: "encoding/unknown_field", type: schema.typeName, field: number },
        `no such field in ${schema.typeName}: ${number}`,
      );
    }
    const input: Input = { value, types, depth };
    if (member.kind === "oneof") message[member.localName] = decodeOneof(member, input);
    else decodeField(member, input, message);
  }
  return message;
}

/** Public keys are one value instead of a struct. */
function encodeBody(
  schema: DescMessage,
  message: Fields,
  types: TypeRegistry,
  depth: number,
): Uint8Array {
  switch (messageOptions(schema).aminoEncoding) {
    case "key_field":
      return sized(message.key as Uint8Array);
    case "threshold_string":
      return concatBytes(
        varintField(1, BigInt(message.threshold as number)),
        ...(message.publicKeys as readonly AnyValue[]).map((member) =>
          bytesField(2, anyToAmino(member, types, depth + 1)),
        ),
      );
  }
  return encodeStruct(schema, message, types, depth + 1);
}

function decodeBody(
  schema: DescMessage,
  bytes: Uint8Array,
  types: TypeRegistry,
  depth: number,
): Fields {
  const message = decodeMessage(schema, nothing) as unknown as Fields;
  switch (messageOptions(schema).aminoEncoding) {
    case "key_field": {
      const reader = new AminoReader(bytes);
      message.key = reader.sized().slice();
      if (!reader.isAtEnd) throw unrepresentable("bytes after a key");
      return message;
    }
    case "threshold_string":
      return decodeMultisig(message, bytes, types, depth);
  }
  return decodeStruct(schema, bytes, types, depth + 1);
}

function decodeMultisig(
  message: Fields,
  bytes: Uint8Array,
  types: TypeRegistry,
  depth: number,
): Fields {
  const reader = new AminoReader(bytes);
  const publicKeys: AnyValue[] = [];
  while (!reader.isAtEnd) {
    const { number, type } = reader.key();
    if (number === 1 && type === 0) message.threshold = Number(BigInt.asUintN(32, reader.varint()));
    else if (number === 2 && type === BYTES) {
      publicKeys.push(anyFromAmino(reader.sized(), types, depth + 1));
    } else throw unrepresentable("not a multisig key");
  }
  message.publicKeys = publicKeys;
  return message;
}

/** A oneof is an interface in Go; each choice is a registered struct of one field. */
function encodeOneof(
  oneof: DescOneof,
  number: number,
  message: Fields,
  types: TypeRegistry,
  depth: number,
): Uint8Array {
  const chosen = message[oneof.localName] as { case?: string; value?: unknown } | undefined;
  const field = oneof.fields.find(({ localName }) => localName === chosen?.case);
  if (field === undefined) return nothing;
  const inner = encodeField(field, 1, chosen?.value, types, depth);
  return bytesField(number, concatBytes(aminoPrefix(oneofName(field)), inner));
}

function decodeOneof(oneof: DescOneof, { value, types, depth }: Input): unknown {
  const bytes = asBytes(value);
  const field = oneof.fields.find(
    (one) => Buffer.compare(aminoPrefix(oneofName(one)), bytes.subarray(0, 4)) === 0,
  );
  if (field === undefined) throw unrepresentable(`no choice of ${oneof.name}`);
  const holder: Fields = {};
  const reader = new AminoReader(bytes.subarray(4));
  if (!reader.isAtEnd) {
    const { number, type } = reader.key();
    if (number !== 1) throw unrepresentable(`no choice of ${oneof.name}`);
    const inner = type === BYTES ? reader.sized() : reader.varint();
    decodeField(field, { value: inner, types, depth }, holder);
  }
  return { case: field.localName, value: holder[field.localName] };
}

function oneofName(field: DescField): string {
  const name = fieldOptions(field).amino.oneofName;
  if (name === "") throw unrepresentable(`${field.name} has no amino name`);
  return name;
}

function encodeField(
  field: DescField,
  number: number,
  value: unknown,
  types: TypeRegistry,
  depth: number,
): Uint8Array {
  if (value === undefined) return nothing;
  switch (field.fieldKind) {
    case "list": {
      const items = value as readonly unknown[];
      if (items.length === 0) return nothing;
      if (isPacked(field)) return bytesField(number, concatBytes(...items.map(packed)));
      return concatBytes(
        ...items.map((item) => bytesField(number, lengthValue(field, item, types, depth))),
      );
    }
    case "message":
      return encodeMessageField(field, number, value, types, depth);
    case "enum":
      return varintField(number, BigInt(value as number));
    case "scalar":
      return encodeScalar(field, number, value);
    default:
      throw unrepresentable("maps are not supported");
  }
}

function encodeMessageField(
  field: DescField & { fieldKind: "message" },
  number: number,
  value: unknown,
  types: TypeRegistry,
  depth: number,
): Uint8Array {
  if (field.message.typeName === "google.protobuf.Duration") {
    const { seconds, nanos } = value as Instant;
    return varintField(number, seconds * NANOS + BigInt(nanos));
  }
  const bytes = lengthValue(field, value, types, depth);
  // A pointer to an empty struct is written, an empty struct is not.
  return bytes.length === 0 && !fieldOptions(field).nullable ? nothing : bytesField(number, bytes);
}

/** What follows the length of a value: of a message, a text, bytes. */
function lengthValue(
  field: DescField,
  value: unknown,
  types: TypeRegistry,
  depth: number,
): Uint8Array {
  const { message } = field;
  if (message === undefined) return typeof value === "string" ? utf8.encode(value) : asBytes(value);
  switch (message.typeName) {
    case "google.protobuf.Any":
      return anyToAmino(value as AnyValue, types, depth + 1);
    case "google.protobuf.Timestamp": {
      const { seconds, nanos } = value as Instant;
      return concatBytes(varintField(1, seconds), varintField(2, BigInt(nanos)));
    }
  }
  return encodeStruct(message, value as Fields, types, depth + 1);
}

function encodeScalar(
  field: DescField & { fieldKind: "scalar" },
  number: number,
  value: unknown,
): Uint8Array {
  if (typeof value === "string" || value instanceof Uint8Array) {
    const { custom, nullable } = fieldOptions(field);
    const bytes = typeof value === "string" ? utf8.encode(value) : value;
    if (bytes.length > 0) return bytesField(number, bytes);
    return custom !== undefined && !nullable ? bytesField(number, utf8.encode("0")) : nothing;
  }
  return varintField(number, numberOf(value));
}

const numberOf = (value: unknown): bigint =>
  typeof value === "boolean" ? (value ? 1n : 0n) : BigInt(value as number | bigint);

const packed = (value: unknown): Uint8Array => varint(numberOf(value));

/** Lists of numbers are one value; lists of anything else repeat their key. */
function isPacked(field: DescField & { fieldKind: "list" }): boolean {
  if (field.listKind === "message") return false;
  if (field.listKind === "enum") return true;
  return field.scalar !== ScalarType.STRING && field.scalar !== ScalarType.BYTES;
}

interface Input {
  readonly value: Uint8Array | bigint;
  readonly types: TypeRegistry;
  readonly depth: number;
}

function decodeField(field: DescField, input: Input, into: Fields): void {
  const name = field.localName;
  if (field.fieldKind !== "list") {
    into[name] = decodeValue(field, input);
    return;
  }
  const items = [...((into[name] as readonly unknown[] | undefined) ?? [])];
  if (isPacked(field)) {
    const reader = new AminoReader(asBytes(input.value));
    while (!reader.isAtEnd) items.push(decodeValue(field, { ...input, value: reader.varint() }));
  } else {
    items.push(decodeValue(field, input));
  }
  into[name] = items;
}

function decodeValue(field: DescField, { value, types, depth }: Input): unknown {
  const { message } = field;
  if (message !== undefined) return decodeMessageValue(message, { value, types, depth });
  if (field.enum !== undefined) return Number(BigInt.asIntN(32, asNumber(value)));
  switch (field.scalar) {
    case ScalarType.STRING:
      return text(asBytes(value));
    case ScalarType.BYTES:
      return asBytes(value).slice();
    case ScalarType.BOOL:
      return asNumber(value) !== 0n;
    case ScalarType.INT64:
      return BigInt.asIntN(64, asNumber(value));
    case ScalarType.UINT64:
      return asNumber(value);
    case ScalarType.INT32:
      return Number(BigInt.asIntN(32, asNumber(value)));
    case ScalarType.UINT32:
      return Number(BigInt.asUintN(32, asNumber(value)));
    default:
      throw unrepresentable(`amino has no form for ${field.name}`);
  }
}

function decodeMessageValue(message: DescMessage, { value, types, depth }: Input): unknown {
  if (depth > DEPTH_MAX) throw new EncodingError({ code: "encoding/depth" }, "nested too deep");
  switch (message.typeName) {
    case "google.protobuf.Any":
      return anyFromAmino(asBytes(value), types, depth + 1);
    case "google.protobuf.Duration": {
      const nanos = BigInt.asIntN(64, asNumber(value));
      return { seconds: nanos / NANOS, nanos: Number(nanos % NANOS) };
    }
  }
  return decodeStruct(message, asBytes(value), types, depth + 1);
}

function asBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw unrepresentable("expected bytes");
}

function asNumber(value: unknown): bigint {
  if (typeof value === "bigint") return value;
  throw unrepresentable("expected a number");
}

const unrepresentable = (what: string) =>
  new EncodingError({ code: "encoding/unrepresentable", path: "" }, what);
