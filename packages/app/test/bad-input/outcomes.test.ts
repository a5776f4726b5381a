import { expect, it } from "vitest";
import { assertDocumented } from "./outcomes.ts";

const assertLog = (log: string) =>
  assertDocumented({ codespace: "compute", code: 2, log }, "this test");

it("takes no word inside of a ciphertext for a fault of ours", () => {
  expect(() => assertLog("encrypted: IPaU1gYuzPCGhpSX1MNaNa7qY+v6u0E=: failed")).not.toThrow();
});

it("finds such a word everywhere else", () => {
  for (const log of [
    "NaN",
    "encrypted: a+b/c=: NaN",
    "NaN encrypted: abcd",
    "encrypted: x: undefined",
  ]) {
    expect(() => assertLog(log), log).toThrow("undocumented result");
  }
});
