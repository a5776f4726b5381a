import { secp256k1 as noble } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex, utf8 } from "../test/bytes.ts";
import { accountAddress, contractAddress } from "./address.ts";
import { sha256 } from "./hash.ts";
import {
  isSecp256k1PublicKey,
  secp256k1Implementation,
  secp256k1PublicKey,
  secp256k1Recover,
  secp256k1Sign,
  secp256k1Verify,
} from "./secp256k1.ts";
import { Secret } from "./secret.ts";

const key = new Secret(new Uint8Array(32).fill(0x42), "test");
const publicKey = secp256k1PublicKey(key);
const digest = sha256(utf8("a message"));
const signature = secp256k1Sign(digest, key);

describe("secp256k1", () => {
  it("verifies with the native library where this project is built", () => {
    if (process.platform === "linux" && process.arch === "x64") {
      expect(secp256k1Implementation).toBe("native");
    }
  });

  it("signs as a second implementation does, and both verify", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (anyDigest) => {
        const ours = secp256k1Sign(anyDigest, key);
        const options = { prehash: false, lowS: true };
        expect(toHex(ours)).toBe(toHex(noble.sign(anyDigest, key.reveal(), options)));
        expect(secp256k1Verify(anyDigest, ours, publicKey)).toBe(true);
        expect(noble.verify(ours, anyDigest, publicKey, options)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it("refuses the same signature with high S", () => {
    const s = noble.Point.CURVE().n - BigInt(`0x${toHex(signature.subarray(32))}`);
    const high = Uint8Array.from(signature);
    high.set(Buffer.from(s.toString(16).padStart(64, "0"), "hex"), 32);
    expect(secp256k1Verify(digest, high, publicKey)).toBe(false);
  });

  it("refuses every malformed input without throwing", () => {
    const bytes = fc.uint8Array({ maxLength: 70 });
    fc.assert(
      fc.property(bytes, bytes, bytes, (anyDigest, anySignature, anyKey) => {
        expect(secp256k1Verify(anyDigest, anySignature, anyKey)).toBe(false);
        expect(isSecp256k1PublicKey(anyKey)).toBe(false);
      }),
    );
    const hybrid = noble.getPublicKey(key.reveal(), false);
    expect(secp256k1Verify(digest, signature, hybrid)).toBe(true);
    hybrid[0] = 6 + (hybrid[64]! & 1);
    expect(secp256k1Verify(digest, signature, hybrid)).toBe(false);
  });

  it("recovers the key that signed, and refuses impossible recovery ids", () => {
    const recovered = [0, 1].map((id) => toHex(secp256k1Recover(digest, signature, id)));
    expect(recovered).toContain(toHex(publicKey));
    expect(() => secp256k1Recover(digest, signature, 4)).toThrow(
      expect.objectContaining({ code: "crypto/bad_signature_format" }),
    );
  });
});

describe("addresses", () => {
  it("are those of Cosmos accounts", () => {
    expect(accountAddress(publicKey)).toHaveLength(20);
    expect(() => accountAddress(publicKey.subarray(1))).toThrow(
      expect.objectContaining({ code: "crypto/bad_length" }),
    );
  });

  it("gives the protocol's contract address", () => {
    const creator = new Uint8Array(20).fill(0x55);
    expect(toHex(contractAddress({ codeId: 1n, instanceId: 1n, creator }))).toBe(
      "a177d72f4d0e7238c39f9d460d2c5b32bb15f84f",
    );
  });
});
