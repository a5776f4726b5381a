import { describe, expect, it } from "vitest";
import { errorText, parseContractJson, toContractJson, toSortedJson } from "./json.ts";

describe("JSON of contracts", () => {
  it("is written in the order it came in, errors in the order of their keys", () => {
    const text = '{"parse_err":{"target":"t","msg":"m"},"a":[{"z":1,"b":2}]}';
    expect(toContractJson(parseContractJson(text))).toBe(text);
    expect(toSortedJson(parseContractJson(text))).toBe(
      '{"a":[{"b":2,"z":1}],"parse_err":{"msg":"m","target":"t"}}',
    );
  });

  it("loses the quotation marks around an error that is text", () => {
    expect(errorText("too late")).toBe("too late");
    expect(errorText(parseContractJson('{"b":"x","a":1}'))).toBe('{"a":1,"b":"x"}');
  });

  it("sorts keys by their bytes, not as numbers or UTF-16", () => {
    expect(toSortedJson({ 9: 1, 10: 2, "\u{ff5e}": 3, "\u{1f600}": 4 })).toBe(
      '{"10":2,"9":1,"\u{ff5e}":3,"\u{1f600}":4}',
    );
  });

  it("keeps integers that no double holds", () => {
    expect(toSortedJson(parseContractJson('{"b":18446744073709551615,"a":null}'))).toBe(
      '{"a":null,"b":18446744073709551615}',
    );
  });
});
