/** Changes of valid bytes: of any bytes, and of protobuf messages field by field. */
import { concatBytes, equalBytes } from "@tacit/encoding";
import type { Random } from "./random.ts";

const CHANGES_MAX = 4;
const SPAN_BYTES_MAX = 64;
/** Bytes at the edges of what varints and lengths can be. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff] as const;
const NUMBERS = [
  0n,
  1n,
  2n,
  127n,
  128n,
  1n << 31n,
  1n << 32n,
  1n << 63n,
  (1n << 64n) - 1n,
] as const;

/** One byte. Rarely the same bytes. */
export function mutateOneByte(bytes: Uint8Array, random: Random): Uint8Array {
  return changeByte(bytes, random, () => random.below(256));
}

type Change = (bytes: Uint8Array, random: Random) => Uint8Array;

/** One to four changes. Never the same bytes. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let changed = bytes;
  for (let count = 1 + random.below(CHANGES_MAX); count > 0; count--) {
    changed = random.pick(BYTE_CHANGES)(changed, random);
  }
  return equalBytes(changed, bytes)
    ? concatBytes(bytes, Uint8Array.of(random.below(256)))
    : changed;
}

const BYTE_CHANGES: readonly Change[] = [
  (bytes, random) => changeByte(bytes, random, (byte) => byte ^ (1 << random.below(8))),
  (bytes, random) => changeByte(bytes, random, (byte) => byte ^ (1 << random.below(8))),
  (bytes, random) => changeByte(bytes, random, () => random.pick(EDGES)),
  (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  (bytes, random) => replace(bytes, random, () => new Uint8Array(0)),
  (bytes, random) => insert(bytes, random, random.bytes(1 + random.below(SPAN_BYTES_MAX))),
  (bytes, random) => insert(bytes, random, span(bytes, random)),
  (bytes, random) => replace(bytes, random, () => span(bytes, random)),
  (bytes, random) => replace(bytes, random, ({ length }) => random.bytes(length)),
];

function changeByte(bytes: Uint8Array, random: Random, to: (byte: number) => number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  const at = random.below(Math.max(1, bytes.length));
  if (at < changed.length) changed[at] = to(changed[at] as number);
  return changed;
}

function span(bytes: Uint8Array, random: Random): Uint8Array {
  const start = random.below(bytes.length + 1);
  return bytes.subarray(start, start + 1 + random.below(SPAN_BYTES_MAX));
}

function insert(bytes: Uint8Array, random: Random, inserted: Uint8Array): Uint8Array {
  const at = random.below(bytes.length + 1);
  return concatBytes(bytes.subarray(0, at), inserted, bytes.subarray(at));
}

function replace(
  bytes: Uint8Array,
  random: Random,
  by: (old: Uint8Array) => Uint8Array,
): Uint8Array {
  const old = span(bytes, random);
  const start = old.byteOffset - bytes.byteOffset;
  const after = bytes.subarray(start + old.length);
  return concatBytes(bytes.subarray(0, start), by(old), after);
}

interface Field {
  readonly number: number;
  readonly wireType: number;
  /** Of a varint its value, else the content. */
  readonly value: bigint | Uint8Array;
}

/**
 * A change of one field somewhere inside a message, which stays well-formed protobuf. Never the
 * same bytes.
 */
export function mutateFields(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = changeSomewhere(bytes, random, 0);
  return equalBytes(changed, bytes) ? mutateBytes(bytes, random) : changed;
}

function changeSomewhere(bytes: Uint8Array, random: Random, depth: number): Uint8Array {
  const fields = readFields(bytes);
  if (fields === undefined || fields.length === 0) return mutateBytes(bytes, random);
  const index = random.below(fields.length);
  const field = fields[index] as Field;
  const isMessage = field.value instanceof Uint8Array && readFields(field.value) !== undefined;
  if (isMessage && random.below(4) > 0) {
    const value = changeSomewhere(field.value as Uint8Array, random, depth + 1);
    return writeFields(fields.with(index, { ...field, value }));
  }
  return random.pick(FIELD_CHANGES)(fields, index, random);
}

type FieldChange = (fields: readonly Field[], index: number, random: Random) => Uint8Array;

const FIELD_CHANGES: readonly FieldChange[] = [
  (fields, index) => writeFields(fields.toSpliced(index, 1)),
  (fields, index) => writeFields(fields.toSpliced(index, 0, fields[index] as Field)),
  (fields, index, random) => writeFields(swapped(fields, index, random.below(fields.length))),
  (fields, index, random) =>
    writeFields(
      fields.with(index, { ...(fields[index] as Field), number: 1 + random.below(2_100) }),
    ),
  (fields, index, random) =>
    writeFields(fields.with(index, otherValue(fields[index] as Field, random))),
  (fields, index, random) =>
    writeFields(fields.with(index, otherValue(fields[index] as Field, random))),
  (fields, index, random) => {
    const added = { number: 1 + random.below(32), wireType: 0, value: random.pick(NUMBERS) };
    return writeFields(fields.toSpliced(index, 0, added));
  },
];

function swapped(fields: readonly Field[], first: number, second: number): readonly Field[] {
  const other = fields[second] as Field;
  return fields.with(second, fields[first] as Field).with(first, other);
}

function otherValue(field: Field, random: Random): Field {
  if (typeof field.value === "bigint") return { ...field, value: random.pick(NUMBERS) };
  if (random.below(8) === 0) return { ...field, value: new Uint8Array(0) };
  return { ...field, value: mutateBytes(field.value, random) };
}

/** Undefined if the bytes are no message. */
function readFields(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = readVarint(bytes, at);
    if (tag === undefined) return undefined;
    const number = Number(tag.value >> 3n);
    const wireType = Number(tag.value & 7n);
    const content = readContent(bytes, tag.end, wireType);
    if (number === 0 || content === undefined) return undefined;
    fields.push({ number, wireType, value: content.value });
    at = content.end;
  }
  return fields;
}

function readContent(
  bytes: Uint8Array,
  at: number,
  wireType: number,
): { readonly value: bigint | Uint8Array; readonly end: number } | undefined {
  if (wireType === 0) return readVarint(bytes, at);
  const length =
    wireType === 2 ? readVarint(bytes, at) : { value: wireType === 1 ? 8n : 4n, end: at };
  if (length === undefined || ![1, 2, 5].includes(wireType)) return undefined;
  const end = length.end + Number(length.value);
  return end > bytes.length ? undefined : { value: bytes.subarray(length.end, end), end };
}

function readVarint(
  bytes: Uint8Array,
  at: number,
): { readonly value: bigint; readonly end: number } | undefined {
  let value = 0n;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  return undefined;
}

function writeFields(fields: readonly Field[]): Uint8Array {
  return concatBytes(
    ...fields.flatMap(({ number, wireType, value }) => {
      const tag = varint((BigInt(number) << 3n) | BigInt(wireType));
      if (typeof value === "bigint") return [tag, varint(value)];
      return wireType === 2 ? [tag, varint(BigInt(value.length)), value] : [tag, value];
    }),
  );
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Uint8Array.of(...bytes, Number(rest));
}
