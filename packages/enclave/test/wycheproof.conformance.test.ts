/**
 * Wycheproof through the imports that contracts call. `packages/crypto` checks the primitives; here
 * the regions, the length checks and the result codes are between the vectors and them.
 */
import { readFileSync } from "node:fs";
import { sha256 } from "@tacit/crypto";
import { fromHex } from "@tacit/encoding";
import { describe, expect, it } from "vitest";
import { run, v1Query } from "../../vm/test/contracts.ts";
import { contractCrypto } from "../src/contract-crypto.ts";

interface Group {
  readonly publicKey: { readonly uncompressed?: string; readonly pk?: string };
  readonly tests: readonly {
    readonly tcId: number;
    readonly msg: string;
    readonly sig: string;
    readonly result: "valid" | "invalid";
  }[];
}

const VALID = 0;
const INVALID = 1;
const SIGNATURE_FORMAT = 4;
const GENERIC = 10;

/** Of secp256k1. Of the two values that S may have, the network takes the one below half of it. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * A contract that hands three parts of its message to a verifying import and answers its code. The
 * message is the lengths of the parts, 4 bytes each, little-endian, then the parts.
 */
function verifier(name: string): Uint8Array {
  const part = (at: number, offset: string): string => `
    (i32.store (i32.const ${64 + at * 16}) ${offset})
    (i32.store (i32.const ${68 + at * 16}) (i32.load offset=${at * 4} (local.get $data)))
    (i32.store (i32.const ${72 + at * 16}) (i32.load offset=${at * 4} (local.get $data)))`;
  const end = (at: number): string =>
    `(i32.add (i32.load (i32.const ${64 + at * 16})) (i32.load (i32.const ${72 + at * 16})))`;
  const body = `(local $data i32)
    (local.set $data (i32.load (local.get 1)))
    ${part(0, "(i32.add (local.get $data) (i32.const 12))")}
    ${part(1, end(0))}
    ${part(2, end(1))}
    (i32.store (i32.const 32)
      (call $verify (i32.const 64) (i32.const 80) (i32.const 96)))
    (i32.store (i32.const 48) (i32.const 32))
    (i32.store (i32.const 56) (i32.const 4))
    (i32.const 48)`;
  const type = "(func $verify (param i32 i32 i32) (result i32))";
  return v1Query(body, "", `(import "env" "${name}" ${type})`);
}

function verify(wasm: Uint8Array, parts: readonly Uint8Array[]): number {
  const message = Buffer.concat([
    ...parts.map((part) => Buffer.from(new Uint32Array([part.length]).buffer)),
    ...parts,
  ]);
  const result = run(wasm, { args: [new Uint8Array(2), message], crypto: contractCrypto });
  expect(result.ok).toBe(true);
  return result.ok ? new DataView(result.output.slice().buffer).getUint32(0, true) : -1;
}

function groups(file: string): readonly Group[] {
  const url = new URL(`../../../vectors/wycheproof/${file}`, import.meta.url);
  return (JSON.parse(readFileSync(url, "utf8")) as { testGroups: Group[] }).testGroups;
}

function hasHighS(signature: string): boolean {
  return signature.length === 128 && BigInt(`0x${signature.slice(64)}`) > ORDER / 2n;
}

describe("the crypto imports of contracts", () => {
  it("agree with Wycheproof's ECDSA but for high S, which is invalid", () => {
    const wasm = verifier("secp256k1_verify");
    const codes = new Map<number, number>();
    let highS = 0;
    for (const { publicKey, tests } of groups("ecdsa_secp256k1_sha256_p1363_test.json")) {
      const key = fromHex(publicKey.uncompressed!);
      for (const { tcId, msg, sig, result } of tests) {
        const signature = fromHex(sig);
        const isHigh = hasHighS(sig);
        if (isHigh && result === "valid") highS++;
        const code = verify(wasm, [sha256(fromHex(msg)), signature, key]);
        expect([tcId, code === VALID]).toEqual([tcId, result === "valid" && !isHigh]);
        if (signature.length !== 64) expect([tcId, code]).toEqual([tcId, SIGNATURE_FORMAT]);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
    }
    expect(highS).toBe(72);
    expect([...codes.keys()].sort()).toEqual([VALID, INVALID, GENERIC, SIGNATURE_FORMAT].sort());
  });

  it("agree with Wycheproof's Ed25519 but for one encoding that ZIP-215 accepts", () => {
    const wasm = verifier("ed25519_verify");
    const batch = verifier("ed25519_batch_verify");
    const section = (bytes: Uint8Array): Uint8Array => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([bytes, length]);
    };
    for (const { publicKey, tests } of groups("ed25519_test.json")) {
      const key = fromHex(publicKey.pk!);
      for (const { tcId, msg, sig, result } of tests) {
        const parts = [fromHex(msg), fromHex(sig), key];
        const isValid = result === "valid" || tcId === 151;
        const code = verify(wasm, parts);
        expect([tcId, code === VALID]).toEqual([tcId, isValid]);
        expect([tcId, verify(batch, parts.map(section))]).toEqual([tcId, code]);
        if (parts[1]!.length !== 64) expect([tcId, code]).toEqual([tcId, SIGNATURE_FORMAT]);
      }
    }
  });

  it("tell numbers beyond the order and keys that are no points from signatures that do not fit", () => {
    const wasm = verifier("secp256k1_verify");
    const [group] = groups("ecdsa_secp256k1_sha256_p1363_test.json");
    const test = group!.tests.find(({ result, sig }) => result === "valid" && !hasHighS(sig))!;
    const hash = sha256(fromHex(test.msg));
    const signature = fromHex(test.sig);
    const key = fromHex(group!.publicKey.uncompressed!);
    const tagged = (tag: number) => Uint8Array.of(tag, ...key.subarray(1));
    const parity = key[64]! & 1;
    expect(verify(wasm, [hash, signature, key])).toBe(VALID);
    expect(verify(wasm, [hash, signature, tagged(6 + parity)])).toBe(VALID);
    expect(verify(wasm, [hash, signature, tagged(7 - parity)])).toBe(GENERIC);
    expect(verify(wasm, [hash, signature, Uint8Array.of(4, ...new Uint8Array(64))])).toBe(GENERIC);
    expect(verify(wasm, [hash, new Uint8Array(64), key])).toBe(INVALID);
    expect(verify(wasm, [hash, new Uint8Array(64).fill(0xff), key])).toBe(GENERIC);
    expect(verify(wasm, [sha256(hash), signature, tagged(6 + parity)])).toBe(INVALID);
  });
});
