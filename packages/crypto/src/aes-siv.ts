import { NativeAes, xorInto } from "./aes-native.ts";
import {
  AES_BLOCK_BYTES,
  SIV_ITEMS_MAX,
  SIV_KEYS_MAX,
  SIV_MESSAGES_MAX,
  SIV_PIECE_BYTES_MAX,
  sivLengths,
  sivModule,
  sivWork,
} from "./aes-siv-module.ts";
import { equalConstantTime } from "./bytes.ts";
import { assertLength, CryptoError } from "./errors.ts";

export const SIV_KEY_BYTES = 32;
export const SIV_TAG_BYTES: number = AES_BLOCK_BYTES;

/** A message that is sealed where it lies. */
export interface SivMessage {
  /** 16 bytes of any content and the plaintext; afterwards `tag(16) ‖ ciphertext`. */
  readonly bytes: Uint8Array;
  readonly associatedData: readonly Uint8Array[];
}

/** Whose schedules and subkeys the module keeps, and where it puts the next ones. */
const kept: (SivKey | undefined)[] = new Array(SIV_KEYS_MAX).fill(undefined);
let next = 0;

/**
 * One AES-128-SIV key (RFC 5297), its schedules and subkeys kept while it is in use. Deterministic: equal
 * plaintexts under equal associated data give equal ciphertexts, and that is all they reveal.
 *
 * Associated data is a list: `[]` and `[""]` (one empty item) give different results and the
 * protocol uses both.
 *
 * Short data are the module's of `aes-siv-module.ts`, which works on several pieces in the time of one.
 * Once a key has worked on {@link NATIVE_FROM_BYTES} in longer pieces, it gets OpenSSL's block cipher
 * for all but their ends, which takes 20 µs to set up and is then several times as fast. Results are
 * the same, and neither looks up what depends on secrets.
 */
export class SivKey {
  readonly #key: Uint8Array;
  #place = 0;
  #bytesDone = 0;
  #native: NativeAes | undefined;

  /** @param key 32 bytes: MAC key, then encryption key; copied. @throws {CryptoError} `crypto/bad_length`. */
  constructor(key: Uint8Array) {
    assertLength(key, SIV_KEY_BYTES, "siv key");
    this.#key = Uint8Array.from(key);
  }

  /**
   * `tag(16) ‖ ciphertext`, 16 bytes longer than `plaintext`; a fresh array.
   * @throws {CryptoError} `crypto/bad_length` for more than three items of associated data.
   */
  seal(plaintext: Uint8Array, associatedData: readonly Uint8Array[]): Uint8Array {
    const bytes = new Uint8Array(AES_BLOCK_BYTES + plaintext.length);
    bytes.set(plaintext, AES_BLOCK_BYTES);
    this.sealEach([{ bytes, associatedData }]);
    return bytes;
  }

  /** Seals messages side by side: several take little more time than one. @throws as `seal`. */
  sealEach(messages: readonly SivMessage[]): void {
    const short: SivMessage[] = [];
    for (const { bytes, associatedData } of messages) {
      const items = this.#shortened(associatedData);
      const native = this.#nativeFor(bytes.length - AES_BLOCK_BYTES);
      if (native === undefined) short.push({ bytes, associatedData: items });
      else {
        const text = bytes.subarray(AES_BLOCK_BYTES);
        bytes.set(this.#tagOfLong(native, text, items));
        native.stream(bytes, text, text);
      }
    }
    for (let from = 0; from < short.length; from += SIV_MESSAGES_MAX) {
      this.#sealShort(short.slice(from, from + SIV_MESSAGES_MAX));
    }
  }

  /**
   * The plaintext, a fresh array.
   * @throws {CryptoError} `crypto/bad_length` below 16 bytes or as `seal`, `crypto/bad_tag`.
   */
  open(sealed: Uint8Array, associatedData: readonly Uint8Array[]): Uint8Array {
    if (sealed.length < AES_BLOCK_BYTES) assertLength(sealed, AES_BLOCK_BYTES, "siv ciphertext");
    const items = this.#shortened(associatedData);
    const native = this.#nativeFor(sealed.length - AES_BLOCK_BYTES);
    if (native !== undefined) return this.#openLong(native, sealed, items);
    const key = this.#expanded();
    const work = new WorkLayout();
    const at = work.add(items, sealed.length - AES_BLOCK_BYTES);
    sivWork.set(sealed, at);
    const isValid = sivModule.open(key) === 1;
    const plaintext = isValid ? sivWork.slice(at + AES_BLOCK_BYTES, at + sealed.length) : undefined;
    work.clear();
    if (plaintext === undefined) throw new CryptoError({ code: "crypto/bad_tag" });
    return plaintext;
  }

  #sealShort(messages: readonly SivMessage[]): void {
    const key = this.#expanded();
    const work = new WorkLayout();
    const places = messages.map(({ bytes, associatedData }) => {
      const at = work.add(associatedData, bytes.length - AES_BLOCK_BYTES);
      sivWork.set(bytes, at);
      return at;
    });
    sivModule.seal(key, messages.length);
    for (const [index, { bytes }] of messages.entries()) {
      const at = places[index]!;
      bytes.set(sivWork.subarray(at, at + bytes.length));
    }
    work.clear();
  }

  #openLong(native: NativeAes, sealed: Uint8Array, items: readonly Uint8Array[]): Uint8Array {
    const plaintext = new Uint8Array(sealed.length - AES_BLOCK_BYTES);
    native.stream(sealed, sealed.subarray(AES_BLOCK_BYTES), plaintext);
    const tag = this.#tagOfLong(native, plaintext, items);
    if (equalConstantTime(tag, sealed.subarray(0, AES_BLOCK_BYTES))) return plaintext;
    plaintext.fill(0);
    throw new CryptoError({ code: "crypto/bad_tag" });
  }

  #tagOfLong(native: NativeAes, plaintext: Uint8Array, items: readonly Uint8Array[]): Uint8Array {
    const end = endOf(native, plaintext);
    const key = this.#expanded();
    const work = new WorkLayout();
    const at = work.add(items, end.length);
    sivWork.set(end, at + AES_BLOCK_BYTES);
    end.fill(0);
    sivModule.authenticate(key, 1);
    const tag = sivWork.slice(at, at + AES_BLOCK_BYTES);
    work.clear();
    return tag;
  }

  /** Items short enough for the module. */
  #shortened(items: readonly Uint8Array[]): readonly Uint8Array[] {
    if (items.length > ITEMS_MAX) {
      const lengthBytes = items.length;
      throw new CryptoError({ code: "crypto/bad_length", what: "associated data", lengthBytes });
    }
    if (items.every((item) => item.length < NATIVE_BYTES_MIN)) return items;
    return items.map((item) => {
      const native = this.#nativeFor(item.length);
      return native === undefined ? item : endOf(native, item);
    });
  }

  #nativeFor(bytes: number): NativeAes | undefined {
    if (bytes < NATIVE_BYTES_MIN) return undefined;
    if (this.#native === undefined) {
      this.#bytesDone += bytes;
      if (this.#bytesDone < NATIVE_FROM_BYTES) return undefined;
      this.#native = new NativeAes(this.#key);
    }
    return this.#native;
  }

  /** Where the module keeps this key; it makes place for it if it has gone. */
  #expanded(): number {
    if (kept[this.#place] !== this) {
      this.#place = next;
      next = (next + 1) % SIV_KEYS_MAX;
      sivWork.set(this.#key);
      sivModule.expand(this.#place);
      sivWork.fill(0, 0, SIV_KEY_BYTES);
      kept[this.#place] = this;
    }
    return this.#place;
  }
}

/** RFC 5297 section 7 allows 126 items of associated data; the protocol uses at most two. */
const ITEMS_MAX: number = SIV_ITEMS_MAX / SIV_MESSAGES_MAX;

/** What is shorter takes longer to hand over than to encrypt here. */
const NATIVE_BYTES_MIN = 192;

/**
 * Bytes through the block cipher, in pieces that long, from which on OpenSSL's set-up has paid for
 * itself. The module never gets a piece that long.
 */
const NATIVE_FROM_BYTES: number = SIV_PIECE_BYTES_MAX;

/** Puts messages into the working memory as the module expects them. */
class WorkLayout {
  #end = 0;
  #lengths = 0;

  /** Adds a message's items. @returns where the caller puts its tag, if it has one, and behind that its text. */
  add(items: readonly Uint8Array[], textBytes: number): number {
    sivLengths[this.#lengths++] = items.length;
    for (const item of items) {
      sivLengths[this.#lengths++] = item.length;
      sivWork.set(item, this.#end);
      this.#end += Math.max(AES_BLOCK_BYTES, roundUp(item.length));
    }
    sivLengths[this.#lengths++] = textBytes;
    const at = this.#end;
    this.#end += AES_BLOCK_BYTES + roundUp(textBytes);
    return at;
  }

  clear(): void {
    sivWork.fill(0, 0, this.#end);
  }
}

/**
 * The last bytes of long data, more than a block of them, with what comes before chained into them:
 * their CMAC is that of the data.
 */
function endOf(native: NativeAes, data: Uint8Array): Uint8Array {
  const at = roundUp(data.length) - 2 * AES_BLOCK_BYTES;
  const end = data.slice(at);
  xorInto(end, native.chain(data.subarray(0, at)));
  return end;
}

function roundUp(length: number): number {
  return Math.ceil(length / AES_BLOCK_BYTES) * AES_BLOCK_BYTES;
}
