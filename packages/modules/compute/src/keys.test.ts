import { contractAddress } from "@tacit/crypto";
import { fromHex, toHex } from "@tacit/encoding";
import { createAddressCodec } from "@tacit/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressOfContractKey,
  authorizedMigrationKey,
  byCodeKey,
  codeIdOfKey,
  codeKey,
  contractKey,
  historyKey,
  historyPrefixOf,
  labelKey,
  lastCodeIdKey,
  lastInstanceIdKey,
  paramsKey,
  positionOfHistoryKey,
  prefixRange,
  txCounterKey,
} from "./keys.ts";

const address = new Uint8Array(20).fill(0xab);

describe("keys of the store compute", () => {
  it("are those of section 11.2", () => {
    expect(toHex(codeKey(1n))).toBe("010000000000000001");
    expect(toHex(contractKey(address))).toBe(`02${"ab".repeat(20)}`);
    expect(toHex(lastCodeIdKey)).toBe(`04${toHex(new TextEncoder().encode("lastCodeId"))}`);
    expect(toHex(lastInstanceIdKey)).toBe(`04${toHex(new TextEncoder().encode("lastContractId"))}`);
    expect(toHex(labelKey("é"))).toBe("07c3a9");
    expect(toHex(txCounterKey)).toBe("08");
    expect(toHex(historyKey(address, 2n))).toBe(`09${"ab".repeat(20)}0000000000000002`);
    expect(toHex(byCodeKey(3n, { blockHeight: 4n, txIndex: 5n }, address))).toBe(
      `0a${"0".repeat(15)}3${"0".repeat(15)}4${"0".repeat(15)}5${"ab".repeat(20)}`,
    );
    expect(toHex(paramsKey)).toBe("0b");
    expect(toHex(authorizedMigrationKey("secret1"))).toBe("0c73656372657431");
  });

  it("give back what they were made of", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (number) => {
        expect(codeIdOfKey(codeKey(number))).toBe(number);
        expect(positionOfHistoryKey(historyKey(address, number))).toBe(number);
      }),
    );
    expect(addressOfContractKey(contractKey(address))).toEqual(address);
  });

  it("have ranges that hold all that follows a prefix and nothing else", () => {
    const [start, end] = prefixRange(historyPrefixOf(fromHex("ff".repeat(20))));
    expect(toHex(start)).toBe(`09${"ff".repeat(20)}`);
    expect(toHex(end!)).toBe("0a");
  });
});

describe("contract addresses", () => {
  it("are those of the reference", () => {
    const derived = contractAddress({
      codeId: 1n,
      instanceId: 1n,
      creator: new Uint8Array(20).fill(0x55),
    });
    expect(toHex(derived)).toBe("a177d72f4d0e7238c39f9d460d2c5b32bb15f84f");
    expect(createAddressCodec("secret").toText(derived)).toBe(
      "secret159mawt6dpeer3suln4rq6tzmx2a3t7z0ywuknl",
    );
  });
});
