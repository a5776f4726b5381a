/** BLS12-381 computed by mcl in WebAssembly: pairings four times as fast as in bigints. */
import { expand_message_xmd } from "@noble/curves/abstract/hash-to-curve.js";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import mcl from "mcl-wasm";
import { bytesToInteger, equalBytes, integerToBytes, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "./group.ts";
import type { Pairing } from "./pairing.ts";
import { createScalarField, usefulProducts } from "./scalars.ts";

export type MclG1Point = InstanceType<typeof mcl.G1>;
export type MclG2Point = InstanceType<typeof mcl.G2>;
type MclPoint = MclG1Point | MclG2Point;
type MclFp = InstanceType<typeof mcl.Fp>;

/** Bytes that RFC 9380 draws a coordinate of BLS12-381 from. */
const FIELD_DRAW_BYTES = 64;

/**
 * Starts mcl. Its settings are the process's: nothing else in the process may use mcl with others.
 *
 * Multiplication is not constant-time; a secret is split at random each time, as with noble.
 */
export async function loadMclPairing(): Promise<Pairing<MclG1Point, MclG2Point>> {
  await mcl.init(mcl.BLS12_381);
  mcl.setETHserialization(true);
  mcl.setMapToMode(mcl.IRTF);
  mcl.verifyOrderG1(true);
  mcl.verifyOrderG2(true);
  return {
    g1: createMclGroup<MclG1Point>({
      name: "BLS12-381 G1",
      elementBytes: 48,
      create: () => new mcl.G1(),
      multiply: (point, scalar) => mcl.mul(point, scalar),
      hash: (message, dst) => {
        const [first, second] = hashToField(message, dst, 2);
        return mcl.add(toFp(first).mapToG1(), toFp(second).mapToG1());
      },
      generator: bls12_381.G1.Point.BASE.toBytes(),
    }),
    g2: createMclGroup<MclG2Point>({
      name: "BLS12-381 G2",
      elementBytes: 96,
      create: () => new mcl.G2(),
      multiply: (point, scalar) => mcl.mul(point, scalar),
      hash: (message, dst) => {
        const [a, b, c, d] = hashToField(message, dst, 4);
        return mcl.add(toFp2(a, b).mapToG2(), toFp2(c, d).mapToG2());
      },
      generator: bls12_381.G2.Point.BASE.toBytes(),
    }),
    isProductOne(pairs) {
      const used = pairs.filter(({ g1, g2 }) => !g1.isZero() && !g2.isZero());
      const loops = used.map(({ g1, g2 }) => mcl.millerLoop(g1, g2));
      const [first, ...rest] = loops;
      if (first === undefined) return true;
      return mcl.finalExp(rest.reduce((product, loop) => mcl.mul(product, loop), first)).isOne();
    },
  };
}

interface Options<P> {
  readonly name: Group<P>["name"];
  readonly elementBytes: number;
  readonly create: () => P;
  readonly multiply: (point: P, scalar: InstanceType<typeof mcl.Fr>) => P;
  readonly hash: (message: Uint8Array, dst: string) => P;
  readonly generator: Uint8Array;
}

function createMclGroup<P extends MclPoint>(options: Options<P>): Group<P> {
  const { create, elementBytes } = options;
  const field = createScalarField(bls12_381.fields.Fr.ORDER, false);
  const identity = create();
  const toFr = (scalar: Scalar): InstanceType<typeof mcl.Fr> => {
    const value = new mcl.Fr();
    value.setLittleEndian(integerToBytes(scalar, 32, true));
    return value;
  };
  const read = (bytes: Uint8Array): P => {
    const point = create();
    point.deserialize(bytes);
    return point;
  };
  const isIdentity = (point: P): boolean => point.isZero();
  const generator = read(options.generator);
  const multiply = (point: P, scalar: Scalar): P => options.multiply(point, toFr(scalar));
  const multiplySecret = (point: P, scalar: Scalar): P => {
    const mask = field.randomScalar();
    return mcl.add(multiply(point, mask), multiply(point, field.reduce(scalar - mask)));
  };
  const encode = (point: P): Uint8Array => {
    if (isIdentity(point)) throw new ThresholdError({ code: "threshold/identity" });
    return point.serialize();
  };
  const encodeAll = (points: readonly P[]): Uint8Array[] => points.map(encode);
  return {
    ...field,
    name: options.name,
    backend: "mcl",
    elementBytes,
    generator,
    identity,
    add: (left, right) => mcl.add(left, right),
    subtract: (left, right) => mcl.sub(left, right),
    negate: (point) => mcl.neg(point),
    equal: (left, right) => (left as MclPoint).isEqual(right as never),
    isIdentity,
    multiplyPublic: multiply,
    multiplySecret,
    multiplyBase: (scalar) => multiplySecret(generator, scalar),
    sumOfProducts(points, scalars) {
      const used = usefulProducts(points, scalars, isIdentity);
      return used.points.length === 0 ? identity : mcl.mulVec(used.points, used.scalars.map(toFr));
    },
    sumOfSecretProducts: (points, scalars) =>
      points.reduce(
        (sum, point, i) => mcl.add(sum, multiplySecret(point, scalars[i] ?? 0n)),
        identity,
      ),
    encode,
    encodeAll,
    encodeDoubles: (points) => encodeAll(points.map((point) => mcl.add(point, point))),
    decode(bytes) {
      assertLength(bytes, elementBytes, "element");
      const point = decodePoint(read, bytes);
      if (isIdentity(point)) throw new ThresholdError({ code: "threshold/identity" });
      if (!equalBytes(point.serialize(), bytes)) {
        throw new ThresholdError({ code: "threshold/element" });
      }
      return point;
    },
    hashToGroup: options.hash,
  };
}

/** mcl throws texts; subgroup and curve are checked by it. */
function decodePoint<P>(read: (bytes: Uint8Array) => P, bytes: Uint8Array): P {
  try {
    return read(bytes);
  } catch (cause) {
    throw new ThresholdError({ code: "threshold/element" }, { cause });
  }
}

/** RFC 9380, section 5.2, of `count` coordinates, 64 bytes drawn for each. */
function hashToField(
  message: Uint8Array,
  dst: string,
  count: 2 | 4,
): [bigint, bigint, bigint, bigint] {
  const bytes = expand_message_xmd(message, utf8(dst), FIELD_DRAW_BYTES * count, sha256);
  const { ORDER } = bls12_381.fields.Fp;
  const at = (i: number): bigint =>
    bytesToInteger(bytes.subarray(i * FIELD_DRAW_BYTES, (i + 1) * FIELD_DRAW_BYTES), false) % ORDER;
  return count === 2 ? [at(0), at(1), 0n, 0n] : [at(0), at(1), at(2), at(3)];
}

function toFp(value: bigint): MclFp {
  const field = new mcl.Fp();
  field.setLittleEndian(integerToBytes(value, 48, true));
  return field;
}

function toFp2(real: bigint, imaginary: bigint): InstanceType<typeof mcl.Fp2> {
  const field = new mcl.Fp2();
  field.set_a(toFp(real));
  field.set_b(toFp(imaginary));
  return field;
}
