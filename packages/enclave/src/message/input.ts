import type { SivKey } from "@tacit/crypto";
import { CryptoError, concat } from "@tacit/crypto";
import { fromHex, ProtocolError, toHex } from "@tacit/encoding";
import { CallError } from "../errors.ts";
import { INNER_PUBLIC_KEY, type KeyRing } from "../keys/key-ring.ts";
import { ENCRYPTED_INPUT_BYTES_MIN, MESSAGE_BYTES_MAX, REPLY_SECTIONS_MAX } from "../limits.ts";
import { ANSWER_BLOCK_BYTES, bucketBytes } from "./padding.ts";

export const NONCE_BYTES = 32;
/** Nonce and public key in front of every ciphertext. */
export const HEADER_BYTES = 64;
/** A code hash in hexadecimal, in front of what is encrypted. */
export const CODE_HASH_CHARACTERS = 64;
const REPLY_MARK = "REPLY01";
const REPLY_SECTION_BYTES = REPLY_MARK.length + 8 + CODE_HASH_CHARACTERS;
const PADDING_MARK = "PADDED1";
const PADDING_HEADER_BYTES = PADDING_MARK.length + 4;

/** Longest that fits into a message once it is sealed. */
const PLAINTEXT_BYTES_MAX = MESSAGE_BYTES_MAX - HEADER_BYTES - 16;

/** The one empty item of associated data that every message uses. */
export const MESSAGE_AD: readonly Uint8Array[] = [new Uint8Array(0)];

/** Who waits for a reply, and under which id it sent the message. */
export interface ReplyParams {
  readonly id: bigint;
  /** 64 hexadecimal characters, as sent. */
  readonly codeHash: string;
}

/** The key of a message with the header that lets its sender find it again. */
export interface MessageKey {
  readonly key: SivKey;
  /** `nonce(32) ‖ publicKey(32)`. */
  readonly header: Uint8Array;
}

/** A message to a contract, ready for it. */
export interface ContractInput {
  /** Undefined in plaintext mode: then nothing that the call answers or sends is encrypted (section 2.4). */
  readonly messageKey: MessageKey | undefined;
  /** What the contract gets. */
  readonly message: Uint8Array;
  /** The immediate caller first; nobody in plaintext mode. */
  readonly replyParams: readonly ReplyParams[];
}

/** A message that was encrypted (section 2.1). */
export interface DecryptedInput extends ContractInput {
  readonly messageKey: MessageKey;
}

/** A message as it came, for a call in plaintext mode. */
export function plainInput(message: Uint8Array): ContractInput {
  return { messageKey: undefined, message, replyParams: [] };
}

/**
 * @param codeHash of the code that will run, 32 bytes.
 * @throws {CallError} `enclave/cannot_decrypt`, `enclave/wrong_code_hash`.
 */
export function decryptInput(
  ring: KeyRing,
  input: Uint8Array,
  codeHash: Uint8Array,
): DecryptedInput {
  if (input.length < ENCRYPTED_INPUT_BYTES_MIN || input.length > MESSAGE_BYTES_MAX) {
    throw new CallError("enclave/cannot_decrypt");
  }
  const messageKey = openMessageKey(ring, input);
  const plaintext = openOrFail(messageKey.key, input.subarray(HEADER_BYTES));
  assertCodeHash(plaintext, codeHash);
  const { replyParams, end } = readReplySections(plaintext, CODE_HASH_CHARACTERS);
  return { messageKey, replyParams, message: plaintext.subarray(skipPadding(plaintext, end)) };
}

/** Where the message begins, behind `"PADDED1" ‖ u32BE n ‖ n bytes`. @throws {CallError} `enclave/wrong_code_hash` for one cut off. */
function skipPadding(text: Uint8Array, start: number): number {
  const at = start + PADDING_MARK.length;
  if (latin1(text.subarray(start, at)) !== PADDING_MARK) return start;
  const header = text.subarray(at, at + 4);
  if (header.length < 4) throw new CallError("enclave/wrong_code_hash");
  const length = new DataView(header.buffer, header.byteOffset, 4).getUint32(0);
  const end = start + PADDING_HEADER_BYTES + length;
  if (end > text.length) throw new CallError("enclave/wrong_code_hash");
  return end;
}

/**
 * What goes before a message of a contract to a contract, so that the whole has the length of a
 * bucket: the other contract gets the message alone. Nothing where the message would grow too long.
 * @param length of everything else in the plaintext, in bytes.
 */
export function writePadding(length: number): Uint8Array {
  const least = length + PADDING_HEADER_BYTES;
  const total = Math.min(bucketBytes(least, ANSWER_BLOCK_BYTES), PLAINTEXT_BYTES_MAX);
  if (total < least) return new Uint8Array(0);
  const bytes = new Uint8Array(PADDING_HEADER_BYTES + total - least);
  bytes.set(new TextEncoder().encode(PADDING_MARK));
  new DataView(bytes.buffer).setUint32(PADDING_MARK.length, total - least);
  return bytes;
}

/** The key of the client who sealed `input`; shorter if that is cut off. */
export function clientKeyOf(input: Uint8Array): Uint8Array {
  return input.subarray(NONCE_BYTES, HEADER_BYTES);
}

/** The key that the first 64 bytes of `input` name. @throws {CallError} `enclave/cannot_decrypt`. */
export function openMessageKey(ring: KeyRing, input: Uint8Array): MessageKey {
  const header = input.slice(0, HEADER_BYTES);
  if (header.length < HEADER_BYTES) throw new CallError("enclave/cannot_decrypt");
  try {
    const key = ring.messageKey(header.subarray(0, NONCE_BYTES), clientKeyOf(header));
    return { key, header };
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    throw new CallError("enclave/cannot_decrypt");
  }
}

/** The key under which a call in plaintext mode asks other contracts. @param nonce 32 bytes. */
export function innerMessageKey(ring: KeyRing, nonce: Uint8Array): MessageKey {
  const header = concat(nonce, INNER_PUBLIC_KEY);
  return { key: ring.messageKey(nonce, INNER_PUBLIC_KEY), header };
}

/** @throws {CallError} `enclave/cannot_decrypt`. */
export function openOrFail(key: SivKey, sealed: Uint8Array): Uint8Array {
  try {
    return key.open(sealed, MESSAGE_AD);
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    throw new CallError("enclave/cannot_decrypt");
  }
}

/** @throws {CallError} `enclave/wrong_code_hash` unless `text` begins with the hash in hex, of any case. */
export function assertCodeHash(text: Uint8Array, codeHash: Uint8Array): void {
  const written = latin1(text.subarray(0, CODE_HASH_CHARACTERS));
  if (written.toLowerCase() !== toHex(codeHash)) throw new CallError("enclave/wrong_code_hash");
}

/**
 * The sections at `start`: each `"REPLY01" ‖ u64BE id ‖ 64 hexadecimal characters`.
 * @throws {CallError} `enclave/wrong_code_hash` for a section that is cut off or too many of them.
 */
export function readReplySections(
  text: Uint8Array,
  start: number,
): { readonly replyParams: readonly ReplyParams[]; readonly end: number } {
  const replyParams: ReplyParams[] = [];
  let at = start;
  while (latin1(text.subarray(at, at + REPLY_MARK.length)) === REPLY_MARK) {
    const end = at + REPLY_SECTION_BYTES;
    if (end > text.length || replyParams.length >= REPLY_SECTIONS_MAX) {
      throw new CallError("enclave/wrong_code_hash");
    }
    const view = new DataView(text.buffer, text.byteOffset + at + REPLY_MARK.length, 8);
    const codeHash = latin1(text.subarray(end - CODE_HASH_CHARACTERS, end));
    if (!isHexHash(codeHash)) throw new CallError("enclave/wrong_code_hash");
    replyParams.push({ id: view.getBigUint64(0), codeHash });
    at = end;
  }
  return { replyParams, end: at };
}

/** The inverse of `readReplySections`. */
export function writeReplySections(replyParams: readonly ReplyParams[]): Uint8Array {
  const bytes = new Uint8Array(replyParams.length * REPLY_SECTION_BYTES);
  const view = new DataView(bytes.buffer);
  const encoder = new TextEncoder();
  for (const [index, { id, codeHash }] of replyParams.entries()) {
    const at = index * REPLY_SECTION_BYTES;
    bytes.set(encoder.encode(REPLY_MARK), at);
    view.setBigUint64(at + REPLY_MARK.length, id);
    bytes.set(encoder.encode(codeHash), at + REPLY_MARK.length + 8);
  }
  return bytes;
}

function isHexHash(text: string): boolean {
  try {
    return fromHex(text).length === 32;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
