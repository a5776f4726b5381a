import { gunzipSync } from "node:zlib";
import { invariant } from "@tacit/encoding/errors";
import { AES_BLOCKS_WASM } from "./generated/aes-blocks-wasm.ts";

export const AES_BLOCK_BYTES = 16;

/** How many bytes one call can work on. */
export const AES_WORK_BYTES = 8192;

interface AesModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  keys(): number;
  keys_bytes(): number;
  work(): number;
  work_bytes(): number;
  expand(): void;
  chain(end: number): void;
  stream(...args: [end: number, c0: number, c1: number, c2: number, c3: number]): void;
}

/** The compiler's `dom` types are left out, so the part of the API that is used here stands here. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: AesModule };
  };
};

/** RustCrypto's `aes`, see `contracts/aes-blocks`: constant-time, bits sliced. */
const aes = new WebAssembly.Instance(
  new WebAssembly.Module(gunzipSync(Buffer.from(AES_BLOCKS_WASM, "base64"))),
).exports;
invariant(aes.work_bytes() === AES_WORK_BYTES, "the working memory is as large as said");

const loadedSchedules = new Uint32Array(aes.memory.buffer, aes.keys(), aes.keys_bytes() / 4);

/** What the next call works on: who fills it takes the result out and clears it, before anybody else runs. */
export const aesWork: Uint8Array<ArrayBuffer> = new Uint8Array(
  aes.memory.buffer,
  aes.work(),
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
    aesWork.set(chain);
    aesWork.set(stream, AES_BLOCK_BYTES);
    aes.expand();
    aesWork.fill(0, 0, 2 * AES_BLOCK_BYTES);
    this.#schedules = loadedSchedules.slice();
    loaded = this;
  }

  /** CBC with a zero vector over the first `end` bytes of {@link aesWork}, a positive number of blocks, in place. */
  chain(end: number): void {
    this.#load();
    aes.chain(end);
  }

  /**
   * Xors the first `end` bytes of {@link aesWork}, a number of blocks, with the key stream of a
   * counter: three words as they stand in memory, then a number that counts up modulo 2^32.
   */
  stream(end: number, c0: number, c1: number, c2: number, c3: number): void {
    this.#load();
    aes.stream(end, c0, c1, c2, c3);
  }

  #load(): void {
    if (loaded === this) return;
    loadedSchedules.set(this.#schedules);
    loaded = this;
  }
}
