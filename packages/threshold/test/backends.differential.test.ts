import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ed25519Group } from "../src/groups/edwards-group.ts";
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
import { noblePairing, type Pairing } from "../src/groups/pairing.ts";
import { codeOf, findVectors, toHex } from "./vectors.ts";

const [sodium, wasm, ed25519Wasm, mcl] = await Promise.all([
  loadRistretto255("libsodium"),
  loadRistretto255("wasm"),
  loadEd25519("wasm"),
  loadMclPairing(),
]);

/** Runs one computation in a group; what comes out are bytes or a refusal's code. */
function trace<P>(group: Group<P>, seed: Uint8Array, scalars: readonly bigint[]): string[] {
  const reduced = scalars.map(group.reduce);
  const [first = 0n, second = 0n] = reduced;
  const hashed = group.hashToGroup(seed, "tacit-differential");
  const points = [hashed, ...reduced.map((scalar) => group.multiplyBase(scalar))];
  const weights = [...reduced, 3n];
  const results = [
    ...points,
    group.add(hashed, points[1] as P),
    group.subtract(points[1] as P, hashed),
    group.subtract(hashed, hashed),
    group.negate(hashed),
    group.multiplyPublic(hashed, first),
    group.multiplySecret(hashed, second),
    group.sumOfProducts(points, weights),
    group.sumOfSecretProducts(points, weights),
  ];
  const write = (point: P): string =>
    codeOf(() => group.encode(point)) ?? toHex(group.encode(point));
  return [
    ...results.map(write),
    ...results.map((point) => String(group.isIdentity(point))),
    ...reduced.map((scalar) => toHex(group.encodeScalar(scalar))),
  ];
}

const inputs = [
  fc.uint8Array({ maxLength: 40 }),
  fc.array(fc.oneof(fc.constantFrom(0n, 1n, -1n), fc.bigInt({ min: 0n, max: 2n ** 256n })), {
    minLength: 2,
    maxLength: 4,
  }),
] as const;

describe("backends give the same bytes", () => {
  it("for ristretto255", () => {
    fc.assert(
      fc.property(...inputs, (seed, scalars) => {
        const expected = trace(ristretto255Group, seed, scalars);
        expect(trace(sodium, seed, scalars)).toEqual(expected);
        expect(trace(wasm, seed, scalars)).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });

  it("for Ed25519", () => {
    fc.assert(
      fc.property(...inputs, (seed, scalars) => {
        expect(trace(ed25519Wasm, seed, scalars)).toEqual(trace(ed25519Group, seed, scalars));
      }),
      { numRuns: 12 },
    );
  });

  it("for BLS12-381", () => {
    fc.assert(
      fc.property(...inputs, (seed, scalars) => {
        expect(trace(mcl.g1, seed, scalars)).toEqual(trace(bls12381G1Group, seed, scalars));
        expect(trace(mcl.g2, seed, scalars)).toEqual(trace(bls12381G2Group, seed, scalars));
      }),
      { numRuns: 4 },
    );
  });

  it("and accept and refuse the same encodings", () => {
    const verdict = (group: Group<never>, bytes: Uint8Array): string =>
      codeOf(() => group.decode(bytes)) ?? "accepted";
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const expected = verdict(ristretto255Group as Group<never>, bytes);
        expect(verdict(sodium as Group<never>, bytes)).toBe(expected);
        expect(verdict(wasm as Group<never>, bytes)).toBe(expected);
        expect(verdict(ed25519Wasm as Group<never>, bytes)).toBe(
          verdict(ed25519Group as Group<never>, bytes),
        );
      }),
      { numRuns: 100 },
    );
    const sample = bls12381G1Group.encode(bls12381G1Group.generator);
    fc.assert(
      fc.property(fc.nat({ max: 383 }), (bit) => {
        const bytes = sample.slice();
        bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
        const expected = verdict(bls12381G1Group as Group<never>, bytes);
        expect(verdict(mcl.g1 as Group<never>, bytes)).toBe(expected);
      }),
      { numRuns: 40 },
    );
  });

  it("and hash to BLS12-381 with tags and messages of any length", () => {
    for (const [tagLength, messageLength] of [
      [1, 0],
      [255, 100],
      [256, 1],
      [300, 3_000_000],
    ] as const) {
      const [message, tag] = [new Uint8Array(messageLength).fill(7), "t".repeat(tagLength)];
      const hash = <P>(group: Group<P>) => toHex(group.encode(group.hashToGroup(message, tag)));
      expect(hash(mcl.g1)).toBe(hash(bls12381G1Group));
      expect(hash(mcl.g2)).toBe(hash(bls12381G2Group));
    }
    expect(() => mcl.g1.hashToGroup(new Uint8Array(1), "")).toThrow();
    expect(() => bls12381G1Group.hashToGroup(new Uint8Array(1), "")).toThrow();
  });

  it("and one long sum of products, by Pippenger's method in each", () => {
    const scalars = Array.from({ length: 300 }, () => ristretto255Group.randomScalar());
    const sum = <P>(group: Group<P>): string =>
      toHex(
        group.encode(
          group.sumOfProducts(
            scalars.map((_, i) => group.multiplyBase(BigInt(i + 1))),
            scalars,
          ),
        ),
      );
    expect(sum(wasm)).toBe(sum(ristretto255Group));
    expect(sum(ed25519Wasm)).toBe(sum(ed25519Group));
  });
});

describe.each([
  ["noble", noblePairing as Pairing<unknown, unknown>],
  ["mcl", mcl as Pairing<unknown, unknown>],
])("the pairing by %s", (_, { g1, g2, isProductOne, sumOfEncoded }) => {
  const left = g1.multiplyBase(6n);
  const right = g2.multiplyBase(5n);

  it("is bilinear", () => {
    const inverse = g2.negate(g2.multiplyBase(30n));
    expect(
      isProductOne([
        { g1: left, g2: right },
        { g1: g1.generator, g2: inverse },
      ]),
    ).toBe(true);
    expect(
      isProductOne([
        { g1: left, g2: right },
        { g1: left, g2: inverse },
      ]),
    ).toBe(false);
  });

  it("sums encoded elements, and refuses what is no element, wherever the sum lies", () => {
    const scalars = [3n, 1n, g1.order - 1n];
    const points = [g1.generator, left, g1.multiplyBase(9n)];
    const encodings = points.map(g1.encode);
    const sum = sumOfEncoded(encodings, scalars);
    expect(g1.isIdentity(sum)).toBe(true);
    expect(toHex(g1.encode(sumOfEncoded(encodings, [1n, 1n, 1n])))).toBe(
      toHex(g1.encode(g1.multiplyBase(16n))),
    );
    for (const first of [0x00, 0xc0, 0xff]) {
      const spoilt = g1.encode(left).slice();
      spoilt[0] = first;
      const code = codeOf(() => sumOfEncoded([encodings[0] as Uint8Array, spoilt], [1n, 2n]));
      expect(code).toMatch(/element|identity/);
    }
    // x = 4 is on the curve and has a component outside of the subgroup.
    const outside = new Uint8Array(48);
    [outside[0], outside[47]] = [0x80, 4];
    const code = codeOf(() => sumOfEncoded([...encodings, outside], [1n, 1n, 1n, 5n]));
    expect(code).toBe("threshold/element");
    expect(codeOf(() => g1.decode(outside))).toBe("threshold/element");
  });

  it("is one for the identity, and for no pairs", () => {
    expect(isProductOne([])).toBe(true);
    expect(
      isProductOne([
        { g1: g1.identity, g2: right },
        { g1: left, g2: g2.identity },
      ]),
    ).toBe(true);
    expect(isProductOne([{ g1: left, g2: right }])).toBe(false);
  });
});

interface HashSuite {
  readonly ciphersuite: string;
  readonly dst: string;
  readonly vectors: readonly { msg: string; P: { x: string; y: string } }[];
}

const directory = findVectors("rfc9380-hash-to-curve");

describe.runIf(directory !== undefined)("vectors of RFC 9380", () => {
  const suites: readonly [string, Group<unknown>[]][] = [
    ["BLS12381G1_XMD_SHA-256_SSWU_RO_", [bls12381G1Group, mcl.g1] as Group<unknown>[]],
    ["BLS12381G2_XMD_SHA-256_SSWU_RO_", [bls12381G2Group, mcl.g2] as Group<unknown>[]],
    ["P256_XMD_SHA-256_SSWU_RO_", [p256Group] as Group<unknown>[]],
    ["secp256k1_XMD_SHA-256_SSWU_RO_", [secp256k1Group] as Group<unknown>[]],
  ];

  it.each(suites)("%s in every backend", (name, groups) => {
    const path = join(directory ?? "", `${name}.json`);
    const suite = JSON.parse(readFileSync(path, "utf8")) as HashSuite;
    expect(suite.vectors.length).toBeGreaterThan(3);
    for (const { msg, P } of suite.vectors) {
      for (const group of groups) {
        const bytes = group.encode(group.hashToGroup(new TextEncoder().encode(msg), suite.dst));
        expect(toHex(bytes)).toBe(encodeAffine(group.name, P));
      }
    }
  });
});

/** SEC 1 or BLS12-381's compressed form of affine coordinates as the vectors write them. */
function encodeAffine(name: string, { x, y }: { x: string; y: string }): string {
  const digits = (text: string): string => text.replace("0x", "");
  if (!name.startsWith("BLS")) {
    return `${BigInt(y) % 2n === 0n ? "02" : "03"}${digits(x)}`;
  }
  const prime =
    0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
  const [xs, ys] = [x.split(","), y.split(",")];
  const isLarge = BigInt(ys.at(-1) ?? "0") > prime / 2n;
  const hex = xs.toReversed().map(digits).join("");
  return (
    (Number.parseInt(hex.slice(0, 2), 16) | (isLarge ? 0xa0 : 0x80)).toString(16) + hex.slice(2)
  );
}
