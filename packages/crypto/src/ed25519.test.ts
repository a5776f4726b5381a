import { ed25519 as noble } from "@noble/curves/ed25519.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex, utf8 } from "../test/bytes.ts";
import { Ed25519PrivateKey, ed25519Verify, isEd25519PublicKey } from "./ed25519.ts";

const key = new Ed25519PrivateKey(new Uint8Array(32).fill(0x42));

/** The encodings of the eight points of small order, canonical ones and not (ZIP-215 accepts them all). */
const SMALL_ORDER = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "0100000000000000000000000000000000000000000000000000000000000080",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

describe("Ed25519", () => {
  it("signs as RFC 8032 says, and verifies", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (message) => {
        const signature = key.sign(message);
        expect(toHex(signature)).toBe(toHex(noble.sign(message, new Uint8Array(32).fill(0x42))));
        expect(ed25519Verify(message, signature, key.publicKey())).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("accepts every small-order key and R with S = 0, as ZIP-215 demands", () => {
    for (const a of SMALL_ORDER) {
      for (const r of SMALL_ORDER) {
        const signature = new Uint8Array(64);
        signature.set(fromHex(r));
        expect(ed25519Verify(utf8("Zcash"), signature, fromHex(a))).toBe(true);
      }
    }
  });

  it("refuses changed messages, signatures with S of n or more, and malformed inputs", () => {
    const message = utf8("a message");
    const signature = key.sign(message);
    expect(ed25519Verify(utf8("b message"), signature, key.publicKey())).toBe(false);
    const big = Uint8Array.from(signature);
    const s = noble.Point.CURVE().n + BigInt(`0x${toHex(signature.slice(32).reverse())}`);
    big.set(fromHex(s.toString(16).padStart(64, "0")).reverse(), 32);
    expect(ed25519Verify(message, big, key.publicKey())).toBe(false);
    const bytes = fc.uint8Array({ maxLength: 70 });
    fc.assert(
      fc.property(bytes, bytes, bytes, (m, sig, pk) => {
        expect(ed25519Verify(m, sig, pk)).toBe(false);
        isEd25519PublicKey(pk);
      }),
    );
  });
});
