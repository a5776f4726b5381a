import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  ed25519Verify,
  secp256k1Verify,
  sha256,
  X25519_KEY_BYTES,
  X25519PrivateKey,
} from "../src/index.ts";
import { fromHex, toHex } from "./bytes.ts";

const folder = new URL("../../../vectors/wycheproof/", import.meta.url);

interface Case {
  readonly tcId: number;
  readonly msg: string;
  readonly sig: string;
  readonly result: "valid" | "invalid" | "acceptable";
  readonly flags: readonly string[];
  readonly public: string;
  readonly private: string;
  readonly shared: string;
}
interface Group {
  readonly publicKey: { readonly uncompressed?: string; readonly pk?: string };
  readonly tests: readonly Case[];
}

function groups(file: string): readonly Group[] {
  return (JSON.parse(readFileSync(new URL(file, folder), "utf8")) as { testGroups: Group[] })
    .testGroups;
}

const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

function hasHighS(signature: Uint8Array): boolean {
  return (
    signature.length === 64 && BigInt(`0x${toHex(signature.subarray(32))}`) > SECP256K1_ORDER / 2n
  );
}

/** Each file of the folder and what checks it. */
const SUITES: { readonly [file: string]: (file: string) => void } = {
  "ecdsa_secp256k1_sha256_p1363_test.json": p1363,
  "ed25519_test.json": ed25519,
  "x25519_test.json": x25519,
};

function p1363(file: string): void {
  let highS = 0;
  for (const group of groups(file)) {
    const key = fromHex(group.publicKey.uncompressed!);
    for (const test of group.tests) {
      const signature = fromHex(test.sig);
      const accepted = secp256k1Verify(sha256(fromHex(test.msg)), signature, key);
      /** The one exception: Cosmos and contract imports accept low S only. */
      const exempt = test.result === "valid" && hasHighS(signature);
      if (exempt) highS++;
      expect([test.tcId, accepted]).toEqual([test.tcId, test.result === "valid" && !exempt]);
    }
  }
  expect(highS).toBe(72);
}

/**
 * Encodings that RFC 8032 forbids and ZIP-215 accepts: R with y = 1 and the sign of x set, where x
 * is 0. Consensus follows ZIP-215; the signer of such a signature holds the key.
 */
const ZIP_215_ACCEPTS: readonly number[] = [151];

function ed25519(file: string): void {
  for (const group of groups(file)) {
    const key = fromHex(group.publicKey.pk!);
    for (const test of group.tests) {
      const accepted = ed25519Verify(fromHex(test.msg), fromHex(test.sig), key);
      const valid = test.result === "valid" || ZIP_215_ACCEPTS.includes(test.tcId);
      expect([test.tcId, accepted]).toEqual([test.tcId, valid]);
    }
  }
}

function x25519(file: string): void {
  for (const group of groups(file)) {
    for (const test of group.tests) {
      const key = new X25519PrivateKey(fromHex(test.private));
      const peer = fromHex(test.public);
      if (/^0+$/.test(test.shared)) {
        expect(() => key.sharedSecret(peer)).toThrow(
          expect.objectContaining({ code: "crypto/low_order_key" }),
        );
      } else {
        expect(peer).toHaveLength(X25519_KEY_BYTES);
        expect([test.tcId, toHex(key.sharedSecret(peer))]).toEqual([test.tcId, test.shared]);
      }
    }
  }
}

describe("Wycheproof", () => {
  it("has no file that nothing checks", () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
    expect(files.filter((name) => SUITES[name] === undefined)).toEqual([]);
  });

  for (const [file, check] of Object.entries(SUITES)) {
    it(`agrees with ${file}`, () => check(file));
  }
});
