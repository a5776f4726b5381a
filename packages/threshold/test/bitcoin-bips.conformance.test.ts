import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bytesToInteger } from "../src/bytes.ts";
import { taprootFrost, taprootTweak, tweakedKey, verifySignature } from "../src/frost/index.ts";
import { adjustKey } from "../src/frost/tweak.ts";
import { codeOf, findVectors, fromHex, listFiles, toHex } from "./vectors.ts";

const directory = findVectors("bitcoin-bips");
const root = directory ?? "";

describe.runIf(directory !== undefined)("Bitcoin's signatures and tweaks", () => {
  it("are of these proposals; only BIP-327, which is MuSig2, is not here", () => {
    const walked = ["bip-0328", "bip-0340", "bip-0341", "bip-0374"];
    expect(listFiles(root)).toEqual(["SOURCE.txt", "bip-0327", ...walked]);
  });

  it("verify as BIP-340 says, each of its vectors", () => {
    const [head, ...lines] = readFileSync(join(root, "bip-0340/test-vectors.csv"), "utf8")
      .trim()
      .split(/\r?\n/);
    expect(head).toBe(
      "index,secret key,public key,aux_rand,message,signature,verification result,comment",
    );
    for (const line of lines) {
      const [, , key, , message, signature, result] = line.split(",") as string[];
      const run = () =>
        verifySignature(
          taprootFrost,
          fromHex(key ?? ""),
          fromHex(message ?? ""),
          fromHex(signature ?? ""),
        );
      if (result === "TRUE") expect(codeOf(run), line).toBeUndefined();
      else expect(codeOf(run), line).toBeDefined();
    }
    expect(lines.length).toBeGreaterThan(15);
  });

  it("derive BIP-341's output keys, public and secret", () => {
    interface Wallets {
      readonly version: number;
      readonly scriptPubKey: readonly {
        readonly given: { readonly internalPubkey: string };
        readonly intermediary: {
          readonly merkleRoot: string | null;
          readonly tweak: string;
          readonly tweakedPubkey: string;
        };
      }[];
      readonly keyPathSpending: readonly {
        readonly inputSpending: readonly {
          readonly given: { readonly internalPrivkey: string; readonly merkleRoot: string | null };
          readonly intermediary: {
            readonly internalPubkey: string;
            readonly tweak: string;
            readonly tweakedPrivkey: string;
          };
        }[];
      }[];
    }
    const text = readFileSync(join(root, "bip-0341/wallet-test-vectors.json"), "utf8");
    const { scriptPubKey, keyPathSpending, ...rest } = JSON.parse(text) as Wallets;
    expect(Object.keys(rest)).toEqual(["version"]);
    const toRoot = (hex: string | null) => (hex === null ? undefined : fromHex(hex));
    for (const { given, intermediary } of scriptPubKey) {
      const internal = fromHex(`02${given.internalPubkey}`);
      const tweak = taprootTweak(internal, toRoot(intermediary.merkleRoot));
      expect(toHex(tweak.value)).toBe(intermediary.tweak);
      expect(toHex(tweakedKey(taprootFrost, internal, [tweak]))).toBe(intermediary.tweakedPubkey);
    }
    const { group } = taprootFrost;
    for (const { given, intermediary } of keyPathSpending.flatMap((item) => item.inputSpending)) {
      const secret = bytesToInteger(fromHex(given.internalPrivkey), false);
      const key = group.multiplyBase(secret);
      const tweak = taprootTweak(group.encode(key), toRoot(given.merkleRoot));
      expect(toHex(group.encode(key).slice(1))).toBe(intermediary.internalPubkey);
      const { factor, offset, point } = adjustKey(taprootFrost, key, [tweak]);
      const derived = group.reduce(factor * secret + offset);
      expect(group.equal(group.multiplyBase(derived), point)).toBe(true);
      const expected = bytesToInteger(fromHex(intermediary.tweakedPrivkey), false);
      expect([expected, group.reduce(-expected)]).toContain(derived);
    }
  });
});
