import { describe, expect, it } from "vitest";
import { Keyring } from "../keys/keyring.ts";
import { addressOf, coinsOf, jsonOf, positiveInteger } from "./parse.ts";

const usage = expect.objectContaining({ code: "cli/usage" });
const keyring = new Keyring("no-such-directory");

describe("arguments", () => {
  it("take an address or the name of a key", () => {
    const address = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03";
    expect(addressOf(keyring, "a")).toBe(address);
    expect(addressOf(keyring, address)).toBe(address);
    expect(() => addressOf(keyring, address.replace("03", "04"))).toThrow(usage);
    expect(() => addressOf(keyring, "nobody")).toThrow(
      expect.objectContaining({ code: "cli/key_unknown" }),
    );
  });

  it("take coins with their unit and nothing else", () => {
    expect(coinsOf("12uscrt")).toEqual([{ denom: "uscrt", amount: "12" }]);
    expect(coinsOf("")).toEqual([]);
    for (const text of ["12", "uscrt", "-1uscrt", "1.5uscrt"])
      expect(() => coinsOf(text)).toThrow(usage);
  });

  it("take JSON and say what to do about the shell's quotes", () => {
    expect(jsonOf('{"increment":{}}')).toEqual({ increment: {} });
    expect(() => jsonOf("{increment:{}}")).toThrow(expect.objectContaining({ code: "cli/json" }));
    expect(() => jsonOf("@no-such-file")).toThrow(expect.objectContaining({ code: "cli/file" }));
  });

  it("take whole numbers from 1", () => {
    expect(positiveInteger("7", "height")).toBe(7);
    for (const text of ["0", "-1", "1.5", "x", ""]) {
      expect(() => positiveInteger(text, "height")).toThrow(usage);
    }
  });
});
