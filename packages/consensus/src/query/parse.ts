/** The query language of CometBFT's searches and subscriptions (libs/pubsub/query/syntax). */
import { QueryError } from "../errors.ts";
import { QUERY_CHARACTERS_MAX } from "../limits.ts";
import { type Decimal, parseDecimal } from "./decimal.ts";
import { parseDate, parseTime } from "./time.ts";

export type Comparison = "=" | "<" | "<=" | ">" | ">=";

export type Operand =
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly text: string; readonly value: Decimal }
  /** `nanos` since the epoch. */
  | { readonly kind: "time" | "date"; readonly text: string; readonly nanos: bigint };

export type Condition =
  | { readonly tag: string; readonly operator: Comparison; readonly operand: Operand }
  | { readonly tag: string; readonly operator: "CONTAINS"; readonly operand: Operand }
  | { readonly tag: string; readonly operator: "EXISTS" };

/**
 * Conditions of `query`, all of which must hold: `tx.height > 5 AND message.sender = 'a'`.
 * @throws {QueryError} `query/too_long`, `query/syntax`.
 */
export function parseQuery(query: string): readonly Condition[] {
  if (query.length > QUERY_CHARACTERS_MAX) {
    throw new QueryError({ code: "query/too_long", charactersMax: QUERY_CHARACTERS_MAX });
  }
  const reader = new Reader(query);
  const conditions = [reader.condition()];
  while (!reader.atEnd()) {
    reader.and();
    conditions.push(reader.condition());
  }
  return conditions;
}

const TAG = /[\p{L}\p{Nd}_][\p{L}\p{Nd}._-]*/uy;
const NUMBER = /[0-9]+(?:\.[0-9]*)?/y;
const OPERATOR = /<=|>=|<|>|=|CONTAINS(?![\p{L}\p{Nd}._-])|EXISTS(?![\p{L}\p{Nd}._-])/uy;
const SPACE = /\s*/y;
const TIME = /[-T:+Z0-9]*/y;
const DATE = /[-0-9]*/y;
const KEYWORDS = new Set(["AND", "CONTAINS", "EXISTS"]);

class Reader {
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#skipSpace();
    return this.#offset === this.#text.length;
  }

  and(): void {
    this.#skipSpace();
    const start = this.#offset;
    if (this.#take(TAG) !== "AND") this.#fail("AND", start);
  }

  condition(): Condition {
    this.#skipSpace();
    const start = this.#offset;
    const tag = this.#take(TAG);
    if (tag === undefined || KEYWORDS.has(tag) || /^[0-9]/.test(tag)) this.#fail("a tag", start);
    this.#skipSpace();
    const operator = this.#take(OPERATOR);
    if (operator === undefined) this.#fail("an operator");
    if (operator === "EXISTS") return { tag, operator };
    this.#skipSpace();
    if (operator === "CONTAINS") return { tag, operator, operand: this.#string() };
    return { tag, operator: operator as Comparison, operand: this.#operand(operator) };
  }

  #operand(operator: string): Operand {
    const first = this.#text[this.#offset];
    if (first === "'" && operator === "=") return this.#string();
    const number = this.#take(NUMBER);
    if (number !== undefined) {
      const value = parseDecimal(number);
      if (value === undefined) this.#fail("a shorter number");
      return { kind: "number", text: number, value };
    }
    const label = /(?:TIME|DATE) /y;
    const word = this.#take(label);
    if (word === "TIME ") return this.#moment("time", TIME, parseTime);
    if (word === "DATE ") return this.#moment("date", DATE, parseDate);
    this.#fail(operator === "=" ? "a string, number, TIME or DATE" : "a number, TIME or DATE");
  }

  #moment(
    kind: "time" | "date",
    pattern: RegExp,
    parse: (text: string) => bigint | undefined,
  ): Operand {
    const start = this.#offset;
    const text = this.#take(pattern) ?? "";
    const nanos = parse(text);
    if (nanos === undefined) this.#fail(`a ${kind}`, start);
    return { kind, text, nanos };
  }

  #string(): Operand {
    if (this.#text[this.#offset] !== "'") this.#fail("a quoted string");
    const end = this.#text.indexOf("'", this.#offset + 1);
    if (end < 0) this.#fail("a closing quote");
    const text = this.#text.slice(this.#offset + 1, end);
    this.#offset = end + 1;
    return { kind: "string", text };
  }

  #skipSpace(): void {
    this.#take(SPACE);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#text)?.[0];
    if (match === undefined) return undefined;
    this.#offset += match.length;
    return match;
  }

  #fail(expected: string, offset = this.#offset): never {
    throw new QueryError({ code: "query/syntax", offset, expected });
  }
}
