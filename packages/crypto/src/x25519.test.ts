import { x25519 } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../test/bytes.ts";
import { X25519PrivateKey } from "./x25519.ts";

/** The seven encodings of small order that clamp to the zero point (Bernstein, cr.yp.to/ecdh). */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

describe("X25519", () => {
  it("gives the protocol's public key", () => {
    expect(toHex(new X25519PrivateKey(new Uint8Array(32).fill(0x33)).publicKey())).toBe(
      "7b0d47d93427f8311160781c7c733fd89f88970aef490d8aa0ee19a4cb8a1b14",
    );
  });

  it("agrees with a second implementation", () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(key, key, (a, b) => {
        const ours = new X25519PrivateKey(a);
        const theirs = x25519.getPublicKey(b);
        expect(toHex(ours.publicKey())).toBe(toHex(x25519.getPublicKey(a)));
        expect(toHex(ours.sharedSecret(theirs))).toBe(toHex(x25519.getSharedSecret(a, theirs)));
      }),
      { numRuns: 20 },
    );
  });

  it.each(SMALL_ORDER)("refuses the small-order key %s", (hex) => {
    const key = new X25519PrivateKey(new Uint8Array(32).fill(0x33));
    expect(() => key.sharedSecret(fromHex(hex))).toThrow(
      expect.objectContaining({ code: "crypto/low_order_key" }),
    );
  });

  it("refuses keys of another length", () => {
    const length = expect.objectContaining({ code: "crypto/bad_length" });
    expect(() => new X25519PrivateKey(new Uint8Array(33))).toThrow(length);
    const key = new X25519PrivateKey(new Uint8Array(32).fill(0x33));
    expect(() => key.sharedSecret(new Uint8Array(31))).toThrow(length);
  });
});
