import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../test/bytes.ts";
import { AES_BLOCK_BYTES, AesKeys, aesWork } from "./aes.ts";

const ZERO = new Uint8Array(AES_BLOCK_BYTES);

/** What the working memory holds after `work`, cleared behind it. */
function worked(data: Uint8Array, work: () => void): Uint8Array {
  aesWork.set(data);
  work();
  const result = aesWork.slice(0, data.length);
  aesWork.fill(0);
  return result;
}

describe("AES-128", () => {
  it("gives the vector of FIPS 197 C.1", () => {
    const keys = new AesKeys(fromHex("000102030405060708090a0b0c0d0e0f"), ZERO);
    const block = fromHex("00112233445566778899aabbccddeeff");
    expect(toHex(worked(block, () => keys.chain(AES_BLOCK_BYTES)))).toBe(
      "69c4e0d86a7b0430d8cdb78070b4c55a",
    );
  });

  it("chains and streams as OpenSSL's CBC and CTR do, with each of many keys in turn", () => {
    const key = fc.uint8Array({ minLength: AES_BLOCK_BYTES, maxLength: AES_BLOCK_BYTES });
    const blocks = fc
      .array(key, { minLength: 1, maxLength: 12 })
      .map((list) => Uint8Array.from(list.flatMap((block) => [...block])));
    let former = new AesKeys(ZERO, ZERO);
    fc.assert(
      fc.property(key, key, key, blocks, (chainKey, streamKey, counter, data) => {
        const keys = new AesKeys(chainKey, streamKey);
        former.chain(AES_BLOCK_BYTES);
        aesWork.fill(0);
        former = keys;
        const cbc = createCipheriv("aes-128-cbc", chainKey, ZERO).setAutoPadding(false);
        expect(toHex(worked(data, () => keys.chain(data.length)))).toBe(toHex(cbc.update(data)));
        counter[12] = 0;
        const view = new DataView(counter.buffer, counter.byteOffset);
        const [c0, c1, c2] = [0, 4, 8].map((at) => view.getUint32(at, true)) as [
          number,
          number,
          number,
        ];
        const streamed = worked(data, () =>
          keys.stream(data.length, c0, c1, c2, view.getUint32(12, false)),
        );
        const ctr = createCipheriv("aes-128-ctr", streamKey, counter);
        expect(toHex(streamed)).toBe(toHex(ctr.update(data)));
      }),
    );
  });

  it("keeps its own copy of keys", () => {
    const key = new Uint8Array(AES_BLOCK_BYTES).fill(1);
    const keys = new AesKeys(key, key);
    const before = worked(ZERO, () => keys.chain(AES_BLOCK_BYTES));
    key.fill(2);
    new AesKeys(ZERO, ZERO).chain(AES_BLOCK_BYTES);
    expect(worked(ZERO, () => keys.chain(AES_BLOCK_BYTES))).toEqual(before);
  });
});
