import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountAddress, fromAccountAddress, fromBech32, toBech32 } from "./address.ts";
import { fromBase64, fromHex, toBase64, toHex } from "./bytes.ts";
import { EncodingError } from "./errors.ts";

describe("bech32", () => {
  it("prints the contract address of the protocol's test vectors", () => {
    const bytes = fromHex("a177d72f4d0e7238c39f9d460d2c5b32bb15f84f");
    const text = "secret159mawt6dpeer3suln4rq6tzmx2a3t7z0ywuknl";
    expect(accountAddress(bytes)).toBe(text);
    expect(fromAccountAddress(text)).toEqual(bytes);
  });

  it("refuses a wrong prefix, a wrong checksum and emptiness", () => {
    const text = toBech32("cosmos", new Uint8Array(20));
    for (const bad of [text, "", " ", "secret1", `${accountAddress(new Uint8Array(20))}q`]) {
      expect(() => fromAccountAddress(bad)).toThrow(EncodingError);
    }
  });

  it("does not take bytes for the end of a longer prefix", () => {
    const rest = new Uint8Array(13).fill(7);
    const tricky = Uint8Array.from([...Buffer.from("valoper"), ...rest]);
    expect(toBech32("secretvaloper", rest)).toMatch(/^secretvaloper1/);
    expect(fromBech32("secret", toBech32("secret", tricky))).toEqual(tricky);
  });

  it("refuses bytes that are too many for an address", () => {
    expect(() => toBech32("x", new Uint8Array(256))).toThrow(EncodingError);
    expect(() => toBech32("x", new Uint8Array(1_000_000))).toThrow(EncodingError);
  });

  it("reads what it prints", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (bytes) => {
        expect(fromBech32("x", toBech32("x", bytes))).toEqual(bytes);
      }),
    );
  });
});

describe("hex and base64", () => {
  it("read what they print", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes);
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
        expect(fromBase64(Buffer.from(bytes).toString("base64url"))).toEqual(bytes);
      }),
    );
  });

  it.each(["abc=d", "a", "ab=", "ab!d", "ab d", "====", "abcde"])("refuse %j", (text) => {
    expect(() => fromBase64(text)).toThrow(EncodingError);
    expect(() => fromHex(text)).toThrow(EncodingError);
  });
});
