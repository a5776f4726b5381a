import { AES_WASM } from "./generated/aes-wasm.ts";

export const AES_BLOCK_BYTES = 16;

/** How many bytes one call can work on. */
export const AES_WORK_BYTES = 8192;

/** Where things lie in the module's memory, see `aes.wat`. */
const TABLE_WORDS = 256;
const S_BOX_AT = 4096;
const CHAIN_KEY_AT = 4368;
const SCHEDULE_BYTES = 176;
const STREAM_KEY_AT = CHAIN_KEY_AT + SCHEDULE_BYTES;
const WORK_AT = 8192;

interface AesModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  expand(key: number): void;
  chain(key: number, at: number, end: number): void;
  stream(
    ...args: [key: number, at: number, end: number, c0: number, c1: number, c2: number, c3: number]
  ): void;
}

/** The compiler's `dom` types are left out, so the part of the API that is used here stands here. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: AesModule };
  };
};

const aes = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(AES_WASM, "base64")))
  .exports;
const words = new Uint32Array(aes.memory.buffer);
const bytes = new Uint8Array(aes.memory.buffer);
fillTables();

/** What the next call works on: who fills it takes the result out and clears it, before anybody else runs. */
export const aesWork: Uint8Array<ArrayBuffer> = new Uint8Array(
  aes.memory.buffer,
  WORK_AT,
  AES_WORK_BYTES,
);

/** Whose schedules lie in the module's memory. */
let loaded: AesKeys | undefined;

/**
 * Two AES-128 keys (FIPS 197), one for chaining and one for key streams, their schedules computed
 * once. They encrypt only: SIV needs no more. The last keys used stay in the module's memory.
 */
export class AesKeys {
  readonly #schedules: Uint32Array;

  /** @param chain 16 bytes. @param stream 16 bytes. Both are copied. */
  constructor(chain: Uint8Array, stream: Uint8Array) {
    bytes.set(chain, CHAIN_KEY_AT);
    bytes.set(stream, STREAM_KEY_AT);
    aes.expand(CHAIN_KEY_AT);
    aes.expand(STREAM_KEY_AT);
    this.#schedules = words.slice(CHAIN_KEY_AT / 4, (STREAM_KEY_AT + SCHEDULE_BYTES) / 4);
    loaded = this;
  }

  /** CBC with a zero vector over the first `end` bytes of {@link aesWork}, a positive number of blocks, in place. */
  chain(end: number): void {
    this.#load();
    aes.chain(CHAIN_KEY_AT, WORK_AT, WORK_AT + end);
  }

  /**
   * Xors the first `end` bytes of {@link aesWork}, a number of blocks, with the key stream of a
   * counter: three words as they stand in memory, then a number that counts up modulo 2^32.
   */
  stream(end: number, c0: number, c1: number, c2: number, c3: number): void {
    this.#load();
    aes.stream(STREAM_KEY_AT, WORK_AT, WORK_AT + end, c0, c1, c2, c3);
  }

  #load(): void {
    if (loaded === this) return;
    words.set(this.#schedules, CHAIN_KEY_AT / 4);
    loaded = this;
  }
}

/** FIPS 197 section 5.1: the S-box by walking the field with generator 3, then what it gives times 2, 1, 1, 3. */
function fillTables(): void {
  const powers = new Uint8Array(255);
  for (let i = 0, x = 1; i < 255; i++, x ^= times2(x)) powers[i] = x;
  const substitute = (byte: number): number => {
    const inverse = byte === 0 ? 0 : (powers[(255 - powers.indexOf(byte)) % 255] as number);
    const x = inverse | (inverse << 8);
    return (x ^ (x >> 4) ^ (x >> 5) ^ (x >> 6) ^ (x >> 7) ^ 0x63) & 0xff;
  };
  const sBox = new Uint8Array(aes.memory.buffer, S_BOX_AT, 256);
  for (let byte = 0; byte < 256; byte++) {
    const s = substitute(byte);
    sBox[byte] = s;
    let column = ((times2(s) ^ s) << 24) | (s << 16) | (s << 8) | times2(s);
    for (let table = 0; table < 4; table++) {
      words[table * TABLE_WORDS + byte] = column;
      column = (column << 8) | (column >>> 24);
    }
  }
}

/** Multiplication by x in GF(2^8) with the polynomial of AES. */
function times2(byte: number): number {
  return ((byte << 1) ^ ((byte >> 7) * 0x11b)) & 0xff;
}
