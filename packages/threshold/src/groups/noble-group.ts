import { mulAddUnsafe, pippenger } from "@noble/curves/abstract/curve.js";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { p256, p256_hasher } from "@noble/curves/nist.js";
import { secp256k1, secp256k1_hasher } from "@noble/curves/secp256k1.js";
import { randomBytes } from "@noble/hashes/utils.js";
import { bytesToInteger, equalBytes, integerToBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, GroupName, RandomBytes, Scalar } from "./group.ts";

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
}

/**
 * The group computed by @noble/curves.
 *
 * A JIT gives no constant time. Multiplication of a point that is not the generator by a secret
 * splits the secret into two random summands, so that one secret is never multiplied twice in
 * the same way.
 */
function createNobleGroup<P extends NoblePoint<P>>(options: Options<P>): Group<P> {
  const { curve, elementBytes, littleEndian } = options;
  const order = curve.Fn.ORDER;
  const scalarBytes = Math.ceil(order.toString(2).length / 8);
  // The functions want noble's full class type; they use the part that is declared here.
  const cons = curve as unknown as Parameters<typeof pippenger>[0];
  const reduce = (value: bigint): Scalar => ((value % order) + order) % order;
  const multiplyPublic = (point: P, scalar: Scalar): P =>
    scalar === 0n || point.is0() ? curve.ZERO : point.multiplyUnsafe(scalar);
  const multiplyNonZero = (point: P, scalar: Scalar): P =>
    scalar === 0n ? curve.ZERO : point.multiply(scalar);
  const randomScalar = (random: RandomBytes = randomBytes): Scalar => {
    const wide = bytesToInteger(random(scalarBytes + 16), true);
    return (wide % (order - 1n)) + 1n;
  };
  return {
    name: options.name,
    order,
    elementBytes,
    scalarBytes,
    generator: curve.BASE,
    identity: curve.ZERO,
    add: (left, right) => left.add(right),
    subtract: (left, right) => left.add(right.negate()),
    negate: (point) => point.negate(),
    equal: (left, right) => left.equals(right),
    isIdentity: (point) => point.is0(),
    multiplyPublic,
    multiplySecret(point, scalar) {
      const mask = randomScalar();
      const rest = reduce(scalar - mask);
      return multiplyNonZero(point, mask).add(multiplyNonZero(point, rest));
    },
    multiplyBase: (scalar) => multiplyNonZero(curve.BASE, scalar),
    sumOfProducts(points, scalars) {
      const used = points.flatMap((point, i) => {
        const scalar = scalars[i] as Scalar;
        return scalar === 0n || point.is0() ? [] : [{ point, scalar }];
      });
      if (used.length === 0) return curve.ZERO;
      if (used.length === 1 && used[0] !== undefined) {
        return multiplyPublic(used[0].point, used[0].scalar);
      }
      const multiply = used.length < PIPPENGER_POINTS_MIN ? mulAddUnsafe : pippenger;
      const result: unknown = multiply(
        cons,
        used.map((item) => item.point) as never,
        used.map((item) => item.scalar),
      );
      return result as P;
    },
    encode(point) {
      if (point.is0()) throw new ThresholdError({ code: "threshold/identity" });
      return point.toBytes();
    },
    decode(bytes) {
      assertLength(bytes, elementBytes, "element");
      const point = decodePoint(curve, bytes);
      if (point.is0()) throw new ThresholdError({ code: "threshold/identity" });
      // Ristretto's decoding is canonical by construction, and its encoding dear.
      if (options.name !== "ristretto255" && !equalBytes(point.toBytes(), bytes)) {
        throw new ThresholdError({ code: "threshold/element" });
      }
      return point;
    },
    hashToGroup: options.hash,
    encodeScalar: (scalar) => integerToBytes(reduce(scalar), scalarBytes, littleEndian),
    decodeScalar(bytes) {
      assertLength(bytes, scalarBytes, "scalar");
      const scalar = bytesToInteger(bytes, littleEndian);
      if (scalar >= order) throw new ThresholdError({ code: "threshold/scalar" });
      return scalar;
    },
    reduce,
    invert(scalar) {
      if (reduce(scalar) === 0n) throw new ThresholdError({ code: "threshold/scalar" });
      return invertModulo(reduce(scalar), order);
    },
    randomScalar,
  };
}

function decodePoint<P>(curve: NobleCurve<P>, bytes: Uint8Array): P {
  try {
    return curve.fromBytes(Uint8Array.from(bytes));
  } catch (cause) {
    throw new ThresholdError({ code: "threshold/element" }, { cause });
  }
}

/** Euclid; time depends on the scalar. */
function invertModulo(value: bigint, modulus: bigint): bigint {
  let [low, high, x, y] = [value, modulus, 1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high, x, y] = [high - quotient * low, low, y - quotient * x, x];
  }
  return ((x % modulus) + modulus) % modulus;
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
});

export const secp256k1Group: Group<Secp256k1Point> = createNobleGroup({
  name: "secp256k1",
  curve: secp256k1.Point,
  elementBytes: 33,
  littleEndian: false,
  hash: (message, DST) => secp256k1_hasher.hashToCurve(message, { DST }),
});

export const p256Group: Group<P256Point> = createNobleGroup({
  name: "P-256",
  curve: p256.Point,
  elementBytes: 33,
  littleEndian: false,
  hash: (message, DST) => p256_hasher.hashToCurve(message, { DST }),
});

export const bls12381G1Group: Group<G1Point> = createNobleGroup({
  name: "BLS12-381 G1",
  curve: bls12_381.G1.Point,
  elementBytes: 48,
  littleEndian: false,
  hash: (message, DST) => bls12_381.G1.hashToCurve(message, { DST }),
});

export const bls12381G2Group: Group<G2Point> = createNobleGroup({
  name: "BLS12-381 G2",
  curve: bls12_381.G2.Point,
  elementBytes: 96,
  littleEndian: false,
  hash: (message, DST) => bls12_381.G2.hashToCurve(message, { DST }),
});
