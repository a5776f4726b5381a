/** Every message of the network, with random content, against its own inverse and protobuf-es. */
import {
  create,
  type DescField,
  type DescMessage,
  fromBinary,
  type Message,
  ScalarType,
  toBinary,
} from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allFiles } from "../src/generated/all_files.ts";
import { fieldOptions } from "../src/gogo-options.ts";
import {
  createTypeRegistry,
  decodeMessage,
  encodeMessage,
  fromClientJson,
  toClientJson,
} from "../src/index.ts";

const types = createTypeRegistry(...allFiles);
const schemas = types.files
  .filter((file) => /^(cosmos|tendermint|secret)\//.test(file.name))
  .flatMap((file) => file.messages)
  .sort((a, b) => (a.typeName < b.typeName ? -1 : 1));

const DEPTH = 3;
const uint64 = fc.bigInt(0n, (1n << 64n) - 1n);
const int64 = fc.bigInt(-(1n << 63n), (1n << 63n) - 1n);
const text = fc.string({ unit: "grapheme", maxLength: 12 });
/** Sometimes more than the writer's first buffer. */
const bytes = fc.oneof(
  { weight: 9, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.nat(20_000).map((size) => new Uint8Array(size).fill(size)) },
);

/** Anything but what cannot be told from its absence: embedded values are always there. */
function anyMessage(schema: DescMessage, depth = 0): fc.Arbitrary<Message> {
  switch (schema.typeName) {
    case "google.protobuf.Any":
      return fc.constant(
        create(schema, {
          typeUrl: "/cosmos.base.v1beta1.Coin",
          value: Uint8Array.of(0x12, 1, 0x30),
        } as never),
      );
    case "google.protobuf.Timestamp":
      return fc
        .record({
          seconds: fc.bigInt(-62_135_596_800n, 253_402_300_799n),
          nanos: fc.nat(999_999_999),
        })
        .map((init) => create(schema, init as never));
    case "google.protobuf.Duration":
      return fc
        .record({ seconds: fc.bigInt(0n, 9_000_000_000n), nanos: fc.nat(999_999_999) })
        .map((init) => create(schema, init as never));
  }
  const parts: Record<string, fc.Arbitrary<unknown>> = {};
  for (const member of schema.members) {
    if (member.kind === "oneof") {
      if (depth >= DEPTH) continue;
      const cases = member.fields.map((field) =>
        anyValue(field, depth).map((value) => ({ case: field.localName, value })),
      );
      parts[member.localName] = fc.oneof(fc.constant({ case: undefined }), ...cases);
    } else {
      parts[member.localName] = anyField(member, depth);
    }
  }
  return fc.record(parts).map((init) => create(schema, init as never));
}

function anyField(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.fieldKind === "list") {
    const maxLength = depth >= DEPTH ? 0 : 2;
    return fc.array(depth >= DEPTH ? fc.constant(0) : anyValue(field, depth), { maxLength });
  }
  if (field.fieldKind !== "message") return anyValue(field, depth);
  const isValue = !fieldOptions(field).nullable;
  if (isValue) return anyValue(field, depth);
  return depth >= DEPTH
    ? fc.constant(undefined)
    : fc.option(anyValue(field, depth), { nil: undefined });
}

function anyValue(field: DescField, depth: number): fc.Arbitrary<unknown> {
  if (field.message !== undefined) return anyMessage(field.message, depth + 1);
  if (field.enum !== undefined) return fc.constantFrom(...field.enum.values.map((v) => v.number));
  const { custom } = fieldOptions(field);
  if (custom !== undefined) {
    const digits = fc.bigInt(-(10n ** 30n), 10n ** 30n).map(String);
    const isBytes = field.scalar === ScalarType.BYTES;
    return isBytes ? digits.map((value) => new TextEncoder().encode(value)) : digits;
  }
  switch (field.scalar) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BYTES:
      if (fieldOptions(field).rawJson) return fc.constant(new TextEncoder().encode('{"a":1}'));
      return fieldOptions(field).address === undefined ? bytes : fc.uint8Array({ maxLength: 255 });
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.UINT64:
      return uint64;
    case ScalarType.INT64:
    case ScalarType.SFIXED64:
      return int64;
    case ScalarType.UINT32:
      return fc.nat(2 ** 31);
    default:
      return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  }
}

describe("all messages of the network", () => {
  it("are many", () => {
    expect(schemas.length).toBeGreaterThan(400);
  });

  it("decode to what was encoded, as protobuf-es also reads it, and survive JSON", () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...schemas)
          .chain((schema) => anyMessage(schema).map((message) => ({ schema, message }))),
        ({ schema, message }) => {
          const encoded = encodeMessage(schema, message);
          const decoded = decodeMessage(schema, encoded, { unknown: "reject", types });
          expect(decoded).toEqual(message);
          expect(fromBinary(schema, encoded)).toEqual(decoded);
          expect(decodeMessage(schema, toBinary(schema, message))).toEqual(message);
          const json = JSON.parse(JSON.stringify(toClientJson(schema, decoded, types)));
          expect(fromClientJson(schema, json, { types })).toEqual(message);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("fail with a typed error, or are another message, when one byte changes", () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...schemas)
          .chain((schema) =>
            fc
              .tuple(anyMessage(schema), fc.nat(), fc.integer({ min: 1, max: 255 }))
              .map(([message, at, flip]) => ({ schema, message, at, flip })),
          ),
        ({ schema, message, at, flip }) => {
          const encoded = encodeMessage(schema, message);
          if (encoded.length === 0) return;
          const changed = encoded.slice();
          changed[at % encoded.length] = (changed[at % encoded.length] as number) ^ flip;
          try {
            decodeMessage(schema, changed, { unknown: "reject", types });
          } catch (error) {
            expect(String((error as { code?: string }).code)).toMatch(/^encoding\//);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
