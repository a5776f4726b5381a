import { type DescField, type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import { invariant } from "./errors.ts";
import { fieldOptions } from "./gogo-options.ts";
import {
  WIRE_BYTES,
  WIRE_FIXED32,
  WIRE_FIXED64,
  WIRE_VARINT,
  type WireType,
  type Writer,
} from "./wire.ts";

type Fields = Readonly<Record<string, unknown>>;
type EncodeFields = (writer: Writer, message: Fields) => void;
/** Writes a value without its tag. */
type EncodeValue = (writer: Writer, value: unknown) => void;

/** Seconds of 0001-01-01T00:00:00Z, which is Go's zero time. */
const GO_ZERO_TIME = { seconds: -62135596800n, nanos: 0 };

const plans = new WeakMap<DescMessage, EncodeFields>();

export function encodePlan(schema: DescMessage): EncodeFields {
  let plan = plans.get(schema);
  if (plan === undefined) {
    // Filled below, so that a message that contains itself finds its own plan.
    const parts: EncodeFields[] = [];
    plan = (writer, message) => {
      for (let index = 0; index < parts.length; index++)
        (parts[index] as EncodeFields)(writer, message);
    };
    plans.set(schema, plan);
    parts.push(...planParts(schema));
  }
  return plan;
}

/** One part a field or oneof, last position first: the writer goes backwards. */
function planParts(schema: DescMessage): EncodeFields[] {
  const parts = schema.members.map((member) =>
    member.kind === "oneof"
      ? { at: Math.max(...member.fields.map((field) => field.number)), encode: oneofPart(member) }
      : { at: member.number, encode: fieldPart(member) },
  );
  return parts.sort((a, b) => b.at - a.at).map((part) => part.encode);
}

function oneofPart(oneof: DescOneof): EncodeFields {
  const name = oneof.localName;
  const cases = new Map(
    oneof.fields.map((field) => {
      const { wire, encode } = singular(field);
      const tag = field.number * 8 + wire;
      return [
        field.localName,
        (writer: Writer, value: unknown) => {
          encode(writer, value);
          writer.tag(tag);
        },
      ];
    }),
  );
  return (writer, message) => {
    const chosen = message[name] as { case?: string; value?: unknown } | undefined;
    if (chosen?.case === undefined) return;
    const encode = cases.get(chosen.case);
    invariant(encode, `${oneof.parent.typeName} has the case ${chosen.case}`);
    encode(writer, chosen.value);
  };
}

function fieldPart(field: DescField): EncodeFields {
  if (field.fieldKind === "list") return listPart(field);
  if (field.fieldKind === "map") return mapPart(field);
  if (field.fieldKind === "message") return messagePart(field);
  const name = field.localName;
  const { wire, encode } = singular(field);
  const tag = field.number * 8 + wire;
  const isEmpty = emptyTest(field);
  const options = fieldOptions(field);
  if (options.custom !== undefined && !options.nullable) {
    return (writer, message) => {
      const value = message[name] as string | Uint8Array | undefined;
      encode(writer, value === undefined || value.length === 0 ? zeroNumber(field) : value);
      writer.tag(tag);
    };
  }
  return (writer, message) => {
    const value = message[name];
    if (value === undefined || isEmpty(value)) return;
    encode(writer, value);
    writer.tag(tag);
  };
}

function zeroNumber(field: DescField): string | Uint8Array {
  return field.scalar === ScalarType.BYTES ? Uint8Array.of(0x30) : "0";
}

function emptyTest(field: DescField): (value: unknown) => boolean {
  if (field.proto.proto3Optional) return () => false;
  if (field.scalar === ScalarType.STRING || field.scalar === ScalarType.BYTES) {
    return (value) => (value as string | Uint8Array).length === 0;
  }
  if (field.scalar === ScalarType.DOUBLE || field.scalar === ScalarType.FLOAT) {
    return (value) => Object.is(value, 0);
  }
  return (value) => value === 0n || value === 0 || value === false;
}

function messagePart(field: DescField & { fieldKind: "message" }): EncodeFields {
  const name = field.localName;
  const tag = field.number * 8 + WIRE_BYTES;
  const options = fieldOptions(field);
  const absent = options.nullable ? undefined : options.stdTime ? GO_ZERO_TIME : {};
  const encode = messageValue(field.message);
  return (writer, message) => {
    const value = message[name] ?? absent;
    if (value === undefined) return;
    encode(writer, value);
    writer.tag(tag);
  };
}

function messageValue(schema: DescMessage): EncodeValue {
  let encode: EncodeFields | undefined;
  return (writer, value) => {
    encode ??= encodePlan(schema);
    const before = writer.length;
    encode(writer, value as Fields);
    writer.uint(writer.length - before);
  };
}

function listPart(field: DescField & { fieldKind: "list" }): EncodeFields {
  const name = field.localName;
  const { wire, encode } =
    field.listKind === "message"
      ? { wire: WIRE_BYTES as WireType, encode: messageValue(field.message) }
      : scalarValue(field.listKind === "enum" ? ScalarType.INT32 : field.scalar);
  if (field.packed) {
    const tag = field.number * 8 + WIRE_BYTES;
    return (writer, message) => {
      const values = message[name] as readonly unknown[] | undefined;
      if (values === undefined || values.length === 0) return;
      const before = writer.length;
      for (let index = values.length - 1; index >= 0; index--) encode(writer, values[index]);
      writer.uint(writer.length - before);
      writer.tag(tag);
    };
  }
  const tag = field.number * 8 + wire;
  return (writer, message) => {
    const values = message[name] as readonly unknown[] | undefined;
    if (values === undefined) return;
    for (let index = values.length - 1; index >= 0; index--) {
      encode(writer, values[index]);
      writer.tag(tag);
    }
  };
}

/** None of the chain's messages has a map (a map has no order); those of reflection might. */
function mapPart(field: DescField): EncodeFields {
  return (_writer, message) => {
    const value = message[field.localName];
    invariant(
      value === undefined || Object.keys(value as object).length === 0,
      `${field.parent.typeName} has no map field`,
    );
  };
}

function singular(field: DescField): { wire: WireType; encode: EncodeValue } {
  if (field.fieldKind === "message") {
    return { wire: WIRE_BYTES, encode: messageValue(field.message) };
  }
  return scalarValue(
    field.fieldKind === "scalar" ? (field.scalar as ScalarType) : ScalarType.INT32,
  );
}

function scalarValue(type: ScalarType): { wire: WireType; encode: EncodeValue } {
  switch (type) {
    case ScalarType.STRING:
      return { wire: WIRE_BYTES, encode: (w, v) => w.string(v as string) };
    case ScalarType.BYTES:
      return { wire: WIRE_BYTES, encode: (w, v) => w.bytes(v as Uint8Array) };
    case ScalarType.BOOL:
      return { wire: WIRE_VARINT, encode: (w, v) => w.uint(v === true ? 1 : 0) };
    case ScalarType.UINT64:
    case ScalarType.INT64:
      return { wire: WIRE_VARINT, encode: (w, v) => w.varint64(BigInt(v as bigint)) };
    case ScalarType.UINT32:
      return { wire: WIRE_VARINT, encode: (w, v) => w.uint(v as number) };
    case ScalarType.INT32:
      return { wire: WIRE_VARINT, encode: (w, v) => w.int32(v as number) };
    case ScalarType.SINT32:
      return { wire: WIRE_VARINT, encode: (w, v) => w.uint(zigzag32(v as number)) };
    case ScalarType.SINT64:
      return { wire: WIRE_VARINT, encode: (w, v) => w.varint64(zigzag64(BigInt(v as bigint))) };
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return { wire: WIRE_FIXED32, encode: (w, v) => w.fixed32(v as number) };
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return { wire: WIRE_FIXED64, encode: (w, v) => w.fixed64(BigInt(v as bigint)) };
    case ScalarType.FLOAT:
      return { wire: WIRE_FIXED32, encode: (w, v) => w.float(v as number) };
    case ScalarType.DOUBLE:
      return { wire: WIRE_FIXED64, encode: (w, v) => w.double(v as number) };
  }
}

const zigzag32 = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;
const zigzag64 = (value: bigint): bigint => BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
