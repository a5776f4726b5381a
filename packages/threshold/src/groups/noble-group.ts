import { mulAddUnsafe, normalizeZ, pippenger } from "@noble/curves/abstract/curve.js";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { p256, p256_hasher } from "@noble/curves/nist.js";
import { secp256k1, secp256k1_hasher } from "@noble/curves/secp256k1.js";
import { equalBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, GroupName, Scalar } from "./group.ts";
import { encodeRistrettoDoubles } from "./ristretto-doubles.ts";
import { createScalarField, usefulProducts } from "./scalars.ts";

/** Points above which Pippenger's buckets cost less than shared doublings. */
const PIPPENGER_POINTS_MIN = 24;

interface NoblePoint<P> {
  add(other: P): P;
  negate(): P;
  equals(other: P): boolean;
  is0(): boolean;
  multiply(scalar: bigint): P;
  multiplyUnsafe(scalar: bigint): P;
  toBytes(): Uint8Array;
}

interface NobleCurve<P> {
  readonly BASE: P;
  readonly ZERO: P;
  readonly Fn: { readonly ORDER: bigint };
  fromBytes(bytes: Uint8Array): P;
}

interface Options<P> {
  readonly name: GroupName;
  readonly curve: NobleCurve<P>;
  readonly elementBytes: number;
  readonly littleEndian: boolean;
  readonly hash: (message: Uint8Array, dst: string) => P;
  /** Where a scalar is written with more bytes than the order has. */
  readonly scalarBytes?: number;
  /** For curves with a cofactor: whether the point is of the prime-order subgroup. */
  readonly isMember?: (point: P) => boolean;
  readonly encodeAll?: (points: readonly P[]) => Uint8Array[];
  readonly encodeDoubles?: (points: readonly P[]) => Uint8Array[];
}

/**
 * The group computed by @noble/curves.
 *
 * A JIT gives no constant time. Multiplication of a point that is not the generator by a secret
 * splits the secret into two random summands, so that one secret is never multiplied twice in
 * the same way.
 */
export function createNobleGroup<P extends NoblePoint<P>>(options: Options<P>): Group<P> {
  const { curve, elementBytes } = options;
  const field = createScalarField(curve.Fn.ORDER, options.littleEndian, options.scalarBytes);
  // The functions want noble's full class type; they use the part that is declared here.
  const cons = curve as unknown as Parameters<typeof pippenger>[0];
  const multiplyPublic = (point: P, scalar: Scalar): P =>
    scalar === 0n || point.is0() ? curve.ZERO : point.multiplyUnsafe(scalar);
  const multiplyNonZero = (point: P, scalar: Scalar): P =>
    scalar === 0n ? curve.ZERO : point.multiply(scalar);
  const multiplySecret = (point: P, scalar: Scalar): P => {
    const mask = field.randomScalar();
    const rest = field.reduce(scalar - mask);
    return multiplyNonZero(point, mask).add(multiplyNonZero(point, rest));
  };
  const encode = (point: P): Uint8Array => {
    if (point.is0()) throw new ThresholdError({ code: "threshold/identity" });
    return point.toBytes();
  };
  const encodeAll = options.encodeAll ?? ((points) => points.map(encode));
  return {
    ...field,
    name: options.name,
    backend: "noble",
    elementBytes,
    generator: curve.BASE,
    identity: curve.ZERO,
    add: (left, right) => left.add(right),
    subtract: (left, right) => left.add(right.negate()),
    negate: (point) => point.negate(),
    equal: (left, right) => left.equals(right),
    isIdentity: (point) => point.is0(),
    multiplyPublic,
    multiplySecret,
    multiplyBase: (scalar) => multiplyNonZero(curve.BASE, scalar),
    sumOfProducts(points, scalars) {
      const used = usefulProducts(points, scalars, (point) => point.is0());
      const [point, scalar] = [used.points[0], used.scalars[0]];
      if (point === undefined || scalar === undefined) return curve.ZERO;
      if (used.points.length === 1) return multiplyPublic(point, scalar);
      const multiply = used.points.length < PIPPENGER_POINTS_MIN ? mulAddUnsafe : pippenger;
      const result: unknown = multiply(cons, used.points as never, used.scalars);
      return result as P;
    },
    sumOfSecretProducts: (points, scalars) =>
      points.reduce(
        (sum, point, i) => sum.add(multiplySecret(point, scalars[i] ?? 0n)),
        curve.ZERO,
      ),
    encode,
    encodeAll,
    encodeDoubles:
      options.encodeDoubles ?? ((points) => encodeAll(points.map((point) => point.add(point)))),
    decode(bytes) {
      assertLength(bytes, elementBytes, "element");
      const point = decodePoint(curve, bytes);
      if (point.is0()) throw new ThresholdError({ code: "threshold/identity" });
      // Ristretto's decoding is canonical by construction, and its encoding dear.
      const isCanonical = options.name === "ristretto255" || equalBytes(point.toBytes(), bytes);
      if (!isCanonical || options.isMember?.(point) === false) {
        throw new ThresholdError({ code: "threshold/element" });
      }
      return point;
    },
    hashToGroup: options.hash,
  };
}

/** Of points that share one inversion. */
function encodeNormalized<P extends NoblePoint<P>>(points: readonly P[]): Uint8Array[] {
  return points.map((point) => {
    if (point.is0()) throw new ThresholdError({ code: "threshold/identity" });
    return point.toBytes();
  });
}

function decodePoint<P>(curve: NobleCurve<P>, bytes: Uint8Array): P {
  try {
    return curve.fromBytes(Uint8Array.from(bytes));
  } catch (cause) {
    throw new ThresholdError({ code: "threshold/element" }, { cause });
  }
}

export type RistrettoPoint = typeof ristretto255.Point.BASE;
export type Secp256k1Point = typeof secp256k1.Point.BASE;
export type P256Point = typeof p256.Point.BASE;
export type G1Point = typeof bls12_381.G1.Point.BASE;
export type G2Point = typeof bls12_381.G2.Point.BASE;

export const ristretto255Group: Group<RistrettoPoint> = createNobleGroup({
  name: "ristretto255",
  curve: ristretto255.Point,
  elementBytes: 32,
  littleEndian: true,
  hash: (message, DST) => ristretto255_hasher.hashToCurve(message, { DST }),
  encodeDoubles: (points) => encodeRistrettoDoubles(points),
});

export const secp256k1Group: Group<Secp256k1Point> = createNobleGroup({
  name: "secp256k1",
  curve: secp256k1.Point,
  elementBytes: 33,
  littleEndian: false,
  hash: (message, DST) => secp256k1_hasher.hashToCurve(message, { DST }),
  encodeAll: (points) => encodeNormalized(normalizeZ(secp256k1.Point, [...points])),
});

export const p256Group: Group<P256Point> = createNobleGroup({
  name: "P-256",
  curve: p256.Point,
  elementBytes: 33,
  littleEndian: false,
  hash: (message, DST) => p256_hasher.hashToCurve(message, { DST }),
  encodeAll: (points) => encodeNormalized(normalizeZ(p256.Point, [...points])),
});

export const bls12381G1Group: Group<G1Point> = createNobleGroup({
  name: "BLS12-381 G1",
  curve: bls12_381.G1.Point,
  elementBytes: 48,
  littleEndian: false,
  hash: (message, DST) => bls12_381.G1.hashToCurve(message, { DST }),
  encodeAll: (points) => encodeNormalized(normalizeZ(bls12_381.G1.Point, [...points])),
});

export const bls12381G2Group: Group<G2Point> = createNobleGroup({
  name: "BLS12-381 G2",
  curve: bls12_381.G2.Point,
  elementBytes: 96,
  littleEndian: false,
  hash: (message, DST) => bls12_381.G2.hashToCurve(message, { DST }),
  encodeAll: (points) => encodeNormalized(normalizeZ(bls12_381.G2.Point, [...points])),
});
