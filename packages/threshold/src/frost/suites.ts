/** The ciphersuites of RFC 9591, and BIP-340 signatures after ZF's `FROST-secp256k1-SHA256-TR-v1`. */
import { mulAddUnsafe } from "@noble/curves/abstract/curve.js";
import { ed448 } from "@noble/curves/ed448.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256_hasher } from "@noble/curves/nist.js";
import { schnorr, secp256k1_hasher } from "@noble/curves/secp256k1.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { shake256 } from "@noble/hashes/sha3.js";
import { bytesToInteger, concatBytes, equalBytes, integerToBytes, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import {
  type P256Point,
  p256Group,
  type RistrettoPoint,
  ristretto255Group,
  type Secp256k1Point,
  secp256k1Group,
} from "../groups/noble-group.ts";

/** What FROST needs of a group; every {@link Group} has it. */
export type FrostGroup<P> = Pick<
  Group<P>,
  | "order"
  | "elementBytes"
  | "scalarBytes"
  | "identity"
  | "add"
  | "negate"
  | "equal"
  | "multiplyPublic"
  | "multiplyBase"
  | "sumOfProducts"
  | "encode"
  | "decode"
  | "encodeScalar"
  | "decodeScalar"
  | "reduce"
  | "invert"
>;

export interface FrostSuite<P> {
  readonly name: string;
  readonly group: FrostGroup<P>;
  /** H1 and H3 of the RFC, `use` being `rho` and `nonce`. */
  readonly hashToScalar: (use: "rho" | "nonce", message: Uint8Array) => Scalar;
  /** H4 and H5, `use` being `msg` and `com`. */
  readonly hash: (use: "msg" | "com", message: Uint8Array) => Uint8Array;
  /** H2 of both elements and the message. */
  readonly challenge: (commitment: P, publicKey: P, message: Uint8Array) => Scalar;
  /** Keys and commitments count with an even Y, and are written as X alone: BIP-340. */
  readonly isEven?: (point: P) => boolean;
}

interface EdwardsPoint<P> {
  add(other: P): P;
  negate(): P;
  equals(other: P): boolean;
  is0(): boolean;
  isTorsionFree(): boolean;
  multiply(scalar: bigint): P;
  multiplyUnsafe(scalar: bigint): P;
  toBytes(): Uint8Array;
}

interface EdwardsCurve<P> {
  readonly BASE: P;
  readonly ZERO: P;
  readonly Fn: { readonly ORDER: bigint };
  fromBytes(bytes: Uint8Array): P;
}

/** Elements of the prime-order subgroup of an Edwards curve, whose encodings RFC 8032 verifies. */
function createEdwardsGroup<P extends EdwardsPoint<P>>(
  curve: EdwardsCurve<P>,
  encodedBytes: number,
): FrostGroup<P> {
  const order = curve.Fn.ORDER;
  // The function wants noble's full class type; it uses the part that is declared here.
  const cons = curve as unknown as Parameters<typeof mulAddUnsafe>[0];
  const reduce = (value: bigint): Scalar => ((value % order) + order) % order;
  return {
    order,
    elementBytes: encodedBytes,
    scalarBytes: encodedBytes,
    identity: curve.ZERO,
    add: (left, right) => left.add(right),
    negate: (point) => point.negate(),
    equal: (left, right) => left.equals(right),
    multiplyPublic: (point, scalar) => (scalar === 0n ? curve.ZERO : point.multiplyUnsafe(scalar)),
    multiplyBase: (scalar) => (scalar === 0n ? curve.ZERO : curve.BASE.multiply(scalar)),
    sumOfProducts(points, scalars) {
      const used = points.flatMap((point, i) => (scalars[i] === 0n || point.is0() ? [] : [i]));
      if (used.length === 0) return curve.ZERO;
      const result: unknown = mulAddUnsafe(
        cons,
        used.map((i) => points[i]) as never,
        used.map((i) => scalars[i] as bigint),
      );
      return result as P;
    },
    encode(point) {
      if (point.is0()) throw new ThresholdError({ code: "threshold/identity" });
      return point.toBytes();
    },
    decode(bytes) {
      assertLength(bytes, encodedBytes, "element");
      let point: P;
      try {
        point = curve.fromBytes(Uint8Array.from(bytes));
      } catch (cause) {
        throw new ThresholdError({ code: "threshold/element" }, { cause });
      }
      if (point.is0()) throw new ThresholdError({ code: "threshold/identity" });
      if (!equalBytes(point.toBytes(), bytes) || !point.isTorsionFree()) {
        throw new ThresholdError({ code: "threshold/element" });
      }
      return point;
    },
    encodeScalar: (scalar) => integerToBytes(reduce(scalar), encodedBytes, true),
    decodeScalar(bytes) {
      assertLength(bytes, encodedBytes, "scalar");
      const scalar = bytesToInteger(bytes, true);
      if (scalar >= order) throw new ThresholdError({ code: "threshold/scalar" });
      return scalar;
    },
    reduce,
    invert: (scalar) => powerModulo(reduce(scalar), order - 2n, order),
  };
}

function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === "1") result = (result * base) % modulus;
  }
  return result;
}

type LongHash = (message: Uint8Array) => Uint8Array;

/** Suites whose scalars are long hashes read little-endian. */
function createWideSuite<P>(
  name: string,
  group: FrostGroup<P>,
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
  group: FrostGroup<P>,
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

export type Ed25519Point = typeof ed25519.Point.BASE;
export type Ed448Point = typeof ed448.Point.BASE;

export const ed25519Frost: FrostSuite<Ed25519Point> = createWideSuite(
  "FROST-ED25519-SHA512-v1",
  createEdwardsGroup(ed25519.Point, 32),
  sha512,
  new Uint8Array(0),
);

export const ed448Frost: FrostSuite<Ed448Point> = createWideSuite(
  "FROST-ED448-SHAKE256-v1",
  createEdwardsGroup(ed448.Point, 57),
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
