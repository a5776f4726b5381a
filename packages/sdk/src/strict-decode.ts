/**
 * Refusing what a message does not define, as the SDK's `unknownproto`: a field that one node
 * understands and another skips could mean two things under one signature.
 */
import {
  type DescField,
  type DescMessage,
  fromBinary,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { WireError, WireReader, wireTypes } from "./wire.ts";

/** Finds a message type by type URL; `Any`s of other types are refused. */
export interface TypeResolver {
  schema(typeUrl: string): DescMessage | undefined;
}

/** The type URLs of a network. Modules add theirs; the first registration of a type wins. */
export class TypeRegistry implements TypeResolver {
  readonly #schemas = new Map<string, DescMessage>();

  register(...schemas: readonly DescMessage[]): void {
    for (const schema of schemas) this.#schemas.set(`/${schema.typeName}`, schema);
  }

  schema(typeUrl: string): DescMessage | undefined {
    return this.#schemas.get(typeUrl);
  }

  get all(): readonly DescMessage[] {
    return [...this.#schemas.values()];
  }
}

/** Nesting of messages in messages, Any values included. */
const depthMax = 100;

/** A field number with this bit set is not critical: a `TxBody` may hold unknown ones. */
export const nonCriticalBit = 1 << 10;

interface FieldRule {
  readonly wireType: number;
  /** Repeated scalars may come packed as well. */
  readonly isPackable: boolean;
  readonly nested: DescMessage | undefined;
}

const ruleTables = new WeakMap<DescMessage, ReadonlyMap<number, FieldRule>>();

/**
 * Decodes `bytes`, refusing unknown fields at any depth and inside every Any.
 * @throws {WireError} saying what is wrong.
 */
export function strictDecode<Schema extends DescMessage>(
  schema: Schema,
  bytes: Uint8Array,
  types: TypeResolver,
): MessageShape<Schema> {
  rejectUnknownFields(schema, bytes, types, 0);
  try {
    return fromBinary(schema, bytes, { readUnknownFields: false });
  } catch (cause) {
    throw new WireError(`cannot decode ${schema.typeName}: ${(cause as Error).message}`);
  }
}

/** @throws {WireError} if `bytes` hold a field that `schema` or a nested message does not have. */
export function rejectUnknownFields(
  schema: DescMessage,
  bytes: Uint8Array,
  types: TypeResolver,
  depth = 0,
): void {
  if (depth > depthMax) throw new WireError("recursion limit reached");
  const rules = rulesOf(schema);
  const reader = new WireReader(bytes);
  let anyTypeUrl = "";
  let anyValue: Uint8Array | undefined;
  const isAny = schema.typeName === "google.protobuf.Any";
  while (reader.next()) {
    const rule = rules.get(reader.field);
    if (rule === undefined) {
      throw new WireError(
        `errUnknownField "*${schema.typeName}": {TagNum: ${reader.field}, WireType:"${wireNames[reader.wireType] ?? reader.wireType}"}`,
      );
    }
    const isPacked = rule.isPackable && reader.wireType === wireTypes.bytes;
    if (!isPacked) reader.expect(rule.wireType);
    if (rule.nested !== undefined) {
      rejectUnknownFields(rule.nested, reader.view(), types, depth + 1);
    } else if (isAny && reader.field === 1) {
      anyTypeUrl = reader.text();
    } else if (isAny) {
      anyValue = reader.view();
    } else {
      reader.skip();
    }
  }
  if (isAny && (anyTypeUrl !== "" || anyValue !== undefined)) {
    const nested = types.schema(anyTypeUrl);
    if (nested === undefined) throw new WireError(`unable to resolve type URL ${anyTypeUrl}`);
    rejectUnknownFields(nested, anyValue ?? new Uint8Array(), types, depth + 1);
  }
}

const wireNames = ["varint", "fixed64", "bytes", "start_group", "end_group", "fixed32"];

function rulesOf(schema: DescMessage): ReadonlyMap<number, FieldRule> {
  let rules = ruleTables.get(schema);
  if (rules === undefined) {
    rules = new Map(schema.fields.map((field) => [field.number, ruleOf(field)]));
    ruleTables.set(schema, rules);
  }
  return rules;
}

function ruleOf(field: DescField): FieldRule {
  switch (field.fieldKind) {
    case "message":
      return { wireType: wireTypes.bytes, isPackable: false, nested: field.message };
    case "map":
      return { wireType: wireTypes.bytes, isPackable: false, nested: undefined };
    case "enum":
      return { wireType: wireTypes.varint, isPackable: false, nested: undefined };
    case "scalar":
      return { wireType: scalarWireType(field.scalar), isPackable: false, nested: undefined };
    case "list": {
      if (field.listKind === "message") {
        return { wireType: wireTypes.bytes, isPackable: false, nested: field.message };
      }
      const wireType = field.listKind === "enum" ? wireTypes.varint : scalarWireType(field.scalar);
      return { wireType, isPackable: wireType !== wireTypes.bytes, nested: undefined };
    }
  }
}

function scalarWireType(scalar: ScalarType): number {
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return wireTypes.bytes;
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
    case ScalarType.DOUBLE:
      return wireTypes.fixed64;
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
    case ScalarType.FLOAT:
      return wireTypes.fixed32;
    default:
      return wireTypes.varint;
  }
}
