import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeCiphertext, encodeCiphertext, encryptWith } from "../src/elgamal/ciphertext.ts";
import { decodeKey } from "../src/elgamal/keys.ts";
import { loadRistretto255 } from "../src/groups/load.ts";
import { verifyInput } from "../src/proofs/encrypted-input.ts";
import { makeElgamalVectors, VECTORS_PATH } from "./elgamal-vectors.ts";
import { codeOf, fromHex, toHex } from "./vectors.ts";

interface Vectors {
  readonly badKeys: readonly { readonly why: string; readonly key: string }[];
  readonly badCiphertexts: readonly { readonly why: string; readonly ciphertext: string }[];
  readonly ciphertexts: readonly {
    readonly key: string;
    readonly message: string;
    readonly randomness: string;
    readonly ciphertext: string;
  }[];
  readonly choices: readonly {
    readonly key: string;
    readonly contract: string;
    readonly sender: string;
    readonly session: string;
    readonly options: number;
    readonly chosen: number;
    readonly input: string;
  }[];
}

const group = await loadRistretto255("wasm");
const vectors = JSON.parse(readFileSync(VECTORS_PATH, "utf8")) as Vectors;

describe("vectors of twisted ElGamal, which contracts/elgamal is held to", () => {
  it("are what is made here", () => {
    expect(vectors).toEqual(makeElgamalVectors());
  });

  it("are made by the other backend, too", () => {
    for (const { key, message, randomness, ciphertext } of vectors.ciphertexts) {
      const [m, r] = [message, randomness].map((hex) => group.decodeScalar(fromHex(hex))) as [
        bigint,
        bigint,
      ];
      const made = encryptWith(group, decodeKey(group, fromHex(key)), m, r).ciphertext;
      expect(toHex(encodeCiphertext(group, made))).toBe(ciphertext);
    }
  });

  it("are refused here for the same reasons", () => {
    for (const { why, key } of vectors.badKeys) {
      expect(codeOf(() => decodeKey(group, fromHex(key)))).toBe(`threshold/${why.toLowerCase()}`);
    }
    for (const { why, ciphertext } of vectors.badCiphertexts) {
      expect(codeOf(() => decodeCiphertext(group, fromHex(ciphertext)))).toBe(
        `threshold/${why.toLowerCase()}`,
      );
    }
  });

  it("have choices that verify", () => {
    expect(vectors.choices.length).toBeGreaterThan(3);
    for (const { key, contract, sender, session, options, chosen, input } of vectors.choices) {
      const policy = { kind: "choice", options, min: chosen, max: chosen } as const;
      const context = { contract, sender, session: fromHex(session) };
      const read = verifyInput(
        group,
        decodeKey(group, fromHex(key)),
        context,
        policy,
        fromHex(input),
      );
      expect(read).toHaveLength(options);
    }
  });
});
