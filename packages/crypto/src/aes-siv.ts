import { type Cipheriv, createCipheriv } from "node:crypto";
import { invariant } from "@tacit/encoding/errors";
import { AES_BLOCK_BYTES, AES_WORK_BYTES, AesKeys, aesWork } from "./aes.ts";
import { equalConstantTime } from "./bytes.ts";
import { assertLength, CryptoError } from "./errors.ts";

export const SIV_KEY_BYTES = 32;
export const SIV_TAG_BYTES: number = AES_BLOCK_BYTES;

/** RFC 5297 section 7 allows 126 associated-data items; the protocol uses at most two. */
const ASSOCIATED_DATA_ITEMS_MAX = 126;

invariant(new Uint8Array(Uint32Array.of(1).buffer)[0] === 1, "this machine is little-endian");

/** What S2V has made of the first items of associated data. */
export interface SivBeginning {
  readonly items: number;
  readonly state: Block;
}

type Block = Uint8Array<ArrayBuffer>;

/**
 * One AES-128-SIV key (RFC 5297), its key schedules computed once. Deterministic: equal
 * plaintexts under equal associated data give equal ciphertexts, and that is all they reveal.
 *
 * Associated data is a list: `[]` and `[""]` (one empty item) give different results and the
 * protocol uses both.
 *
 * The mode is written here because keeping the schedules and subkeys of a key is several times
 * faster than a one-shot `aessiv`. A key begins with the block cipher of `aes.ts`; once it has worked
 * on {@link NATIVE_FROM_BYTES} it gets OpenSSL's for all but short data, which takes 20 µs to set up
 * and is then several times as fast. Results are the same, and neither looks up what depends on
 * secrets.
 */
export class SivKey {
  readonly #aes: AesKeys;
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
    this.#aes = new AesKeys(key.subarray(0, AES_BLOCK_BYTES), key.subarray(AES_BLOCK_BYTES));
    aesWork.fill(0, 0, AES_BLOCK_BYTES);
    this.#aes.chain(AES_BLOCK_BYTES);
    this.#full = double(aesWork);
    this.#padded = double(this.#full);
    this.#start = this.#cmac(new Uint8Array(AES_BLOCK_BYTES));
    this.#startOneEmpty = double(this.#start);
    xorInto(this.#startOneEmpty, this.#cmac(new Uint8Array(0)), 0);
  }

  /** `tag(16) ‖ ciphertext`, 16 bytes longer than `plaintext`; a fresh array. */
  seal(plaintext: Uint8Array, associatedData: readonly Uint8Array[]): Uint8Array {
    const sealed = new Uint8Array(AES_BLOCK_BYTES + plaintext.length);
    this.sealInto(sealed, plaintext, associatedData);
    return sealed;
  }

  /**
   * The same, written to `target`, 16 bytes longer than `plaintext` and no part of the same memory.
   * @param begun of `begin`: the items before `associatedData`.
   */
  sealInto(
    target: Uint8Array,
    plaintext: Uint8Array,
    associatedData: readonly Uint8Array[],
    begun?: SivBeginning,
  ): void {
    target.set(this.#s2v(plaintext, associatedData, begun));
    this.#applyCtr(target, plaintext, target, AES_BLOCK_BYTES);
  }

  /**
   * The plaintext, a fresh array.
   * @param begun of `begin`: the items before `associatedData`.
   * @throws {CryptoError} `crypto/bad_length` below 16 bytes, `crypto/bad_tag`.
   */
  open(
    sealed: Uint8Array,
    associatedData: readonly Uint8Array[],
    begun?: SivBeginning,
  ): Uint8Array {
    if (sealed.length < AES_BLOCK_BYTES) assertLength(sealed, AES_BLOCK_BYTES, "siv ciphertext");
    const plaintext = new Uint8Array(sealed.length - AES_BLOCK_BYTES);
    this.#applyCtr(sealed, sealed.subarray(AES_BLOCK_BYTES), plaintext, 0);
    const tag = sealed.subarray(0, AES_BLOCK_BYTES);
    if (!equalConstantTime(tag, this.#s2v(plaintext, associatedData, begun))) {
      plaintext.fill(0);
      throw new CryptoError({ code: "crypto/bad_tag" });
    }
    return plaintext;
  }

  /** Associated data that several calls begin with, worked through once; of use with this key only. */
  begin(associatedData: readonly Uint8Array[]): SivBeginning {
    const items = associatedData.length;
    return { items, state: this.#absorb(associatedData, { items: 0, state: this.#start }) };
  }

  /** RFC 5297 section 2.4. */
  #s2v(
    plaintext: Uint8Array,
    associatedData: readonly Uint8Array[],
    begun: SivBeginning = { items: 0, state: this.#start },
  ): Block {
    const state = this.#absorb(associatedData, begun);
    if (plaintext.length >= AES_BLOCK_BYTES) return this.#cmac(plaintext, state);
    const last = double(state);
    for (let i = 0; i < plaintext.length; i++) last[i]! ^= plaintext[i]!;
    last[plaintext.length]! ^= 0x80;
    return this.#cmac(last);
  }

  #absorb(associatedData: readonly Uint8Array[], begun: SivBeginning): Block {
    if (begun.items + associatedData.length > ASSOCIATED_DATA_ITEMS_MAX) {
      const lengthBytes = begun.items + associatedData.length;
      throw new CryptoError({ code: "crypto/bad_length", what: "associated data", lengthBytes });
    }
    const isOneEmpty = associatedData.length === 1 && associatedData[0]!.length === 0;
    if (isOneEmpty && begun.items === 0) return this.#startOneEmpty;
    let { state } = begun;
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
    const complete = data.length > 0 && data.length % AES_BLOCK_BYTES === 0;
    const end = Math.max(roundUp(data.length), AES_BLOCK_BYTES);
    const work = workingMemory(end);
    work.set(data);
    if (!complete) {
      work.fill(0, data.length, end);
      work[data.length] = 0x80;
    }
    if (xorEnd !== undefined) xorInto(work, xorEnd, data.length - AES_BLOCK_BYTES);
    xorInto(work, complete ? this.#full : this.#padded, end - AES_BLOCK_BYTES);
    const native = this.#nativeFor(end);
    if (native !== undefined) return native.cbcMac(work.subarray(0, end));
    this.#aes.chain(end);
    const mac = work.slice(end - AES_BLOCK_BYTES, end);
    work.fill(0, 0, end);
    return mac;
  }

  /**
   * Writes `data` xored with the key stream to `output` from `offset` on. The counter starts at the
   * tag, the first 16 bytes of `sealed`, with two bits cleared (RFC 5297 section 2.5), so that only
   * its last word ever changes below 2^31 blocks.
   */
  #applyCtr(sealed: Uint8Array, data: Uint8Array, output: Uint8Array, offset: number): void {
    const c0 = wordAt(sealed, 0);
    const c1 = wordAt(sealed, 4);
    const c2 = wordAt(sealed, 8) & 0xffffff7f;
    const c3 = swapWord(wordAt(sealed, 12)) & 0x7fffffff;
    const end = roundUp(data.length);
    const work = workingMemory(end);
    const native = this.#nativeFor(end);
    if (native === undefined) {
      work.set(data);
      this.#aes.stream(end, c0, c1, c2, c3);
    } else {
      const words = new Uint32Array(work.buffer, work.byteOffset, end / 4);
      for (let at = 0, block = 0; at < words.length; at += 4, block++) {
        words[at] = c0;
        words[at + 1] = c1;
        words[at + 2] = c2;
        words[at + 3] = swapWord(c3 + block);
      }
      native.streamXor(words, data);
    }
    output.set(work.subarray(0, data.length), offset);
    work.fill(0, 0, end);
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
const NATIVE_BYTES_MIN = 192;

/**
 * Bytes through the block cipher, in pieces that long, from which on OpenSSL's set-up has paid for
 * itself. The module of `aes.ts` never gets more than its memory holds.
 */
const NATIVE_FROM_BYTES: number = AES_WORK_BYTES;

/** OpenSSL's AES-128 for both halves of a key, its contexts kept: a call costs less than a microsecond. */
class NativeCiphers {
  readonly #mac: Cipheriv;
  readonly #ctr: Cipheriv;
  /** The last block of the MAC's cipher, which it will chain the next one to. */
  #last: Uint8Array = new Uint8Array(AES_BLOCK_BYTES);

  constructor(key: Uint8Array) {
    const zero = new Uint8Array(AES_BLOCK_BYTES);
    this.#mac = createCipheriv("aes-128-cbc", key.subarray(0, AES_BLOCK_BYTES), zero);
    this.#ctr = createCipheriv("aes-128-ecb", key.subarray(AES_BLOCK_BYTES), null);
    this.#mac.setAutoPadding(false);
    this.#ctr.setAutoPadding(false);
  }

  /** CBC-MAC with a zero vector: what is left in the cipher is taken out of the first block. Clears `blocks`. */
  cbcMac(blocks: Uint8Array): Block {
    xorInto(blocks, this.#last, 0);
    const output = this.#mac.update(blocks);
    blocks.fill(0);
    const mac = Uint8Array.prototype.slice.call(output, output.length - AES_BLOCK_BYTES) as Block;
    this.#last = Uint8Array.from(mac);
    return mac;
  }

  /** Puts `data` xored with the encrypted `counters` in their place. */
  streamXor(counters: Uint32Array, data: Uint8Array): void {
    const target = new Uint8Array(counters.buffer, counters.byteOffset, counters.byteLength);
    const stream = this.#ctr.update(target);
    const isAligned = stream.byteOffset % 4 === 0;
    const aligned = isAligned ? stream : Uint8Array.from(stream);
    const mask = new Uint32Array(aligned.buffer, aligned.byteOffset, counters.length);
    target.set(data);
    for (let i = 0; i < mask.length; i++) counters[i]! ^= mask[i]!;
  }
}

/** Of at least `length` bytes; cleared after each use, and never used by two calls at once. */
function workingMemory(length: number): Uint8Array<ArrayBuffer> {
  return length <= AES_WORK_BYTES ? aesWork : new Uint8Array(length);
}

function roundUp(length: number): number {
  return Math.ceil(length / AES_BLOCK_BYTES) * AES_BLOCK_BYTES;
}

/** The little-endian word at an offset that need not be aligned. */
function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function swapWord(word: number): number {
  return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

function xorInto(target: Uint8Array, mask: Uint8Array, offset: number): void {
  for (let i = 0; i < AES_BLOCK_BYTES; i++) target[offset + i]! ^= mask[i]!;
}

/** Multiplication of the first block by x in GF(2^128) with the polynomial of CMAC; a fresh block. */
function double(block: Uint8Array): Block {
  const doubled = new Uint8Array(AES_BLOCK_BYTES);
  let carry = 0;
  for (let i = AES_BLOCK_BYTES - 1; i >= 0; i--) {
    const byte = block[i]!;
    doubled[i] = (byte << 1) | carry;
    carry = byte >>> 7;
  }
  doubled[AES_BLOCK_BYTES - 1]! ^= -carry & 0x87;
  return doubled;
}
