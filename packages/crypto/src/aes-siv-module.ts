import { gunzipSync } from "node:zlib";
import { invariant } from "@tacit/encoding/errors";
import { AES_SIV_WASM } from "./generated/aes-siv-wasm.ts";

export const AES_BLOCK_BYTES = 16;

/** How many keys it keeps expanded. */
export const SIV_KEYS_MAX = 16;

/** How many items of associated data, and how many messages, one call works on. */
export const SIV_ITEMS_MAX = 24;
export const SIV_MESSAGES_MAX = 8;

/** The longest item or text, in whole blocks. */
export const SIV_PIECE_BYTES_MAX = 2048;

/** What `contracts/aes-siv` exports; `abi.rs` says what its calls do. */
interface SivModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  keys_max(): number;
  work(): number;
  work_bytes(): number;
  piece_bytes_max(): number;
  lengths(): number;
  items_max(): number;
  messages_max(): number;
  expand(key: number): void;
  authenticate(key: number, messages: number): void;
  seal(key: number, messages: number): void;
  open(key: number): number;
}

/** The compiler's `dom` types are left out, so the part of the API that is used here stands here. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array) => object;
    readonly Instance: new (module: object) => { readonly exports: SivModule };
  };
};

/** AES-128-SIV over RustCrypto's `aes`: constant-time, bits sliced. */
export const sivModule: SivModule = new WebAssembly.Instance(
  new WebAssembly.Module(gunzipSync(Buffer.from(AES_SIV_WASM, "base64"))),
).exports;
invariant(sivModule.keys_max() === SIV_KEYS_MAX, "as many keys are kept as said");
invariant(sivModule.piece_bytes_max() === SIV_PIECE_BYTES_MAX, "pieces are as long as said");
invariant(sivModule.items_max() === SIV_ITEMS_MAX, "there is room for as many items as said");
invariant(sivModule.messages_max() === SIV_MESSAGES_MAX, "and for as many messages");

const { buffer } = sivModule.memory;

/** What the next call works on: who fills it takes the result out and clears secrets, before anybody else runs. */
export const sivWork: Uint8Array<ArrayBuffer> = new Uint8Array(
  buffer,
  sivModule.work(),
  sivModule.work_bytes(),
);

/** Lengths of what lies in it. */
export const sivLengths: Uint32Array = new Uint32Array(
  buffer,
  sivModule.lengths(),
  SIV_ITEMS_MAX + 2 * SIV_MESSAGES_MAX,
);
