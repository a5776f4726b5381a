import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HDKey } from "@scure/bip32";
import { p2tr } from "@scure/btc-signer";
import { keyAggExport, keyAggregate } from "@scure/btc-signer/musig2.js";
import { describe, expect, it } from "vitest";
import { deriveSharedKey } from "../src/bip445/index.ts";
import { taprootFrost, taprootTweak, tweakedKey } from "../src/frost/index.ts";
import { listBip445, walkBip445File } from "./bip445-walker.ts";
import { codeOf, findVectors, fromHex, listFiles, toHex } from "./vectors.ts";

const recordings = join(import.meta.dirname, "../../../vectors/bip445");

describe("recorded signatures of BIP-445", () => {
  // The published vectors are walked by the same code: npm run conformance -- bip445 --vectors DIR.
  it.each(listBip445(recordings))("%s comes out the same", (file) => {
    expect(walkBip445File(recordings, file)).toBeGreaterThan(0);
  });
});

const directory = findVectors("bitcoin-bips");

describe.runIf(directory !== undefined)("BIP-328, a shared key as the root of addresses", () => {
  interface Item {
    readonly aggregate_pubkey: string;
    readonly keys: readonly string[];
    readonly xpub: string;
  }
  const folder = join(directory ?? "", "bip-0328");
  const items = (
    directory === undefined ? [] : JSON.parse(readFileSync(join(folder, "vectors.json"), "utf8"))
  ) as Item[];

  it("has the vectors' extended keys, and no file or field that is not compared", () => {
    expect(listFiles(folder)).toEqual(["vectors.json"]);
    for (const item of items) {
      expect(Object.keys(item).toSorted()).toEqual(["aggregate_pubkey", "keys", "xpub"]);
      const key = fromHex(item.aggregate_pubkey);
      // MuSig2's addition of keys is btc-signer's: here keys come from threshold protocols.
      const sum = keyAggExport(keyAggregate(item.keys.map(fromHex)));
      expect(toHex(sum)).toBe(toHex(key.slice(1)));
      expect(deriveSharedKey(key, []).xpub).toBe(item.xpub);
    }
    expect(items.length).toBeGreaterThan(2);
  });

  it("derives what wallets derive of the extended key, and the same Taproot address", () => {
    for (const { aggregate_pubkey, xpub } of items) {
      const key = fromHex(aggregate_pubkey);
      for (const path of [[0], [0, 7], [1, 2 ** 31 - 1, 3]]) {
        const derived = deriveSharedKey(key, path);
        const wallet = path.reduce(
          (node, index) => node.deriveChild(index),
          HDKey.fromExtendedKey(xpub),
        );
        expect(derived.xpub).toBe(wallet.publicExtendedKey);
        expect(derived.publicKey).toEqual(wallet.publicKey);
        expect(tweakedKey(taprootFrost, key, derived.tweaks)).toEqual(wallet.publicKey?.slice(1));
        const tweaks = [...derived.tweaks, taprootTweak(derived.publicKey)];
        expect(tweakedKey(taprootFrost, key, tweaks)).toEqual(
          p2tr(derived.publicKey.slice(1)).tweakedPubkey,
        );
      }
    }
  });

  it("derives nothing hardened, nothing out of range, and of no key that is none", () => {
    const key = fromHex(items[0]?.aggregate_pubkey ?? "");
    for (const index of [2 ** 31, -1, 0.5, Number.NaN]) {
      expect(codeOf(() => deriveSharedKey(key, [index]))).toBe("threshold/index");
    }
    expect(codeOf(() => deriveSharedKey(key, new Array(256).fill(0)))).toBe("threshold/index");
    expect(codeOf(() => deriveSharedKey(key.slice(1), []))).toBe("threshold/length");
    expect(codeOf(() => deriveSharedKey(new Uint8Array(33), []))).toBe("threshold/element");
    expect(deriveSharedKey(key, [], "testnet").xpub).toMatch(/^tpub/);
  });
});
