/** The duplex sponge and codecs of draft-irtf-cfrg-fiat-shamir, with SHAKE128. */
import { shake128 } from "@noble/hashes/sha3.js";
import { bytesToInteger, concatBytes, integerToBytes, u32LittleEndian, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";

/** Rate of SHAKE128 in bytes: the session id takes one whole block. */
const RATE_BYTES = 168;
/** Bytes beyond the modulus that a challenge is drawn from: bias below 2^-128. */
const EXTRA_BYTES = 16;
const SESSION_LABEL = utf8("irtf-cfrg-fiat-shamir/session-id");

export type SpongeHash = Pick<typeof shake128, "create">;

/**
 * Bytes in, bytes out: a squeeze continues the last one, and an absorb of at least one byte
 * starts a new stream of everything absorbed so far. What is squeezed is not fed back.
 */
export class DuplexSponge {
  readonly #state: ReturnType<SpongeHash["create"]>;
  #reader: ReturnType<SpongeHash["create"]> | undefined;

  /**
   * @param sessionId 32 bytes. @param hash another function of SHAKE128's rate.
   * @throws {ThresholdError} `threshold/length`.
   */
  constructor(sessionId: Uint8Array, hash: SpongeHash = shake128) {
    assertLength(sessionId, 32, "session id");
    this.#state = hash.create();
    this.#state.update(sessionId).update(new Uint8Array(RATE_BYTES - 32));
  }

  absorb(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#reader = undefined;
    this.#state.update(bytes);
  }

  squeeze(lengthBytes: number): Uint8Array {
    if (lengthBytes === 0) return new Uint8Array(0);
    this.#reader ??= this.#state.clone();
    return this.#reader.xof(lengthBytes);
  }
}

/** 32 bytes that stand for a tag of any length: protocol, ciphersuite and what it is bound to. */
export function deriveSessionId(tag: Uint8Array, hash: SpongeHash = shake128): Uint8Array {
  const sponge = new DuplexSponge(SESSION_LABEL, hash);
  sponge.absorb(tag);
  return sponge.squeeze(32);
}

/** A string with its length before it, so that no two lists of strings have the same bytes. */
export function encodeString(bytes: Uint8Array): Uint8Array {
  return concatBytes(u32LittleEndian(bytes.length), bytes);
}

/** The string at the front and what follows it. @throws {ThresholdError} `threshold/length`. */
export function decodeString(bytes: Uint8Array): { value: Uint8Array; rest: Uint8Array } {
  const failure = { code: "threshold/length", what: "string", lengthBytes: bytes.length } as const;
  if (bytes.length < 4) throw new ThresholdError(failure);
  const lengthBytes = Number(bytesToInteger(bytes.subarray(0, 4), true));
  if (bytes.length - 4 < lengthBytes) throw new ThresholdError(failure);
  return { value: bytes.slice(4, 4 + lengthBytes), rest: bytes.slice(4 + lengthBytes) };
}

/** Bytes that every residue of `modulus` fits in. */
export function widthOf(modulus: bigint): number {
  return Math.ceil((modulus - 1n).toString(2).length / 8);
}

/** Coordinates of a field element, each of fixed width. @throws `threshold/scalar`. */
export function encodeField(
  coordinates: readonly bigint[],
  modulus: bigint,
  littleEndian = true,
): Uint8Array {
  const width = widthOf(modulus);
  return concatBytes(
    ...coordinates.map((value) => {
      if (value < 0n || value >= modulus) throw new ThresholdError({ code: "threshold/scalar" });
      return integerToBytes(value, width, littleEndian);
    }),
  );
}

/** Inverse of {@link encodeField} over exactly its bytes. @throws `threshold/length`, `threshold/scalar`. */
export function decodeField(bytes: Uint8Array, modulus: bigint, degree = 1): bigint[] {
  const width = widthOf(modulus);
  assertLength(bytes, width * degree, "field element");
  return Array.from({ length: degree }, (_, i) => {
    const value = bytesToInteger(bytes.subarray(i * width, (i + 1) * width), true);
    if (value >= modulus) throw new ThresholdError({ code: "threshold/scalar" });
    return value;
  });
}

/** A challenge of squeezed bytes: any bytes give one, and all are as likely. */
export function decodeChallenge(bytes: Uint8Array, modulus: bigint): bigint {
  assertLength(bytes, widthOf(modulus) + EXTRA_BYTES, "challenge");
  return bytesToInteger(bytes, true) % modulus;
}

export function squeezeChallenge(sponge: DuplexSponge, modulus: bigint): bigint {
  return decodeChallenge(sponge.squeeze(widthOf(modulus) + EXTRA_BYTES), modulus);
}
