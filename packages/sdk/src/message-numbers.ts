/** Numbers that messages write as text (math.Int, LegacyDec): Go reads them while it decodes. */
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { fieldOptions, parseInt256 } from "@tacit/encoding";
import { utf8Text } from "./keys.ts";

interface NumberField {
  readonly name: string;
  readonly isList: boolean;
  /** Undefined for a number itself. */
  readonly inner: readonly NumberField[] | undefined;
}

const plans = new WeakMap<DescMessage, readonly NumberField[]>();

/**
 * Checks every number that `message` and the messages in it write as text.
 * @throws {EncodingError} `encoding/number`.
 */
export function assertNumbers(schema: DescMessage, message: unknown): void {
  let plan = plans.get(schema);
  if (plan === undefined) {
    plan = planOf(schema, []);
    plans.set(schema, plan);
  }
  check(plan, message as Record<string, unknown>);
}

function check(plan: readonly NumberField[], message: Record<string, unknown>): void {
  for (const { name, isList, inner } of plan) {
    const value = message[name];
    if (value === undefined) continue;
    for (const item of isList ? (value as unknown[]) : [value]) {
      if (inner === undefined) parseInt256(textOf(item));
      else check(inner, item as Record<string, unknown>);
    }
  }
}

/** Some old messages declare a number's digits as bytes. */
function textOf(item: unknown): string {
  return item instanceof Uint8Array ? utf8Text(item) : (item as string);
}

/** @param outer types that this one is inside of; none of the SDK's messages nests in itself. */
function planOf(schema: DescMessage, outer: readonly DescMessage[]): NumberField[] {
  if (outer.includes(schema)) return [];
  return schema.fields.flatMap((field): NumberField[] => {
    const isList = field.fieldKind === "list";
    const { localName: name } = field;
    if (fieldOptions(field).custom !== undefined) return [{ name, isList, inner: undefined }];
    const type = messageTypeOf(field);
    const inner = type === undefined ? [] : planOf(type, [...outer, schema]);
    return inner.length === 0 ? [] : [{ name, isList, inner }];
  });
}

function messageTypeOf(field: DescField): DescMessage | undefined {
  if (field.oneof !== undefined) return undefined;
  const { fieldKind } = field;
  return fieldKind === "message" || fieldKind === "list" ? field.message : undefined;
}
