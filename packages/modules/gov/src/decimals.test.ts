import { describe, expect, it } from "vitest";
import { parseDecimal } from "./decimals.ts";

describe("decimals of gov", () => {
  it.each([
    ["1", "1.000000000000000000"],
    ["-0.5", "-0.500000000000000000"],
    ["+0.5", "0.500000000000000000"],
    ["-+0.5", "-0.500000000000000000"],
    ["--0.5", "0.500000000000000000"],
    [`${"0".repeat(200)}.7`, "0.700000000000000000"],
  ])("read %j as Go does", (text, value) => {
    expect(parseDecimal(text).toString()).toBe(value);
  });

  it.each([
    ["", "decimal string cannot be empty"],
    ["-", "decimal string cannot be empty"],
    ["1.", "invalid decimal length"],
    [".5", "invalid decimal length"],
    ["1.2.3", "invalid decimal string"],
    ["1e3", "failed to set decimal string with base 10: 1e3000000000000000000"],
    [
      "0.1234567890123456789",
      "value '0.1234567890123456789' exceeds max precision by -1 decimal places: max precision 18",
    ],
    ["9".repeat(200), "out of range: invalid decimal string"],
  ])("refuse %j in Go's words", (text, reason) => {
    expect(() => parseDecimal(text)).toThrow(reason);
  });
});
