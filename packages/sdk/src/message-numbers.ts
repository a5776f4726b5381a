/**
 * What Go reads while it decodes and protobuf does not: numbers that messages write as text
 * (math.Int, LegacyDec), times and durations that Go's own types can hold. In an Any, too.
 */
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { decodeMessage, EncodingError, fieldOptions, parseInt256 } from "@tacit/encoding";
import { PlainError } from "./errors.ts";
import { utf8Text } from "./keys.ts";
import type { AnyValue } from "./tx.ts";
import type { TypeResolver } from "./types.ts";

type Check = (value: unknown, scope: Scope) => void;

/** Types, and what is left of the bounds on what stands in one Any of a transaction. */
interface Scope {
  readonly types: TypeResolver;
  /** Shared by all that stands in it. */
  readonly calls: { left: number };
  readonly depth: number;
}

/** Any in one message, itself included, and one in another (the SDK's interface registry). */
const anyCallsMax = 100;
const anyDepthMax = 10;

interface CheckedField {
  readonly name: string;
  readonly isList: boolean;
  readonly check: Check;
}

const plans = new WeakMap<DescMessage, readonly CheckedField[]>();

/**
 * Checks every such value of `message` and of the messages in it.
 * @throws {EncodingError} `encoding/number`, `encoding/time`; others for an Any that does not decode;
 *   {PlainError} if there are too many of them.
 */
export function assertNumbers(schema: DescMessage, message: unknown, types: TypeResolver): void {
  const scope = { types, calls: { left: anyCallsMax - 1 }, depth: 1 };
  checkAll(planFor(schema), message as Record<string, unknown>, scope);
}

function planFor(schema: DescMessage): readonly CheckedField[] {
  let plan = plans.get(schema);
  if (plan === undefined) {
    plan = planOf(schema, []);
    plans.set(schema, plan);
  }
  return plan;
}

function checkAll(
  plan: readonly CheckedField[],
  message: Record<string, unknown>,
  scope: Scope,
): void {
  for (const { name, isList, check } of plan) {
    const value = message[name];
    if (value === undefined) continue;
    for (const item of isList ? (value as unknown[]) : [value]) check(item, scope);
  }
}

/** @param outer types that this one is inside of; none of the SDK's messages nests in itself. */
function planOf(schema: DescMessage, outer: readonly DescMessage[]): CheckedField[] {
  if (outer.includes(schema)) return [];
  return schema.fields.flatMap((field): CheckedField[] => {
    const check = checkOf(field, [...outer, schema]);
    const { localName: name } = field;
    return check === undefined ? [] : [{ name, isList: field.fieldKind === "list", check }];
  });
}

function checkOf(field: DescField, outer: readonly DescMessage[]): Check | undefined {
  const { custom, stdTime, stdDuration } = fieldOptions(field);
  if (custom === "int") return (value) => parseInt256(textOf(value));
  if (custom === "dec") return (value) => assertDec(textOf(value));
  const type = messageTypeOf(field);
  if (type === undefined) return undefined;
  if (stdTime) return assertTime;
  if (stdDuration) return assertDuration;
  if (type.typeName === "google.protobuf.Any") return assertAny;
  const inner = planOf(type, outer);
  if (inner.length === 0) return undefined;
  return (value, scope) => checkAll(inner, value as Record<string, unknown>, scope);
}

function messageTypeOf(field: DescField): DescMessage | undefined {
  if (field.oneof !== undefined) return undefined;
  const { fieldKind } = field;
  return fieldKind === "message" || fieldKind === "list" ? field.message : undefined;
}

/** Some old messages declare a number's digits as bytes. */
function textOf(item: unknown): string {
  return item instanceof Uint8Array ? utf8Text(item) : (item as string);
}

/** A decimal may have 315 bits with its 18 places (cosmossdk.io/math v1.4.0). */
const decLimit = 1n << 315n;

function assertDec(text: string): void {
  if (text === "") return;
  if (text.length > 97 || !/^-?\d+$/.test(text)) {
    throw new EncodingError({ code: "encoding/number" }, "invalid decimal");
  }
  const atoms = BigInt(text);
  if (atoms >= decLimit || atoms <= -decLimit) {
    throw new EncodingError({ code: "encoding/number" }, "decimal out of range");
  }
}

interface SecondsAndNanos {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** Years 1 to 9999. */
const firstSecond = -62_135_596_800n;
const lastSecond = 253_402_300_799n;
const billion = 1_000_000_000;

function assertTime(value: unknown): void {
  const { seconds, nanos } = value as SecondsAndNanos;
  const isKnown = seconds >= firstSecond && seconds <= lastSecond;
  if (isKnown && nanos >= 0 && nanos < billion) return;
  throw new EncodingError(
    { code: "encoding/time" },
    `timestamp: seconds ${seconds}, nanos ${nanos} are out of range`,
  );
}

/** What 64 bits of nanoseconds hold. */
const secondsMax = 9_223_372_036n;

function assertDuration(value: unknown): void {
  const { seconds, nanos } = value as SecondsAndNanos;
  const isKnown = seconds >= -secondsMax && seconds <= secondsMax && Math.abs(nanos) < billion;
  const isOneSign = !(seconds > 0n && nanos < 0) && !(seconds < 0n && nanos > 0);
  if (isKnown && isOneSign) return;
  throw new EncodingError(
    { code: "encoding/time" },
    `duration: seconds ${seconds}, nanos ${nanos} are out of range`,
  );
}

/** Unknown types were refused before; messages without such values are not decoded again. */
function assertAny(value: unknown, { types, calls, depth }: Scope): void {
  if (depth >= anyDepthMax) throw new PlainError("max depth exceeded");
  if (calls.left === 0) throw new PlainError("call limit exceeded");
  calls.left -= 1;
  const { typeUrl, value: bytes } = value as AnyValue;
  const schema = types.getMessage(typeUrl.slice(1));
  if (schema === undefined) return;
  const plan = planFor(schema);
  if (plan.length === 0) return;
  const message = decodeMessage(schema, bytes) as unknown as Record<string, unknown>;
  checkAll(plan, message, { types, calls, depth: depth + 1 });
}
