/** The ciphersuites of COCKTAIL-DKG (C2SP, v0.2.1): group, hashes, and the cipher of shares. */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { schnorr } from "@noble/curves/secp256k1.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { bytesToInteger, concatBytes, integerToBytes, utf8 } from "../bytes.ts";
import { type Ed25519Point, ed25519Group } from "../groups/edwards-group.ts";
import type { Group, Scalar } from "../groups/group.ts";
import {
  type P256Point,
  p256Group,
  type RistrettoPoint,
  ristretto255Group,
  type Secp256k1Point,
  secp256k1Group,
} from "../groups/noble-group.ts";
import { xaes256gcm } from "./xaes.ts";

/** Bytes that both ciphers add to a message. */
export const AEAD_TAG_BYTES = 16;

/** What the key of one encrypted share is derived of. */
export interface ShareKeyParts {
  /** The encodings of both shared secrets: ephemeral with static, then static with static. */
  readonly shared: readonly [Uint8Array, Uint8Array];
  readonly ephemeral: Uint8Array;
  readonly sender: Uint8Array;
  readonly recipient: Uint8Array;
  readonly context: Uint8Array;
}

export interface CocktailSuite<P> {
  /** The standard's identifier, to the byte. */
  readonly id: string;
  readonly group: Group<P>;
  /** H: of contexts, payloads and transcripts. */
  readonly hash: (message: Uint8Array) => Uint8Array;
  /** H7 and the nonces of signatures, over the parts one after another. */
  readonly hashToScalar: (use: "H7" | "NONCE", parts: readonly Uint8Array[]) => Scalar;
  /** A cipher for one message, from H6. */
  readonly shareCipher: (parts: ShareKeyParts) => Cipher;
}

interface Cipher {
  encrypt(plaintext: Uint8Array): Uint8Array;
  /** @throws Error of the library for what does not authenticate. */
  decrypt(ciphertext: Uint8Array): Uint8Array;
}

function u64(value: number, littleEndian: boolean): Uint8Array {
  return integerToBytes(BigInt(value), 8, littleEndian);
}

/** With the length before it, as eight little-endian bytes. */
export function withLength(bytes: Uint8Array): Uint8Array {
  return concatBytes(u64(bytes.length, true), bytes);
}

/** With the length before it, as eight big-endian bytes, as frames on the wire have it. */
export function withFrame(bytes: Uint8Array): Uint8Array {
  return concatBytes(u64(bytes.length, false), bytes);
}

interface LongOptions<P> {
  readonly id: string;
  /** In the prefixes of H6, H7 and nonces. */
  readonly name: string;
  readonly group: Group<P>;
}

/** Suites of SHA-512, which is long enough for a key and a nonce at once. */
function createLongSuite<P>(options: LongOptions<P>): CocktailSuite<P> {
  const { id, name, group } = options;
  const prefix = (use: string) => utf8(`COCKTAIL-DKG-${name}-${use}`);
  return {
    id,
    group,
    hash: sha512,
    hashToScalar: (use, parts) =>
      group.reduce(bytesToInteger(sha512(concatBytes(prefix(use), ...parts)), true)),
    shareCipher({ shared, ephemeral, sender, recipient, context }) {
      const parts = [prefix("H6"), ...shared, ephemeral, sender, recipient, withLength(context)];
      const bytes = sha512(concatBytes(...parts));
      return xchacha20poly1305(bytes.slice(0, 32), bytes.slice(32, 56));
    },
  };
}

interface ShortOptions<P> {
  readonly id: string;
  readonly group: Group<P>;
  readonly hashToScalar: CocktailSuite<P>["hashToScalar"];
  /** H6; `extra` is what `derive_extra` gives. */
  readonly keyHash: (parts: readonly Uint8Array[], extra: Uint8Array) => Uint8Array;
}

/** Suites of SHA-256, which is asked twice: for the key, and for the nonce. */
function createShortSuite<P>(options: ShortOptions<P>): CocktailSuite<P> {
  const { id, group, hashToScalar, keyHash } = options;
  return {
    id,
    group,
    hash: sha256,
    hashToScalar,
    shareCipher({ shared, ephemeral, sender, recipient, context }) {
      const ask = (use: string) =>
        keyHash(
          [...shared, ephemeral, sender, recipient],
          concatBytes(withLength(context), withLength(utf8(use))),
        );
      return xaes256gcm(ask("key"), ask("nonce").slice(0, 24));
    },
  };
}

/** ristretto255 by any backend. */
export function createRistrettoCocktail<P>(group: Group<P>): CocktailSuite<P> {
  return createLongSuite({
    id: "COCKTAIL(Ristretto255, SHA-512)",
    name: "Ristretto255-SHA512",
    group,
  });
}

export const ristretto255Cocktail: CocktailSuite<RistrettoPoint> =
  createRistrettoCocktail(ristretto255Group);

/**
 * Edwards points throughout, each checked to be of the prime-order subgroup. Shared secrets count in
 * RFC 8032's encoding: so the published vectors have it, where the text says ristretto255's.
 */
export const ed25519Cocktail: CocktailSuite<Ed25519Point> = createLongSuite({
  id: "COCKTAIL(Ed25519, SHA-512)",
  name: "Ed25519-SHA512",
  group: ed25519Group,
});

const P256 = "COCKTAIL-DKG-P256-SHA256";

export const p256Cocktail: CocktailSuite<P256Point> = createShortSuite({
  id: "COCKTAIL(P-256, SHA-256)",
  group: p256Group,
  // One SHA-256 would be biased by 2^-32; 48 bytes are by 2^-128.
  hashToScalar(use, parts) {
    const input = concatBytes(utf8(`${P256}-${use}`), ...parts);
    const ask = (counter: number) => sha256(concatBytes(Uint8Array.of(counter), input));
    return p256Group.reduce(bytesToInteger(concatBytes(ask(1), ask(2).slice(0, 16)), false));
  },
  keyHash: (parts, extra) => sha256(concatBytes(utf8(`${P256}-H6`), ...parts, withLength(extra))),
});

const { taggedHash } = schnorr.utils;

export const secp256k1Cocktail: CocktailSuite<Secp256k1Point> = createShortSuite({
  id: "COCKTAIL(secp256k1, SHA-256)",
  group: secp256k1Group,
  hashToScalar: (use, parts) =>
    secp256k1Group.reduce(bytesToInteger(taggedHash(`COCKTAIL-DKG/${use}`, ...parts), false)),
  // Without the length: `derive_extra` has those of its parts.
  keyHash: (parts, extra) => taggedHash("COCKTAIL-DKG/H6", ...parts, extra),
});
