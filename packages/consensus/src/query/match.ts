/** Whether attribute values and whole events meet the conditions of a query. */
import { compareDecimals, leadingDecimal } from "./decimal.ts";
import type { Comparison, Condition, Operand } from "./parse.ts";
import { parseDate, parseTime } from "./time.ts";

/** `type.attribute` → values, with `tm.event`, `tx.hash` and `tx.height` beside the application's. */
export type FlatEvents = ReadonlyMap<string, readonly string[]>;

/** All conditions hold, each for some value of its tag. */
export function matchesEvents(conditions: readonly Condition[], events: FlatEvents): boolean {
  return events.size > 0 && conditions.every((condition) => matchesCondition(condition, events));
}

export function matchesValue(condition: Condition, value: string): boolean {
  switch (condition.operator) {
    case "EXISTS":
      return true;
    case "CONTAINS":
      return value.includes(condition.operand.text);
    default:
      return compareValue(condition.operator, condition.operand, value);
  }
}

function matchesCondition(condition: Condition, events: FlatEvents): boolean {
  const values = events.get(condition.tag);
  if (values?.some((value) => matchesValue(condition, value))) return true;
  // A tag that is only an event type stands for an empty value, so that `transfer EXISTS` works.
  return matchesValue(condition, "") && hasEventType(events, condition.tag);
}

function hasEventType(events: FlatEvents, type: string): boolean {
  for (const tag of events.keys()) {
    if (tag.slice(0, tag.lastIndexOf(".")) === type) return true;
  }
  return false;
}

function compareValue(operator: Comparison, operand: Operand, value: string): boolean {
  if (operand.kind === "string") return value === operand.text;
  const order = orderOf(operand, value);
  if (order === undefined) return false;
  switch (operator) {
    case "=":
      return order === 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** How `value` stands to the operand; undefined if it is not of the operand's kind. */
function orderOf(operand: Exclude<Operand, { kind: "string" }>, value: string): number | undefined {
  if (operand.kind === "number") {
    const number = leadingDecimal(value);
    return number && compareDecimals(number, operand.value);
  }
  const nanos = operand.kind === "time" ? parseTime(value) : parseDate(value);
  if (nanos === undefined) return undefined;
  return nanos < operand.nanos ? -1 : nanos > operand.nanos ? 1 : 0;
}
