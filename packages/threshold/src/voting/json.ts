/** Strict reading of a record's JSON: no field that is not known, none missing, none twice. */
import { refuse } from "./refuse.ts";

type Fields<Required extends string, Optional extends string> = {
  readonly [name in Required]: unknown;
} & { readonly [name in Optional]?: unknown };

export function readJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("a file is no JSON");
  }
  // The engine keeps the last of two fields of one name; another reader may keep the first.
  if (countNames(text) !== countFields(value)) refuse("an object has a field twice");
  return value;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Names of fields in valid JSON: the strings that a colon follows. */
function countNames(text: string): number {
  let count = 0;
  for (let start = text.indexOf('"'); start >= 0; ) {
    let end = start + 1;
    while (text.charCodeAt(end) !== QUOTE) end += text.charCodeAt(end) === BACKSLASH ? 2 : 1;
    do end += 1;
    while (isBlank(text.charCodeAt(end)));
    if (text[end] === ":") count += 1;
    start = text.indexOf('"', end);
  }
  return count;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Of all objects within. A hostile text nests deeper than the stack. */
function countFields(value: unknown): number {
  let count = 0;
  const waiting = [value];
  while (waiting.length > 0) {
    const item = waiting.pop();
    if (typeof item !== "object" || item === null) continue;
    const own = Object.values(item);
    if (!Array.isArray(item)) count += own.length;
    for (const inner of own) waiting.push(inner);
  }
  return count;
}

export function readObject<Required extends string, Optional extends string = never>(
  value: unknown,
  required: readonly Required[],
  optional: readonly Optional[] = [],
): Fields<Required, Optional> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse("an object is something else");
  }
  const names = Object.keys(value);
  const known: readonly string[] = [...required, ...optional];
  if (names.some((name) => !known.includes(name))) refuse("an object has an unknown field");
  if (required.some((name) => !names.includes(name))) refuse("an object lacks a field");
  return value as Fields<Required, Optional>;
}

export function readList<T>(value: unknown, read: (item: unknown) => T): readonly T[] {
  return Array.isArray(value) ? value.map(read) : refuse("a list is something else");
}

export function readText(value: unknown): string {
  return typeof value === "string" ? value : refuse("a text is something else");
}

/** A small number, not negative. */
export function readCount(value: unknown): number {
  const isCount = typeof value === "number" && Number.isInteger(value) && value >= 0;
  return isCount && value < 2 ** 31 ? value : refuse("a number is something else");
}

/** A big integer: decimal digits without leading zeros, in quotes. */
export function readInteger(value: unknown): bigint {
  const isInteger = typeof value === "string" && /^(?:0|[1-9][0-9]{0,1999})$/.test(value);
  return isInteger ? BigInt(value) : refuse("a big integer is something else");
}

export function readHash(value: unknown): string {
  const isHash = typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
  return isHash ? value : refuse("a hash is something else");
}
