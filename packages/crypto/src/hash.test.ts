import { createHmac, hkdfSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex, utf8 } from "../test/bytes.ts";
import { hkdfSha256, hmacSha256, keccak256, ripemd160, sha256, sha512 } from "./hash.ts";

describe("hashes", () => {
  it("give the published digests of the empty string", () => {
    const empty = new Uint8Array(0);
    expect(toHex(sha256(empty))).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    expect(toHex(sha512(empty)).slice(0, 32)).toBe("cf83e1357eefb8bdf1542850d66d8007");
    expect(toHex(ripemd160(empty))).toBe("9c1185a5c5e9fc54612808977ee8f548b2258d31");
    expect(toHex(keccak256(empty))).toBe(
      "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470",
    );
  });

  it("are plain arrays, not Buffers", () => {
    expect(Buffer.isBuffer(sha256(utf8("x")))).toBe(false);
    expect(Buffer.isBuffer(hmacSha256(utf8("k"), utf8("x")))).toBe(false);
  });
});

describe("HMAC and HKDF", () => {
  it("agree with OpenSSL's for keys and data of any length", () => {
    const bytes = fc.uint8Array({ maxLength: 150 });
    fc.assert(
      fc.property(bytes, bytes, fc.integer({ min: 1, max: 100 }), (key, data, lengthBytes) => {
        expect(toHex(hmacSha256(key, data))).toBe(
          createHmac("sha256", key).update(data).digest("hex"),
        );
        const ours = hkdfSha256({ salt: key, ikm: data, info: key, lengthBytes });
        expect(toHex(ours)).toBe(
          toHex(new Uint8Array(hkdfSync("sha256", data, key, key, lengthBytes))),
        );
      }),
    );
  });

  it("gives RFC 5869's first test case and refuses impossible lengths", () => {
    const options = {
      salt: fromHex("000102030405060708090a0b0c"),
      ikm: new Uint8Array(22).fill(0x0b),
      info: fromHex("f0f1f2f3f4f5f6f7f8f9"),
    };
    expect(toHex(hkdfSha256({ ...options, lengthBytes: 42 }))).toBe(
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    );
    const refused = expect.objectContaining({ code: "crypto/bad_length" });
    expect(() => hkdfSha256({ ...options, lengthBytes: 0 })).toThrow(refused);
    expect(() => hkdfSha256({ ...options, lengthBytes: 8161 })).toThrow(refused);
  });
});
