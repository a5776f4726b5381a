import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { EncodingError } from "./errors.ts";
import {
  EMPTY_BYTES,
  MAX_DEPTH,
  Reader,
  tooDeep,
  WIRE_BYTES,
  WIRE_FIXED32,
  WIRE_FIXED64,
  WIRE_VARINT,
  type WireType,
} from "./wire.ts";

/** What to do with fields that a message does not have. */
export type UnknownFields = "skip" | "reject" | "reject_critical";

/** What a decoding run carries through all nested messages. */
export interface DecodeContext {
  readonly unknown: UnknownFields;
  readonly types: { getMessage(typeName: string): DescMessage | undefined } | undefined;
  depth: number;
}

type Fields = Record<string, unknown>;
type DecodeField = (message: Fields, reader: Reader, context: DecodeContext, tag: number) => void;
type DecodeValue = (reader: Reader, context: DecodeContext) => unknown;

interface Plan {
  readonly typeName: string;
  readonly isAny: boolean;
  readonly blank: () => Fields;
  /** By field number. */
  readonly fields: ReadonlyMap<number, DecodeField>;
}

const plans = new WeakMap<DescMessage, Plan>();

/**
 * Reads fields until the reader's end.
 *
 * @param into a message to go on with: one that stands twice is merged, as protobuf has it.
 */
export function decodeFields(
  schema: DescMessage,
  reader: Reader,
  context: DecodeContext,
  into?: Fields,
): Fields {
  const plan = planFor(schema);
  const message = into ?? plan.blank();
  while (reader.position < reader.end) {
    const tag = reader.tag();
    const field = plan.fields.get(tag >>> 3);
    if (field === undefined) unknownField(plan.typeName, tag, reader, context);
    else field(message, reader, context, tag);
  }
  if (plan.isAny && context.unknown !== "skip") checkAny(message, context);
  return message;
}

/** Skips or refuses a field, as the context says. */
export function unknownField(
  type: string,
  tag: number,
  reader: Reader,
  context: DecodeContext,
): void {
  const field = tag >>> 3;
  if (context.unknown !== "skip") {
    const critical = (field & 0x400) === 0;
    if (critical || context.unknown === "reject") {
      throw new EncodingError(
        { code: "encoding/unknown_field", type, field },
        `errUnknownField "${type}": {TagNum: ${field}, WireType:${tag & 7}}`,
      );
    }
  }
  reader.skip(tag);
}

/** Decodes the content of an Any only to see that it is one. */
export function checkAny(any: Fields, context: DecodeContext): void {
  const typeUrl = any.typeUrl as string;
  const schema = context.types?.getMessage(typeNameOf(typeUrl));
  if (schema === undefined) throw unknownType(typeUrl);
  const reader = new Reader(any.value as Uint8Array);
  reader.sharesBytes = true;
  nested(context, () => decodeFields(schema, reader, context));
}

/** What stands after the last slash. */
export function typeNameOf(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
}

export const unknownType = (typeUrl: string) =>
  new EncodingError(
    { code: "encoding/unknown_type", typeUrl },
    `unable to resolve type URL ${typeUrl}`,
  );

export const wrongWireType = (type: string, field: number, tag: number) =>
  new EncodingError(
    { code: "encoding/wire_type", type, field },
    `proto: wrong wireType = ${tag & 7} for field ${field} of ${type}`,
  );

function nested<T>(context: DecodeContext, decode: () => T): T {
  if (++context.depth > MAX_DEPTH) throw tooDeep();
  const result = decode();
  context.depth -= 1;
  return result;
}

/** Reads a length-prefixed message in place. */
function readNested(
  schema: DescMessage,
  reader: Reader,
  context: DecodeContext,
  into?: Fields,
): Fields {
  const length = reader.length();
  if (++context.depth > MAX_DEPTH) throw tooDeep();
  const end = reader.end;
  reader.end = reader.position + length;
  const result = decodeFields(schema, reader, context, into);
  reader.end = end;
  context.depth -= 1;
  return result;
}

function planFor(schema: DescMessage): Plan {
  let plan = plans.get(schema);
  if (plan === undefined) {
    plan = {
      typeName: schema.typeName,
      isAny: schema.typeName === "google.protobuf.Any",
      blank: blankMaker(schema),
      fields: new Map(schema.fields.map((field) => [field.number, fieldDecoder(field)])),
    };
    plans.set(schema, plan);
  }
  return plan;
}

/** Makes messages with all defaults set, in one order, so that engines see one shape. */
function blankMaker(schema: DescMessage): () => Fields {
  const names: string[] = [];
  const makers: (() => unknown)[] = [];
  for (const member of schema.members) {
    const maker = member.kind === "oneof" ? () => ({ case: undefined }) : defaultMaker(member);
    if (maker === undefined) continue;
    names.push(member.localName);
    makers.push(maker);
  }
  const typeName = schema.typeName;
  return () => {
    const message: Fields = { $typeName: typeName };
    for (let index = 0; index < names.length; index++) {
      message[names[index] as string] = (makers[index] as () => unknown)();
    }
    return message;
  };
}

function defaultMaker(field: DescField): (() => unknown) | undefined {
  if (field.fieldKind === "list") return () => [];
  if (field.fieldKind === "map") return () => ({});
  if (field.fieldKind === "message" || field.proto.proto3Optional) return undefined;
  if (field.fieldKind === "enum") return () => 0;
  switch (field.scalar) {
    case ScalarType.STRING:
      return () => "";
    case ScalarType.BYTES:
      return () => EMPTY_BYTES;
    case ScalarType.BOOL:
      return () => false;
    case ScalarType.UINT64:
    case ScalarType.INT64:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
    case ScalarType.SINT64:
      return () => 0n;
    default:
      return () => 0;
  }
}

function fieldDecoder(field: DescField): DecodeField {
  if (field.fieldKind === "list") return listDecoder(field);
  if (field.fieldKind === "map") {
    return (_message, reader, _context, tag) => reader.skip(tag);
  }
  const { wire, decode } = valueDecoder(field);
  const { number, localName: name } = field;
  const type = field.parent.typeName;
  const oneof = field.oneof?.localName;
  if (oneof !== undefined) {
    return (message, reader, context, tag) => {
      if ((tag & 7) !== wire) throw wrongWireType(type, number, tag);
      message[oneof] = { case: name, value: decode(reader, context) };
    };
  }
  if (field.fieldKind === "message") {
    const schema = field.message;
    return (message, reader, context, tag) => {
      if ((tag & 7) !== WIRE_BYTES) throw wrongWireType(type, number, tag);
      message[name] = readNested(schema, reader, context, message[name] as Fields | undefined);
    };
  }
  return (message, reader, context, tag) => {
    if ((tag & 7) !== wire) throw wrongWireType(type, number, tag);
    message[name] = decode(reader, context);
  };
}

function listDecoder(field: DescField & { fieldKind: "list" }): DecodeField {
  const { wire, decode } =
    field.listKind === "message"
      ? { wire: WIRE_BYTES as WireType, decode: messageDecoder(field.message) }
      : scalarDecoder(field.listKind === "enum" ? ScalarType.INT32 : field.scalar);
  const { number, localName: name } = field;
  const type = field.parent.typeName;
  return (message, reader, context, tag) => {
    const values = message[name] as unknown[];
    if ((tag & 7) === wire) {
      values.push(decode(reader, context));
      return;
    }
    if ((tag & 7) !== WIRE_BYTES) throw wrongWireType(type, number, tag);
    const length = reader.length();
    const end = reader.end;
    reader.end = reader.position + length;
    while (reader.position < reader.end) values.push(decode(reader, context));
    reader.end = end;
  };
}

function valueDecoder(field: DescField): { wire: WireType; decode: DecodeValue } {
  if (field.fieldKind === "message") {
    return { wire: WIRE_BYTES, decode: messageDecoder(field.message) };
  }
  return scalarDecoder(
    field.fieldKind === "scalar" ? (field.scalar as ScalarType) : ScalarType.INT32,
  );
}

function messageDecoder(schema: DescMessage): DecodeValue {
  return (reader, context) => readNested(schema, reader, context);
}

function scalarDecoder(type: ScalarType): { wire: WireType; decode: DecodeValue } {
  switch (type) {
    case ScalarType.STRING:
      return { wire: WIRE_BYTES, decode: (r) => r.string() };
    case ScalarType.BYTES:
      return { wire: WIRE_BYTES, decode: (r) => r.bytes() };
    case ScalarType.BOOL:
      return { wire: WIRE_VARINT, decode: (r) => r.bool() };
    case ScalarType.UINT64:
      return { wire: WIRE_VARINT, decode: (r) => r.uint64() };
    case ScalarType.INT64:
      return { wire: WIRE_VARINT, decode: (r) => r.int64() };
    case ScalarType.UINT32:
      return { wire: WIRE_VARINT, decode: (r) => r.uint32() };
    case ScalarType.INT32:
      return { wire: WIRE_VARINT, decode: (r) => r.int32() };
    case ScalarType.SINT32:
      return { wire: WIRE_VARINT, decode: (r) => unzigzag32(r.uint32()) };
    case ScalarType.SINT64:
      return { wire: WIRE_VARINT, decode: (r) => unzigzag64(r.uint64()) };
    case ScalarType.FIXED32:
      return { wire: WIRE_FIXED32, decode: (r) => r.fixed32() };
    case ScalarType.SFIXED32:
      return { wire: WIRE_FIXED32, decode: (r) => r.fixed32() | 0 };
    case ScalarType.FIXED64:
      return { wire: WIRE_FIXED64, decode: (r) => r.fixed64() };
    case ScalarType.SFIXED64:
      return { wire: WIRE_FIXED64, decode: (r) => BigInt.asIntN(64, r.fixed64()) };
    case ScalarType.FLOAT:
      return { wire: WIRE_FIXED32, decode: (r) => r.float() };
    case ScalarType.DOUBLE:
      return { wire: WIRE_FIXED64, decode: (r) => r.double() };
  }
}

const unzigzag32 = (value: number): number => (value >>> 1) ^ -(value & 1);
const unzigzag64 = (value: bigint): bigint => (value >> 1n) ^ -(value & 1n);
