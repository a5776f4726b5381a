/**
 * The transcript of draft-irtf-cfrg-fiat-shamir with SHAKE128, once more and from the draft: the
 * hash's input is one whole block of session id and zeros, then what was said.
 */
import { shake128 } from "@noble/hashes/sha3.js";
import { utf8 } from "../../bytes.ts";

const BLOCK_BYTES = 168;
const CHALLENGE_BYTES = 48;

/** Little-endian. */
export function u32(value: number): Uint8Array {
  return Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24);
}

/** With the length before it. */
export function prefixed(bytes: Uint8Array): Uint8Array[] {
  return [u32(bytes.length), bytes];
}

export class VerifierTranscript {
  readonly #order: bigint;
  readonly #hash: ReturnType<typeof shake128.create>;
  #stream: ReturnType<typeof shake128.create> | undefined;

  /** @param binding the parts of what the proof is bound to. */
  constructor(order: bigint, protocol: string, groupName: string, binding: readonly Uint8Array[]) {
    this.#order = order;
    const session = startHash(utf8("irtf-cfrg-fiat-shamir/session-id"));
    const names = [utf8(`tacit/${protocol}`), utf8(groupName)].flatMap(prefixed);
    const bindingBytes = binding.reduce((sum, part) => sum + part.length, 0);
    for (const part of [...names, u32(bindingBytes), ...binding]) session.update(part);
    this.#hash = startHash(session.xof(32));
  }

  absorb(parts: readonly Uint8Array[]): void {
    this.#stream = undefined;
    for (const part of parts) this.#hash.update(part);
  }

  /** Challenges with nothing absorbed between them are one stream. */
  challenge(): bigint {
    this.#stream ??= this.#hash.clone();
    return fromLittleEndian(this.#stream.xof(CHALLENGE_BYTES)) % this.#order;
  }
}

export function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function startHash(first: Uint8Array): ReturnType<typeof shake128.create> {
  return shake128
    .create()
    .update(first)
    .update(new Uint8Array(BLOCK_BYTES - first.length));
}
