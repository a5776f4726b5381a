import { ed448 } from "@noble/curves/ed448.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, it } from "vitest";
import { integerToBytes } from "../src/bytes.ts";
import { ed448Group, ed25519Group } from "../src/groups/edwards-group.ts";
import type { Group } from "../src/groups/group.ts";
import { loadEd25519, loadRistretto255 } from "../src/groups/load.ts";
import { loadMclPairing } from "../src/groups/mcl-pairing.ts";
import {
  bls12381G1Group,
  bls12381G2Group,
  p256Group,
  ristretto255Group,
  secp256k1Group,
} from "../src/groups/noble-group.ts";
import { codeOf } from "./vectors.ts";

const [sodium, wasm, ed25519Wasm, mcl] = await Promise.all([
  loadRistretto255("libsodium"),
  loadRistretto255("wasm"),
  loadEd25519("wasm"),
  loadMclPairing(),
]);

describe("ristretto255", () => checkGroup(ristretto255Group));
describe("Ed25519", () => checkGroup(ed25519Group));
describe("Ed448", () => checkGroup(ed448Group));
describe("secp256k1", () => checkGroup(secp256k1Group));
describe("P-256", () => checkGroup(p256Group));
describe("BLS12-381 G1", () => checkGroup(bls12381G1Group));
describe("BLS12-381 G2", () => checkGroup(bls12381G2Group));
describe("ristretto255 by libsodium", () => checkGroup(sodium));
describe("ristretto255 by WebAssembly", () => checkGroup(wasm));
describe("Ed25519 by WebAssembly", () => checkGroup(ed25519Wasm));
describe("BLS12-381 G1 by mcl", () => checkGroup(mcl.g1));
describe("BLS12-381 G2 by mcl", () => checkGroup(mcl.g2));

/** All of order 2, 4 and 8: multiples of one of order 8. */
const torsionPoints = Array.from({ length: 7 }, (_, i) =>
  ed25519.Point.fromHex(
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  ).multiplyUnsafe(BigInt(i + 1)),
);

function checkGroup<P>(group: Group<P>): void {
  const one = group.randomScalar();
  const two = group.randomScalar();
  const point = group.multiplyBase(one);

  it("multiplies in every way to the same element", () => {
    const expected = group.multiplyBase(group.reduce(one * two));
    expect(group.equal(group.multiplyPublic(point, two), expected)).toBe(true);
    expect(group.equal(group.multiplySecret(point, two), expected)).toBe(true);
    expect(group.equal(group.multiplyPublic(expected, group.invert(two)), point)).toBe(true);
    expect(group.isIdentity(group.multiplySecret(point, 0n))).toBe(true);
  });

  it.each([0, 1, 2, 30])("sums %i products as one by one", (count) => {
    const scalars = Array.from({ length: count }, (_, i) => BigInt(i) * one);
    const points = scalars.map((_, i) => group.multiplyBase(BigInt(i + 1)));
    const expected = scalars.reduce((sum, scalar, i) => sum + scalar * BigInt(i + 1), 0n);
    const sum = group.sumOfProducts(points, scalars.map(group.reduce));
    expect(group.equal(sum, group.multiplyBase(group.reduce(expected)))).toBe(true);
    const hidden = group.sumOfSecretProducts(points, scalars.map(group.reduce));
    expect(group.equal(hidden, sum)).toBe(true);
  });

  it("encodes many, and many doubles, as one by one", () => {
    const points = [1n, 2n, one, two].map((scalar) => group.multiplyBase(scalar));
    expect(group.encodeAll(points)).toEqual(points.map((element) => group.encode(element)));
    expect(group.encodeDoubles(points)).toEqual(
      points.map((element) => group.encode(group.add(element, element))),
    );
    expect(codeOf(() => group.encodeAll([group.identity]))).toBe("threshold/identity");
    expect(codeOf(() => group.encodeDoubles([point, group.identity]))).toBe("threshold/identity");
  });

  it("decodes what it encodes, and nothing of another length", () => {
    const bytes = group.encode(point);
    expect(bytes).toHaveLength(group.elementBytes);
    expect(group.equal(group.decode(bytes), point)).toBe(true);
    expect(codeOf(() => group.decode(bytes.subarray(1)))).toBe("threshold/length");
    expect(codeOf(() => group.decode(Uint8Array.of(...bytes, 0)))).toBe("threshold/length");
  });

  it("neither writes nor reads the identity", () => {
    expect(codeOf(() => group.encode(group.identity))).toBe("threshold/identity");
    const zeros = new Uint8Array(group.elementBytes);
    expect(codeOf(() => group.decode(zeros))).toMatch(/identity|element/);
    zeros[0] = 0xc0;
    expect(codeOf(() => group.decode(zeros))).toMatch(/identity|element/);
  });

  it("refuses coordinates that are not canonical", () => {
    expect(codeOf(() => group.decode(new Uint8Array(group.elementBytes).fill(255)))).toBe(
      "threshold/element",
    );
  });

  it("refuses scalars from the order on, and wrong lengths", () => {
    expect(group.decodeScalar(group.encodeScalar(one))).toBe(one);
    const littleEndian = ["ristretto255", "Ed25519", "Ed448"].includes(group.name);
    const tooLarge = integerToBytes(group.order, group.scalarBytes, littleEndian);
    expect(codeOf(() => group.decodeScalar(tooLarge))).toBe("threshold/scalar");
    expect(codeOf(() => group.decodeScalar(tooLarge.subarray(1)))).toBe("threshold/length");
    expect(codeOf(() => group.invert(0n))).toBe("threshold/scalar");
  });
}

it("refuses an element of small order, and one outside of the subgroup of BLS12-381", () => {
  const small = ed25519.Point.fromHex(
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  );
  expect(small.isSmallOrder()).toBe(true);
  for (const group of [ristretto255Group, sodium, wasm] as Group<unknown>[]) {
    expect(codeOf(() => group.decode(small.toBytes()))).toBe("threshold/element");
  }
  // x = 4 is on the curve y² = x³ + 4 and has a component outside of the subgroup.
  const outside = new Uint8Array(48);
  outside[0] = 0x80;
  outside[47] = 4;
  for (const group of [bls12381G1Group, mcl.g1] as Group<unknown>[]) {
    expect(codeOf(() => group.decode(outside))).toBe("threshold/element");
  }
});

describe.each([
  ["noble", ed25519Group as Group<unknown>],
  ["WebAssembly", ed25519Wasm as Group<unknown>],
])("Ed25519 by %s", (_, group) => {
  it("refuses the seven elements of small order, also where a good one is part of the element", () => {
    expect(new Set(torsionPoints.map((point) => point.toHex())).size).toBe(7);
    for (const part of torsionPoints) {
      for (const good of [
        ed25519.Point.ZERO,
        ed25519.Point.BASE,
        ed25519.Point.BASE.multiply(9n),
      ]) {
        expect(codeOf(() => group.decode(good.add(part).toBytes()))).toBe("threshold/element");
      }
    }
  });

  it("refuses y from the prime on, and the sign of an x that is 0", () => {
    const prime = 2n ** 255n - 19n;
    const sign = 2n ** 255n;
    // All encodings of y = 0 … 18 with the prime added, and of x = 0 at y = 1 and y = -1.
    const values = Array.from({ length: 19 }, (_, i) => prime + BigInt(i));
    for (const value of [...values, ...values.map((y) => y + sign), 1n + sign, prime - 1n + sign]) {
      expect(codeOf(() => group.decode(integerToBytes(value, 32, true)))).toBe("threshold/element");
    }
    expect(codeOf(() => group.decode(integerToBytes(1n, 32, true)))).toBe("threshold/identity");
  });
});

it("refuses an element beside the subgroup of Edwards448, also where a good one is part of it", () => {
  // (0, -1) has order 2.
  const order2 = ed448.Point.fromAffine({ x: 0n, y: 2n ** 448n - 2n ** 224n - 2n });
  for (const point of [order2, ed448.Point.BASE.add(order2)]) {
    expect(codeOf(() => ed448Group.decode(point.toBytes()))).toBe("threshold/element");
  }
});

it("refuses every non-canonical and every negative encoding of ristretto255", () => {
  const prime = 2n ** 255n - 19n;
  const encodings = [
    prime,
    prime + 1n,
    prime + 18n,
    2n ** 255n - 1n,
    prime - 1n,
    1n,
    2n ** 255n,
  ].map((value) => integerToBytes(value, 32, true));
  for (const group of [ristretto255Group, sodium, wasm] as Group<unknown>[]) {
    for (const bytes of encodings) {
      expect(
        codeOf(() => group.decode(bytes)),
        group.backend,
      ).toMatch(/element|identity/);
    }
  }
});
