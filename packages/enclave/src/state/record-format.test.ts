import { Secret } from "@tacit/crypto";
import { fromHex, toHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { utf8 } from "../bytes.ts";
import { createKeyRing } from "../keys/key-ring.ts";
import { encodeSalt, type NamedValue, openValue, sealName, sealValues } from "./record-format.ts";

const ring = createKeyRing([
  new Secret(new Uint8Array(32).fill(0x11), "genesis seed"),
  new Secret(new Uint8Array(32).fill(0x22), "current seed"),
]);
const contract = fromHex("a177d72f4d0e7238c39f9d460d2c5b32bb15f84f");
const keys = ring.stateKeys(
  ring.createContractKey(
    { contract, codeHash: new Uint8Array(32).fill(0xaa) },
    new Uint8Array(20).fill(0x55),
    7n,
  ),
);
const salt = encodeSalt(1_700_000_000_000_000_000n, { height: 7n, count: 0n });
const name = sealName(keys.names, contract, utf8("config"), false);
const seal = (values: readonly NamedValue[]) => sealValues(keys.values, salt, values, false);
const value = seal([{ sealedName: name, value: utf8('{"a":1}') }])[0]!;

describe("the appendix's record", () => {
  it("has its stored key, below the contract's prefix", () => {
    expect(toHex(name.key)).toBe(
      `03${toHex(contract)}` +
        "060000000000000073656372657402000300000016000000000000008f5df5bbe10e9d7776fa51a1f5b9795ed3981a797144",
    );
  });

  it("has its stored value", () => {
    expect(toHex(value)).toBe(
      "180000000000000017979cfe362a00000000000000000007000000000000000017000000000000000b8bd1403d61f93d8fcdbff52251b3428ceeac08f559b2",
    );
    expect(openValue(keys.values, name, value, false)).toEqual(utf8('{"a":1}'));
  });
});

describe("a record's value", () => {
  it("is sealed among many as it is alone", () => {
    const lengths = [0, 1, 15, 16, 17, 48, 64, 100, 300, 1000, 5000, 9000, 3, 33];
    const values = lengths.map((length) => ({
      sealedName: sealName(keys.names, contract, utf8(`name ${length}`), false),
      value: new Uint8Array(length).fill(length),
    }));
    const records = seal(values);
    expect(records.map(toHex)).toEqual(values.map((one) => toHex(seal([one])[0]!)));
    expect(
      records.map((record, index) =>
        openValue(keys.values, values[index]!.sealedName, record, false),
      ),
    ).toEqual(values.map((one) => one.value));
  });

  const corrupt = expect.objectContaining({ code: "enclave/corrupt_record" });

  it("does not open under another name", () => {
    const other = sealName(keys.names, contract, utf8("confih"), false);
    expect(() => openValue(keys.values, other, value, false)).toThrow(corrupt);
  });

  it("does not open truncated or with any byte changed", () => {
    for (let at = 0; at < value.length; at++) {
      expect(() => openValue(keys.values, name, value.subarray(0, at), false)).toThrow(corrupt);
      const changed = Uint8Array.from(value);
      changed[at]! ^= 1;
      expect(() => openValue(keys.values, name, changed, false)).toThrow(corrupt);
    }
  });
});
