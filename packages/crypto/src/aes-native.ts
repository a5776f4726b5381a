import { type Cipheriv, createCipheriv } from "node:crypto";
import { invariant } from "@tacit/encoding/errors";
import { AES_BLOCK_BYTES } from "./aes-siv-module.ts";

invariant(new Uint8Array(Uint32Array.of(1).buffer)[0] === 1, "this machine is little-endian");

/** OpenSSL's AES-128 for both halves of a SIV key, its contexts kept: a call costs less than a microsecond. */
export class NativeAes {
  readonly #chain: Cipheriv;
  readonly #stream: Cipheriv;
  /** The last block of the chaining cipher, which it will chain the next one to. */
  #last: Uint8Array = new Uint8Array(AES_BLOCK_BYTES);

  /** @param key 32 bytes: MAC key, then encryption key. */
  constructor(key: Uint8Array) {
    const zero = new Uint8Array(AES_BLOCK_BYTES);
    this.#chain = createCipheriv("aes-128-cbc", key.subarray(0, AES_BLOCK_BYTES), zero);
    this.#stream = createCipheriv("aes-128-ecb", key.subarray(AES_BLOCK_BYTES), null);
    this.#chain.setAutoPadding(false);
    this.#stream.setAutoPadding(false);
  }

  /** The last block of CBC with a zero vector. @param blocks whole blocks, one at least. */
  chain(blocks: Uint8Array): Uint8Array {
    const input = Uint8Array.from(blocks);
    // What is left in the cipher from the last time is taken out of the first block.
    xorInto(input, this.#last);
    const output = this.#chain.update(input);
    input.fill(0);
    this.#last = Uint8Array.from(output.subarray(output.length - AES_BLOCK_BYTES));
    return this.#last;
  }

  /**
   * Writes `data` xored with the key stream of a synthetic IV to `target`, which may be `data`. Two
   * bits of the counter's beginning are cleared (RFC 5297 section 2.5), so that only its last word
   * ever changes below 2^31 blocks.
   */
  stream(iv: Uint8Array, data: Uint8Array, target: Uint8Array): void {
    const c0 = wordAt(iv, 0);
    const c1 = wordAt(iv, 4);
    const c2 = wordAt(iv, 8) & 0xffffff7f;
    const c3 = swapWord(wordAt(iv, 12)) & 0x7fffffff;
    const words = new Uint32Array(Math.ceil(data.length / AES_BLOCK_BYTES) * 4);
    for (let at = 0, block = 0; at < words.length; at += 4, block++) {
      words[at] = c0;
      words[at + 1] = c1;
      words[at + 2] = c2;
      words[at + 3] = swapWord(c3 + block);
    }
    const bytes = new Uint8Array(words.buffer);
    const stream = this.#stream.update(bytes);
    const isAligned = stream.byteOffset % 4 === 0;
    const aligned = isAligned ? stream : Uint8Array.from(stream);
    const mask = new Uint32Array(aligned.buffer, aligned.byteOffset, words.length);
    bytes.set(data);
    for (let i = 0; i < mask.length; i++) words[i]! ^= mask[i]!;
    target.set(bytes.subarray(0, data.length));
    bytes.fill(0);
  }
}

/** Xors the first block. */
export function xorInto(target: Uint8Array, mask: Uint8Array): void {
  for (let i = 0; i < AES_BLOCK_BYTES; i++) target[i]! ^= mask[i]!;
}

/** The little-endian word at an offset that need not be aligned. */
function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function swapWord(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}
