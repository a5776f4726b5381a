import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesValue } from "./match.ts";
import { type MeasureKind, markOf, measureOf } from "./measure.ts";
import { type Condition, parseQuery } from "./parse.ts";

const digits = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 56n }).map(String),
  fc.bigInt({ min: 10n ** 17n, max: 10n ** 17n + 300n }).map(String),
  fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 99 })).map(([a, b]) => `${a}.${b}`),
  fc.constantFrom("0", "0.1", "0.10", "9007199254740993", "1".repeat(128), "2".repeat(129)),
);
const times = fc
  .tuple(fc.constantFrom("", ".1", ".000000001", ".999999999"), fc.constantFrom("Z", "+01:00"))
  .map(([fraction, zone]) => `2026-03-01T12:00:00${fraction}${zone}`);
const days = fc.constantFrom("2026-03-01", "1900-01-01", "2999-12-31");
const value = fc.oneof(
  digits,
  digits.map((each) => `${each}uscrt`),
  times,
  days,
  fc.string(),
);
const operand = fc.oneof(
  digits.filter((text) => text.length <= 128),
  fc.constantFrom("TIME 2026-03-01T12:00:00Z", "TIME 2026-03-01T12:00:01+01:00"),
  days.map((text) => `DATE ${text}`),
);
const operator = fc.constantFrom("=", "<", "<=", ">", ">=");

/** What the measures say of a comparison; undefined if they leave it open. */
function decide(condition: Condition, value: string): boolean | undefined {
  if (condition.operator === "EXISTS" || condition.operand.kind === "string") return undefined;
  const { operator, operand } = condition;
  const measure = measureOf(operand.kind as MeasureKind, value);
  if (measure === undefined) return false;
  const { nearest, tie } = markOf(operand);
  if (measure.nearest === nearest && !measure.isExact) return undefined;
  const order = measure.nearest === nearest ? tie : measure.nearest - nearest;
  return order === 0 ? operator.includes("=") : operator.includes(order < 0 ? "<" : ">");
}

describe("a measure", () => {
  it("decides a comparison as the value itself does, or leaves it open", () => {
    fc.assert(
      fc.property(value, operator, operand, (value, operator, operand) => {
        const [condition] = parseQuery(`a.b ${operator} ${operand}`);
        const decided = decide(condition as Condition, value);
        if (decided !== undefined) {
          expect(decided).toBe(matchesValue(condition as Condition, value));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ["a.b = 2500", "2500uscrt"],
    ["a.b > 1000000000000000000", "1000000000000000000aevmos"],
    ["a.b <= 9007199254740993", "9007199254740992"],
    ["a.b < TIME 2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"],
  ])("decides %s for %s", (query, value) => {
    const [condition] = parseQuery(query);
    expect(decide(condition as Condition, value)).toBe(matchesValue(condition as Condition, value));
  });
});
