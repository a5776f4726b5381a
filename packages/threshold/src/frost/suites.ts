/** The ciphersuites of RFC 9591, and BIP-340 signatures after ZF's `FROST-secp256k1-SHA256-TR-v1`. */
import { p256_hasher } from "@noble/curves/nist.js";
import { schnorr, secp256k1_hasher } from "@noble/curves/secp256k1.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { shake256 } from "@noble/hashes/sha3.js";
import { bytesToInteger, concatBytes, utf8 } from "../bytes.ts";
import {
  type Ed448Point,
  type Ed25519Point,
  ed448Group,
  ed25519Group,
} from "../groups/edwards-group.ts";
import type { Group, Scalar } from "../groups/group.ts";
import {
  type P256Point,
  p256Group,
  type RistrettoPoint,
  ristretto255Group,
  type Secp256k1Point,
  secp256k1Group,
} from "../groups/noble-group.ts";

export interface FrostSuite<P> {
  readonly name: string;
  readonly group: Group<P>;
  /** H1 and H3 of the RFC, `use` being `rho` and `nonce`. */
  readonly hashToScalar: (use: "rho" | "nonce", message: Uint8Array) => Scalar;
  /** H4 and H5, `use` being `msg` and `com`. */
  readonly hash: (use: "msg" | "com", message: Uint8Array) => Uint8Array;
  /** H2 of both elements and the message. */
  readonly challenge: (commitment: P, publicKey: P, message: Uint8Array) => Scalar;
  /** Keys and commitments count with an even Y, and are written as X alone: BIP-340. */
  readonly isEven?: (point: P) => boolean;
}

type LongHash = (message: Uint8Array) => Uint8Array;

/** Suites whose scalars are long hashes read little-endian. */
function createWideSuite<P>(
  name: string,
  group: Group<P>,
  hash: LongHash,
  challengePrefix: Uint8Array,
): FrostSuite<P> {
  const context = utf8(name);
  const toScalar = (bytes: Uint8Array) => group.reduce(bytesToInteger(hash(bytes), true));
  return {
    name,
    group,
    hashToScalar: (use, message) => toScalar(concatBytes(context, utf8(use), message)),
    hash: (use, message) => hash(concatBytes(context, utf8(use), message)),
    challenge: (commitment, publicKey, message) =>
      toScalar(
        concatBytes(challengePrefix, group.encode(commitment), group.encode(publicKey), message),
      ),
  };
}

type FieldHasher = (message: Uint8Array, options: { DST: Uint8Array }) => bigint;

/** Suites whose scalars come from RFC 9380's hash_to_field. */
function createFieldSuite<P>(
  name: string,
  group: Group<P>,
  hashToField: FieldHasher,
): FrostSuite<P> {
  const context = utf8(name);
  const toScalar = (use: string, message: Uint8Array) =>
    hashToField(message, { DST: concatBytes(context, utf8(use)) });
  return {
    name,
    group,
    hashToScalar: toScalar,
    hash: (use, message) => sha256(concatBytes(context, utf8(use), message)),
    challenge: (commitment, publicKey, message) =>
      toScalar("chal", concatBytes(group.encode(commitment), group.encode(publicKey), message)),
  };
}

/** Ed25519 by any backend; by that of WebAssembly it takes a tenth of the time. */
export function createEd25519Frost<P>(group: Group<P>): FrostSuite<P> {
  return createWideSuite("FROST-ED25519-SHA512-v1", group, sha512, new Uint8Array(0));
}

export const ed25519Frost: FrostSuite<Ed25519Point> = createEd25519Frost(ed25519Group);

export const ed448Frost: FrostSuite<Ed448Point> = createWideSuite(
  "FROST-ED448-SHAKE256-v1",
  ed448Group,
  (message) => shake256(message, { dkLen: 114 }),
  utf8("SigEd448\0\0"),
);

export const ristretto255Frost: FrostSuite<RistrettoPoint> = createWideSuite(
  "FROST-RISTRETTO255-SHA512-v1",
  ristretto255Group,
  sha512,
  utf8("FROST-RISTRETTO255-SHA512-v1chal"),
);

export const p256Frost: FrostSuite<P256Point> = createFieldSuite(
  "FROST-P256-SHA256-v1",
  p256Group,
  (message, options) => p256_hasher.hashToScalar(message, options),
);

export const secp256k1Frost: FrostSuite<Secp256k1Point> = createFieldSuite(
  "FROST-secp256k1-SHA256-v1",
  secp256k1Group,
  (message, options) => secp256k1_hasher.hashToScalar(message, options),
);

export const taprootFrost: FrostSuite<Secp256k1Point> = {
  ...createFieldSuite<Secp256k1Point>(
    "FROST-secp256k1-SHA256-TR-v1",
    secp256k1Group,
    (message, options) => secp256k1_hasher.hashToScalar(message, options),
  ),
  isEven: (point) => (point.toBytes()[0] as number) === 2,
  challenge(commitment, publicKey, message) {
    const [left, right] = [commitment.toBytes().slice(1), publicKey.toBytes().slice(1)];
    const hash = schnorr.utils.taggedHash("BIP0340/challenge", left, right, message);
    return secp256k1Group.reduce(bytesToInteger(hash, false));
  },
};
