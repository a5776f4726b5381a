import { aessiv } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex, utf8 } from "../test/bytes.ts";
import { SivKey } from "./aes-siv.ts";
import { sivWork } from "./aes-siv-module.ts";

const EMPTY = new Uint8Array(0);
const key = new SivKey(new Uint8Array(32).fill(9));

describe("AES-128-SIV", () => {
  it("gives the protocol's vectors, which differ between no item and one empty item", () => {
    expect(toHex(key.seal(utf8("config"), []))).toBe(
      "408b603c88b72a742c4cddcd54cb2de63f3b232efb87",
    );
    expect(toHex(key.seal(utf8("config"), [EMPTY]))).toBe(
      "e04df7876698df2447586bf0dc938c0935fd0f721314",
    );
  });

  it("gives the vector of RFC 5297 A.1", () => {
    const rfc = new SivKey(
      fromHex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"),
    );
    const ad = fromHex("101112131415161718191a1b1c1d1e1f2021222324252627");
    expect(toHex(rfc.seal(fromHex("112233445566778899aabbccddee"), [ad]))).toBe(
      "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c",
    );
  });

  it("gives the vector of RFC 5297 A.2", () => {
    const rfc = new SivKey(
      fromHex("7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f"),
    );
    const ad1 = fromHex(
      "00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100",
    );
    const ad2 = fromHex("102030405060708090a0");
    const nonce = fromHex("09f911029d74e35bd84156c5635688c0");
    const plaintext = utf8("this is some plaintext to encrypt using SIV-AES");
    expect(toHex(rfc.seal(plaintext, [ad1, ad2, nonce]))).toBe(
      "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829ea64ad544a272e9c485b62a3fd5c0d",
    );
  });

  it("agrees with a second implementation and opens what it sealed", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ maxLength: 100 }),
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 3 }),
        (keyBytes, plaintext, ad) => {
          const siv = new SivKey(keyBytes);
          const sealed = siv.seal(plaintext, ad);
          expect(toHex(sealed)).toBe(toHex(aessiv(keyBytes, ...ad).encrypt(plaintext)));
          expect(toHex(siv.open(sealed, ad))).toBe(toHex(plaintext));
        },
      ),
    );
  });

  it("agrees with it over the whole life of a key, whichever block cipher works", () => {
    const keyBytes = new Uint8Array(32).fill(5);
    const siv = new SivKey(keyBytes);
    const lengths = [0, 1, 15, 16, 17, 191, 192, 193, 400, 1000, 4095, 4096, 4097, 8193, 20_000];
    for (let round = 0; round < 3; round++) {
      for (const [index, length] of lengths.entries()) {
        const plaintext = new Uint8Array(length).map((_, at) => at * 7 + round);
        const ad = [EMPTY, new Uint8Array(lengths[(index + round) % lengths.length]!).fill(round)];
        const sealed = siv.seal(plaintext, ad);
        expect(sealed).toEqual(aessiv(keyBytes, ...ad).encrypt(plaintext));
        expect(siv.open(sealed, ad)).toEqual(plaintext);
      }
    }
  });

  it("seals many messages side by side as it seals each alone", () => {
    const text = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.array(fc.tuple(text, fc.array(text, { maxLength: 3 })), { maxLength: 20 }),
        (keyBytes, inputs) => {
          const messages = inputs.map(([plaintext, associatedData]) => {
            return {
              bytes: Uint8Array.from([...new Uint8Array(16), ...plaintext]),
              associatedData,
            };
          });
          new SivKey(keyBytes).sealEach(messages);
          for (const [index, { bytes }] of messages.entries()) {
            const [plaintext, associatedData] = inputs[index]!;
            const expected = aessiv(keyBytes, ...associatedData).encrypt(plaintext);
            expect(toHex(bytes)).toBe(toHex(expected));
          }
        },
      ),
    );
  });

  it("has room for as many items and messages of the greatest length as one call takes", () => {
    const keyBytes = new Uint8Array(32).fill(6);
    const long = new Uint8Array(2047).fill(1);
    for (const length of [191, 2047]) {
      const plaintext = long.subarray(0, length);
      const associatedData = [plaintext, plaintext, plaintext];
      const messages = Array.from({ length: 8 }, () => ({
        bytes: new Uint8Array(16 + length).fill(1),
        associatedData,
      }));
      new SivKey(keyBytes).sealEach(messages);
      const expected = aessiv(keyBytes, ...associatedData).encrypt(plaintext);
      for (const { bytes } of messages) expect(bytes).toEqual(expected);
    }
  });

  it("leaves nothing of a message in the working memory", () => {
    const text = new Uint8Array(100).fill(0xd7);
    const opened = key.open(key.seal(text, [text]), [text]);
    expect(opened).toEqual(text);
    expect(() => key.open(key.seal(text, [text]), [])).toThrow();
    expect(sivWork.some((byte) => byte !== 0)).toBe(false);
  });

  it("opens nothing that was changed in any one bit, or under other associated data", () => {
    const sealed = key.seal(utf8("twenty bytes of text"), [EMPTY]);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => key.open(changed, [EMPTY])).toThrow(
        expect.objectContaining({ code: "crypto/bad_tag" }),
      );
    }
    expect(() => key.open(sealed, [])).toThrow(expect.objectContaining({ code: "crypto/bad_tag" }));
  });

  it("refuses short ciphertexts and keys of a wrong length by code", () => {
    const length = expect.objectContaining({ code: "crypto/bad_length" });
    expect(() => key.open(new Uint8Array(15), [])).toThrow(length);
    expect(() => new SivKey(new Uint8Array(31))).toThrow(length);
    expect(() => key.seal(EMPTY, new Array(4).fill(EMPTY))).toThrow(length);
  });

  it("keeps its own copy of a key, however many keys work in between", () => {
    const bytes = new Uint8Array(32).fill(1);
    const siv = new SivKey(bytes);
    const before = siv.seal(utf8("text"), []);
    bytes.fill(2);
    for (let i = 0; i < 65; i++) new SivKey(bytes).seal(utf8("text"), []);
    expect(siv.seal(utf8("text"), [])).toEqual(before);
  });

  it("does not change its inputs", () => {
    const plaintext = utf8("a text of more than one block's length");
    const before = toHex(plaintext);
    const sealed = key.seal(plaintext, [EMPTY]);
    const sealedBefore = toHex(sealed);
    key.open(sealed, [EMPTY]);
    expect([toHex(plaintext), toHex(sealed)]).toEqual([before, sealedBefore]);
  });
});
