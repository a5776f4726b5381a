/** BLS12-381 computed by mcl in WebAssembly: pairings four times as fast as in bigints. */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import mcl from "mcl-wasm";
import mclInside from "mcl-wasm/dist/mcl.js";
import { concatBytes, equalBytes, integerToBytes, utf8 } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "./group.ts";
import type { Pairing } from "./pairing.ts";
import { createScalarField, usefulProducts } from "./scalars.ts";

export type MclG1Point = InstanceType<typeof mcl.G1>;
export type MclG2Point = InstanceType<typeof mcl.G2>;
type MclPoint = MclG1Point | MclG2Point;

/** RFC 9380, section 5.3.3: a longer domain separation tag is hashed. */
const DST_BYTES_MAX = 255;

/** What mcl's module has and its interface has not; there once mcl has started. */
interface MclModule {
  readonly HEAP8: Int8Array;
  _malloc(lengthBytes: number): number;
  _free(position: number): void;
  readonly _mclBnG1_hashAndMapToWithDst: HashFunction;
  readonly _mclBnG2_hashAndMapToWithDst: HashFunction;
}

type HashFunction = (
  out: number,
  message: number,
  messageBytes: number,
  dst: number,
  dstBytes: number,
) => number;

/**
 * Starts mcl. Its settings are the process's: nothing else in the process may use mcl with others.
 *
 * Multiplication is not constant-time; a secret is split at random each time, as with noble. Both
 * parts share their doublings.
 */
export async function loadMclPairing(): Promise<Pairing<MclG1Point, MclG2Point>> {
  await mcl.init(mcl.BLS12_381);
  mcl.setETHserialization(true);
  mcl.setMapToMode(mcl.IRTF);
  mcl.verifyOrderG1(true);
  mcl.verifyOrderG2(true);
  const g1 = createMclGroup<MclG1Point>({
    name: "BLS12-381 G1",
    elementBytes: 48,
    create: () => new mcl.G1(),
    hash: (mod) => mod._mclBnG1_hashAndMapToWithDst,
    generator: bls12_381.G1.Point.BASE.toBytes(),
  });
  return {
    g1,
    g2: createMclGroup<MclG2Point>({
      name: "BLS12-381 G2",
      elementBytes: 96,
      create: () => new mcl.G2(),
      hash: (mod) => mod._mclBnG2_hashAndMapToWithDst,
      generator: bls12_381.G2.Point.BASE.toBytes(),
    }),
    sumOfEncoded(signatures, weights) {
      mcl.verifyOrderG1(false);
      try {
        const sum = g1.sumOfProducts(signatures.map(g1.decode), weights);
        if (!sum.isValidOrder()) throw new ThresholdError({ code: "threshold/element" });
        return sum;
      } finally {
        mcl.verifyOrderG1(true);
      }
    },
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
  readonly hash: (mod: MclModule) => HashFunction;
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
  const split = (scalar: Scalar): Scalar[] => {
    const mask = field.randomScalar();
    return [mask, field.reduce(scalar - mask)];
  };
  const sumOfSecretProducts = (points: readonly P[], scalars: readonly Scalar[]): P =>
    points.length === 0
      ? identity
      : mcl.mulVec(
          points.flatMap((point) => [point, point]),
          scalars.flatMap(split).map(toFr),
        );
  const multiplySecret = (point: P, scalar: Scalar): P => sumOfSecretProducts([point], [scalar]);
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
    multiplyPublic: (point, scalar) => mcl.mulVec([point], [toFr(scalar)]),
    multiplySecret,
    multiplyBase: (scalar) => multiplySecret(generator, scalar),
    sumOfProducts(points, scalars) {
      const used = usefulProducts(points, scalars, isIdentity);
      return used.points.length === 0 ? identity : mcl.mulVec(used.points, used.scalars.map(toFr));
    },
    sumOfSecretProducts,
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
    hashToGroup: (message, dst) => hashInto(create(), options.hash, message, dst),
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

/** RFC 9380 by mcl itself, in memory of its own. */
function hashInto<P extends MclPoint>(
  out: P,
  choose: Options<P>["hash"],
  message: Uint8Array,
  tag: string,
): P {
  const { mod } = mclInside as unknown as { readonly mod: MclModule };
  const bytes = utf8(tag);
  if (bytes.length === 0) {
    throw new ThresholdError({ code: "threshold/length", what: "dst", lengthBytes: 0 });
  }
  const isShort = bytes.length <= DST_BYTES_MAX;
  const dst = isShort ? bytes : sha256(concatBytes(utf8("H2C-OVERSIZE-DST-"), bytes));
  const { a_: words } = out as unknown as { readonly a_: Uint32Array };
  const outBytes = words.byteLength;
  const position = mod._malloc(outBytes + message.length + dst.length);
  if (position === 0) throw new ThresholdError({ code: "threshold/memory" });
  try {
    const messageAt = position + outBytes;
    const dstAt = messageAt + message.length;
    mod.HEAP8.set(message, messageAt);
    mod.HEAP8.set(dst, dstAt);
    choose(mod)(position, messageAt, message.length, dstAt, dst.length);
    words.set(new Uint32Array(mod.HEAP8.buffer, position, words.length));
    return out;
  } finally {
    mod._free(position);
  }
}
