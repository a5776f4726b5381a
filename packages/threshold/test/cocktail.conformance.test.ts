import { createCipheriv, randomBytes } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { xaes256gcm } from "../src/cocktail/xaes.ts";
import { COCKTAIL_SUITES, listCocktail, walkCocktailFile } from "./cocktail-walker.ts";
import { toHex } from "./vectors.ts";

const recordings = join(import.meta.dirname, "../../../vectors/cocktail");

describe("recorded sessions of COCKTAIL-DKG", () => {
  it("are of every suite", () => {
    const walks = listCocktail(recordings).map((file) => walkCocktailFile(recordings, file));
    expect(walks.map(({ suite }) => suite).toSorted()).toEqual(
      COCKTAIL_SUITES.map(({ id }) => id).toSorted(),
    );
  });

  // C2SP's files are walked by the same code: npm run conformance -- cocktail --vectors DIRECTORY.
  it.each(listCocktail(recordings))("%s comes out the same, every byte", (file) => {
    const { run, sessions } = walkCocktailFile(recordings, file);
    expect(sessions).toBe(2);
    if (run === undefined) return expect.unreachable(file);
    run();
  });
});

describe("XAES-256-GCM", () => {
  const block = (key: Uint8Array, bytes: Uint8Array): Buffer => {
    const cipher = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(bytes), cipher.final()]);
  };
  /** OpenSSL's AES, and CMAC's subkey by shifting one number. */
  const sealWithOpenSsl = (key: Uint8Array, nonce: Uint8Array, text: Uint8Array): Buffer => {
    const zero = BigInt(`0x${block(key, new Uint8Array(16)).toString("hex")}`);
    const subkey = BigInt.asUintN(128, zero << 1n) ^ (zero >> 127n === 1n ? 0x87n : 0n);
    const halves = [1, 2].map((counter) => {
      const input = Buffer.concat([Uint8Array.of(0, counter, 0x58, 0), nonce.subarray(0, 12)]);
      const masked = BigInt(`0x${input.toString("hex")}`) ^ subkey;
      return block(key, Buffer.from(masked.toString(16).padStart(32, "0"), "hex"));
    });
    const cipher = createCipheriv("aes-256-gcm", Buffer.concat(halves), nonce.subarray(12));
    return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  };

  it("is what OpenSSL's AES makes of it, whichever way CMAC's subkey is reduced", () => {
    const seen = new Set<number>();
    for (let i = 0; i < 32; i++) {
      const [key, nonce] = [randomBytes(32), randomBytes(24)];
      seen.add((block(key, new Uint8Array(16))[0] as number) >> 7);
      const text = randomBytes(i);
      const sealed = xaes256gcm(key, nonce).encrypt(text);
      expect(toHex(sealed)).toBe(sealWithOpenSsl(key, nonce, text).toString("hex"));
      expect(toHex(xaes256gcm(key, nonce).decrypt(sealed))).toBe(text.toString("hex"));
      sealed[i] = (sealed[i] as number) ^ 1;
      expect(() => xaes256gcm(key, nonce).decrypt(sealed)).toThrow();
    }
    expect(seen).toEqual(new Set([0, 1]));
  });
});
