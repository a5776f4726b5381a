import { type Cipheriv, createCipheriv } from "node:crypto";
import { unsafe } from "@noble/ciphers/aes.js";
import { invariant } from "@tacit/encoding/errors";
import { equalConstantTime } from "./bytes.ts";
import { assertLength, CryptoError } from "./errors.ts";

const BLOCK_BYTES = 16;
const BLOCK_WORDS = 4;
export const SIV_KEY_BYTES = 32;
export const SIV_TAG_BYTES = BLOCK_BYTES;

/** RFC 5297 section 7 allows 126 associated-data items; the protocol uses at most two. */
const ASSOCIATED_DATA_ITEMS_MAX = 126;

invariant(new Uint8Array(Uint32Array.of(1).buffer)[0] === 1, "this machine is little-endian");

type Block = Uint8Array<ArrayBuffer>;

/**
 * One AES-128-SIV key (RFC 5297), its key schedules computed once. Deterministic: equal
 * plaintexts under equal associated data give equal ciphertexts, and that is all they reveal.
 *
 * Associated data is a list: `[]` and `[""]` (one empty item) give different results and the
 * protocol uses both.
 *
 * The mode is written here because keeping the schedules and subkeys of a key is several times
 * faster than a one-shot `aessiv`. A key begins with noble's block cipher, whose table look-ups
 * depend on secret data, as in every AES without hardware instructions; once it has worked on
 * {@link NATIVE_FROM_BYTES} it gets OpenSSL's for all but short data, which takes 15 µs to set up
 * and is then several times as fast. Results are the same.
 */
export class SivKey {
  readonly #mac: Uint32Array;
  readonly #ctr: Uint32Array;
  /** CMAC subkeys (RFC 4493): for a full and for a padded last block. */
  readonly #full: Block;
  readonly #padded: Block;
  /** CMAC of the zero block: where S2V begins. */
  readonly #start: Block;
  /** S2V's state after one empty associated-data item, by far the most frequent list. */
  readonly #startOneEmpty: Block;
  readonly #key: Uint8Array;
  #bytesDone = 0;
  #native: NativeCiphers | undefined;

  /** @param key 32 bytes: MAC key, then encryption key; copied. @throws {CryptoError} `crypto/bad_length`. */
  constructor(key: Uint8Array) {
    assertLength(key, SIV_KEY_BYTES, "siv key");
    this.#key = Uint8Array.from(key);
    this.#mac = unsafe.expandKeyLE(Uint8Array.from(key.subarray(0, BLOCK_BYTES)));
    this.#ctr = unsafe.expandKeyLE(Uint8Array.from(key.subarray(BLOCK_BYTES)));
    const l = new Uint8Array(BLOCK_BYTES);
    encryptWords(this.#mac, new Uint32Array(l.buffer), 0);
    this.#full = double(l);
    this.#padded = double(this.#full);
    this.#start = this.#cmac(new Uint8Array(BLOCK_BYTES));
    this.#startOneEmpty = double(this.#start);
    xorInto(this.#startOneEmpty, this.#cmac(new Uint8Array(0)), 0);
  }

  /** `tag(16) ‖ ciphertext`, 16 bytes longer than `plaintext`; a fresh array. */
  seal(plaintext: Uint8Array, associatedData: readonly Uint8Array[]): Uint8Array {
    const tag = this.#s2v(plaintext, associatedData);
    const ciphertext = this.#applyCtr(tag, plaintext);
    const sealed = new Uint8Array(BLOCK_BYTES + plaintext.length);
    sealed.set(tag);
    sealed.set(ciphertext, BLOCK_BYTES);
    return sealed;
  }

  /**
   * The plaintext, a fresh array.
   * @throws {CryptoError} `crypto/bad_length` below 16 bytes, `crypto/bad_tag`.
   */
  open(sealed: Uint8Array, associatedData: readonly Uint8Array[]): Uint8Array {
    if (sealed.length < BLOCK_BYTES) assertLength(sealed, BLOCK_BYTES, "siv ciphertext");
    const tag = sealed.subarray(0, BLOCK_BYTES);
    const plaintext = this.#applyCtr(tag, sealed.subarray(BLOCK_BYTES));
    if (!equalConstantTime(tag, this.#s2v(plaintext, associatedData))) {
      plaintext.fill(0);
      throw new CryptoError({ code: "crypto/bad_tag" });
    }
    return plaintext;
  }

  /** RFC 5297 section 2.4. */
  #s2v(plaintext: Uint8Array, associatedData: readonly Uint8Array[]): Block {
    const state = this.#absorb(associatedData);
    if (plaintext.length >= BLOCK_BYTES) return this.#cmac(plaintext, state);
    const last = double(state);
    for (let i = 0; i < plaintext.length; i++) last[i]! ^= plaintext[i]!;
    last[plaintext.length]! ^= 0x80;
    return this.#cmac(last);
  }

  #absorb(associatedData: readonly Uint8Array[]): Block {
    if (associatedData.length > ASSOCIATED_DATA_ITEMS_MAX) {
      const lengthBytes = associatedData.length;
      throw new CryptoError({ code: "crypto/bad_length", what: "associated data", lengthBytes });
    }
    if (associatedData.length === 1 && associatedData[0]!.length === 0) return this.#startOneEmpty;
    let state = this.#start;
    for (const item of associatedData) {
      state = double(state);
      xorInto(state, this.#cmac(item), 0);
    }
    return state;
  }

  /**
   * CMAC (RFC 4493) of `data`; with `xorEnd`, of `data` with its last 16 bytes xored with it
   * (then `data` has at least 16).
   */
  #cmac(data: Uint8Array, xorEnd?: Block): Block {
    const complete = data.length > 0 && data.length % BLOCK_BYTES === 0;
    const end = Math.max(roundUp(data.length), BLOCK_BYTES);
    const { bytes, words } = workingMemory(end);
    bytes.set(data);
    bytes.fill(0, data.length, end);
    if (xorEnd !== undefined) xorInto(bytes, xorEnd, data.length - BLOCK_BYTES);
    if (!complete) bytes[data.length] = 0x80;
    xorInto(bytes, complete ? this.#full : this.#padded, end - BLOCK_BYTES);
    const native = this.#nativeFor(end);
    if (native !== undefined) return native.cbcMac(bytes.subarray(0, end));
    encryptWords(this.#mac, words, 0);
    for (let at = BLOCK_WORDS; at < end / 4; at += BLOCK_WORDS) {
      for (let i = at; i < at + BLOCK_WORDS; i++) words[i]! ^= words[i - BLOCK_WORDS]!;
      encryptWords(this.#mac, words, at);
    }
    const mac = bytes.slice(end - BLOCK_BYTES, end);
    bytes.fill(0, 0, end);
    return mac;
  }

  /**
   * `data` xored with the key stream, a fresh array. The counter starts at the tag with two bits
   * cleared (RFC 5297 section 2.5), so that only its last word ever changes below 2^31 blocks.
   */
  #applyCtr(tag: Uint8Array, data: Uint8Array): Block {
    const view = new DataView(tag.buffer, tag.byteOffset, BLOCK_BYTES);
    const c0 = view.getUint32(0, true);
    const c1 = view.getUint32(4, true);
    const c2 = view.getUint32(8, true) & 0xffffff7f;
    const c3 = view.getUint32(12, false) & 0x7fffffff;
    const end = roundUp(data.length);
    const { bytes, words } = workingMemory(end);
    const native = this.#nativeFor(end);
    if (native !== undefined) {
      for (let at = 0, block = 0; at < end / 4; at += BLOCK_WORDS, block++) {
        words[at] = c0;
        words[at + 1] = c1;
        words[at + 2] = c2;
        words[at + 3] = swapWord(c3 + block);
      }
      return native.keyStreamXor(bytes.subarray(0, end), data);
    }
    bytes.set(data);
    for (let at = 0, block = 0; at < end / 4; at += BLOCK_WORDS, block++) {
      const stream = unsafe.encrypt(this.#ctr, c0, c1, c2, swapWord(c3 + block));
      words[at]! ^= stream.s0;
      words[at + 1]! ^= stream.s1;
      words[at + 2]! ^= stream.s2;
      words[at + 3]! ^= stream.s3;
    }
    const output = bytes.slice(0, data.length);
    bytes.fill(0, 0, end);
    return output;
  }

  #nativeFor(bytes: number): NativeCiphers | undefined {
    if (bytes < NATIVE_BYTES_MIN) return undefined;
    if (this.#native === undefined) {
      this.#bytesDone += bytes;
      if (this.#bytesDone < NATIVE_FROM_BYTES) return undefined;
      this.#native = new NativeCiphers(this.#key);
    }
    return this.#native;
  }
}

/** What is shorter takes longer to hand over than to encrypt here. */
const NATIVE_BYTES_MIN = 160;

/** Bytes through the block cipher, in pieces that long, from which on OpenSSL's set-up has paid for itself. */
const NATIVE_FROM_BYTES = 4096;

/** OpenSSL's AES-128 for both halves of a key, its contexts kept: a call costs less than a microsecond. */
class NativeCiphers {
  readonly #mac: Cipheriv;
  readonly #ctr: Cipheriv;
  /** The last block of the MAC's cipher, which it will chain the next one to. */
  #last: Uint8Array = new Uint8Array(BLOCK_BYTES);

  constructor(key: Uint8Array) {
    const zero = new Uint8Array(BLOCK_BYTES);
    this.#mac = createCipheriv("aes-128-cbc", key.subarray(0, BLOCK_BYTES), zero);
    this.#ctr = createCipheriv("aes-128-ecb", key.subarray(BLOCK_BYTES), null);
    this.#mac.setAutoPadding(false);
    this.#ctr.setAutoPadding(false);
  }

  /** CBC-MAC with a zero vector: what is left in the cipher is taken out of the first block. Clears `blocks`. */
  cbcMac(blocks: Uint8Array): Block {
    xorInto(blocks, this.#last, 0);
    const output = this.#mac.update(blocks);
    blocks.fill(0);
    const mac = Uint8Array.prototype.slice.call(output, output.length - BLOCK_BYTES) as Block;
    this.#last = Uint8Array.from(mac);
    return mac;
  }

  /** `data` xored with the encrypted `counters`, a fresh array. Clears `counters`. */
  keyStreamXor(counters: Uint8Array, data: Uint8Array): Block {
    const end = counters.length;
    const stream = this.#ctr.update(counters);
    counters.fill(0);
    const output = new ArrayBuffer(end);
    const bytes = new Uint8Array(output, 0, data.length);
    bytes.set(data);
    const isAligned = stream.byteOffset % 4 === 0;
    const aligned = isAligned ? stream : Uint8Array.from(stream);
    const mask = new Uint32Array(aligned.buffer, aligned.byteOffset, end / 4);
    const words = new Uint32Array(output);
    for (let i = 0; i < words.length; i++) words[i]! ^= mask[i]!;
    new Uint8Array(output, data.length).fill(0);
    return bytes;
  }
}

interface WorkingMemory {
  readonly bytes: Block;
  readonly words: Uint32Array;
}

function allocate(length: number): WorkingMemory {
  const bytes = new Uint8Array(length);
  return { bytes, words: new Uint32Array(bytes.buffer) };
}

/** For all but unusually long data; cleared after each use, and never used by two calls at once. */
const KEPT_BYTES = 8192;
const kept = allocate(KEPT_BYTES);

function workingMemory(length: number): WorkingMemory {
  return length <= KEPT_BYTES ? kept : allocate(length);
}

function roundUp(length: number): number {
  return Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES;
}

function swapWord(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | ((word >>> 24) & 0xff);
}

function xorInto(target: Uint8Array, mask: Uint8Array, offset: number): void {
  for (let i = 0; i < BLOCK_BYTES; i++) target[offset + i]! ^= mask[i]!;
}

/** Multiplication by x in GF(2^128) with the polynomial of CMAC; a fresh block. */
function double(block: Uint8Array): Block {
  const doubled = new Uint8Array(BLOCK_BYTES);
  let carry = 0;
  for (let i = BLOCK_BYTES - 1; i >= 0; i--) {
    const byte = block[i]!;
    doubled[i] = (byte << 1) | carry;
    carry = byte >>> 7;
  }
  doubled[BLOCK_BYTES - 1]! ^= -carry & 0x87;
  return doubled;
}

function encryptWords(schedule: Uint32Array, words: Uint32Array, at: number): void {
  const { s0, s1, s2, s3 } = unsafe.encrypt(
    schedule,
    words[at]!,
    words[at + 1]!,
    words[at + 2]!,
    words[at + 3]!,
  );
  words[at] = s0;
  words[at + 1] = s1;
  words[at + 2] = s2;
  words[at + 3] = s3;
}
