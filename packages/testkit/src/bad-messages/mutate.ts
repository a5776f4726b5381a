/** A message with one field that is not as it should be: every field, in every way. */
import { clone, type DescField, type DescMessage, type Message } from "@bufbuild/protobuf";
import { moduleAddress } from "@tacit/crypto";
import { decodeMessage, encodeMessage, parseBech32, toBech32 } from "@tacit/encoding";
import type { AnyValue, TypeResolver } from "@tacit/sdk";

export interface Mutant {
  /** Names of fields, joined by dots; `>` leads into an Any, `*` to the first of a list. */
  readonly field: string;
  readonly change: string;
  readonly message: AnyValue;
}

const manyEntries = 10_000;
/** Above 256 bits. */
const overflowing = `1${"0".repeat(78)}`;
const depthMax = 5;

/** Messages by name of field. */
type Fields = Record<string, unknown>;

/** What a value may be instead; `undefined` unsets the field. */
interface Change {
  readonly change: string;
  readonly value: unknown;
}

/** Every mutant of a message. @param prefix of the network's account addresses. */
export function mutantsOf(
  { typeUrl, value }: AnyValue,
  { types, prefix }: { readonly types: TypeResolver; readonly prefix: string },
): readonly Mutant[] {
  const schema = types.getMessage(typeUrl.slice(1));
  if (schema === undefined) return [];
  const found: Mutant[] = [];
  const message = decodeMessage(schema, value);
  walk(schema, message, { types, prefix, depth: 0, path: "" }, (field, change, changed) => {
    found.push({ field, change, message: { typeUrl, value: encodeMessage(schema, changed) } });
  });
  return found;
}

interface Walk {
  readonly types: TypeResolver;
  readonly prefix: string;
  readonly depth: number;
  readonly path: string;
}

type Report = (field: string, change: string, changed: Message) => void;

function walk(schema: DescMessage, message: Message, at: Walk, report: Report): void {
  if (at.depth > depthMax) return;
  for (const field of schema.fields) {
    const name = at.path === "" ? field.name : `${at.path}.${field.name}`;
    const current = fieldOf(message, field);
    const put = (value: unknown) => withValue(schema, message, field, value);
    for (const { change, value } of changesOf(field, current, at.prefix)) {
      report(name, change, put(value));
    }
    inner(field, current, { ...at, path: name, depth: at.depth + 1 }, (path, change, changed) =>
      report(path, change, put(changed)),
    );
  }
}

/** Goes into messages, the first of lists of them, and what stands in an Any. */
function inner(
  field: DescField,
  current: unknown,
  at: Walk,
  report: (path: string, change: string, changed: unknown) => void,
): void {
  if (field.fieldKind === "list" && field.message !== undefined) {
    const [first, ...rest] = current as Message[];
    if (first === undefined) return;
    const path = `${at.path}*`;
    element(field.message, first, { ...at, path }, (where, change, changed) =>
      report(where, change, [changed, ...rest]),
    );
  } else if (field.fieldKind === "message" && current !== undefined) {
    element(field.message, current as Message, at, report);
  }
}

function element(
  schema: DescMessage,
  message: Message,
  at: Walk,
  report: (path: string, change: string, changed: Message) => void,
): void {
  if (schema.typeName !== "google.protobuf.Any") {
    walk(schema, message, at, report);
    return;
  }
  const any = message as Message & { typeUrl: string; value: Uint8Array };
  report(at.path, "of an unknown type", clone(schema, { ...any, typeUrl: "/x.y.Z" } as Message));
  const held = at.types.getMessage(any.typeUrl.slice(1));
  if (held === undefined) return;
  const path = `${at.path}>`;
  walk(held, decodeMessage(held, any.value), { ...at, path }, (where, change, changed) =>
    report(where, change, { ...any, value: encodeMessage(held, changed) } as Message),
  );
}

function fieldOf(message: Message, field: DescField): unknown {
  const fields = message as unknown as Fields;
  if (field.oneof === undefined) return fields[field.localName];
  const chosen = fields[field.oneof.localName] as { case?: string; value?: unknown };
  return chosen.case === field.localName ? chosen.value : undefined;
}

function withValue(
  schema: DescMessage,
  message: Message,
  field: DescField,
  value: unknown,
): Message {
  const copy = clone(schema, message);
  const fields = copy as unknown as Fields;
  if (field.oneof === undefined) fields[field.localName] = value;
  else if (value === undefined) fields[field.oneof.localName] = { case: undefined };
  else fields[field.oneof.localName] = { case: field.localName, value };
  return copy;
}

function changesOf(field: DescField, current: unknown, prefix: string): readonly Change[] {
  switch (field.fieldKind) {
    case "list":
      return listChanges(field, current as readonly unknown[], prefix);
    case "message":
      return current === undefined ? [] : [{ change: "missing", value: undefined }];
    case "enum":
      return [
        { change: "zero", value: 0 },
        { change: "unknown", value: 99 },
      ];
    case "scalar":
      return scalarChanges(current, prefix);
    default:
      return [];
  }
}

function listChanges(
  field: DescField,
  current: readonly unknown[],
  prefix: string,
): readonly Change[] {
  if (current.length === 0) return [];
  const [first, ...rest] = current;
  const own = field.message === undefined ? scalarChanges(first, prefix) : [];
  return [
    { change: "empty", value: [] },
    { change: "10,000 entries", value: Array.from({ length: manyEntries }, () => first) },
    { change: "twice", value: [first, ...current] },
    ...own.map(({ change, value }) => ({ change: `first ${change}`, value: [value, ...rest] })),
  ];
}

function scalarChanges(current: unknown, prefix: string): readonly Change[] {
  if (typeof current === "string") return stringChanges(current, prefix);
  if (typeof current === "bigint") {
    return [
      { change: "zero", value: 0n },
      { change: "largest", value: (1n << 63n) - 1n },
    ];
  }
  if (typeof current === "number") {
    return [
      { change: "zero", value: 0 },
      { change: "largest", value: 2 ** 31 - 1 },
    ];
  }
  if (!(current instanceof Uint8Array)) return [];
  return [
    { change: "empty", value: new Uint8Array() },
    { change: "10,000 bytes", value: new Uint8Array(10_000).fill(1) },
    { change: "one byte", value: Uint8Array.of(7) },
  ];
}

function stringChanges(current: string, prefix: string): readonly Change[] {
  const changes: Change[] = [
    { change: "empty", value: "" },
    { change: "10,000 characters", value: "x".repeat(10_000) },
  ];
  if (/^-?\d+$/.test(current)) {
    return [
      ...changes,
      { change: "zero", value: "0" },
      { change: "negative", value: `-${current}` },
      { change: "overflowing", value: overflowing },
      { change: "no number", value: "1x" },
    ];
  }
  const address = addressOf(current, prefix);
  if (address !== undefined) {
    const blocked = moduleAddress("mint");
    return [
      ...changes,
      { change: "not bech32", value: `${current.slice(0, -1)}!` },
      { change: "of another network", value: toBech32(`other${address.kind}`, address.bytes) },
      { change: "blocked", value: toBech32(prefix + address.kind, blocked) },
    ];
  }
  if (/^[a-z]{3,10}$/.test(current)) {
    return [
      ...changes,
      { change: "another denomination", value: "nothing" },
      { change: "no denomination", value: "1" },
    ];
  }
  return changes;
}

/** `kind` is what follows the network's prefix: nothing, `valoper`, `valcons`. */
function addressOf(text: string, prefix: string) {
  if (!text.startsWith(prefix) || !text.includes("1")) return undefined;
  try {
    const { prefix: own, bytes } = parseBech32(text);
    return { kind: own.slice(prefix.length), bytes };
  } catch {
    return undefined;
  }
}
