/** A group in which everybody sees logarithms: to solve a verifier's equation for one unknown. */

import { sha512 } from "@noble/hashes/sha2.js";
import { bytesToInteger } from "../src/bytes.ts";
import { ThresholdError } from "../src/errors.ts";
import type { Group } from "../src/groups/group.ts";
import { ristretto255Group } from "../src/groups/noble-group.ts";
import { createScalarField } from "../src/groups/scalars.ts";

/** `lastSum` is the sum of products that was asked for last, which is how a verifier ends. */
export function createTransparentGroup(): Group<bigint> & { readonly lastSum: () => bigint } {
  const field = createScalarField(ristretto255Group.order, true);
  const { reduce } = field;
  let last = 0n;
  const multiply = (point: bigint, scalar: bigint): bigint => reduce(point * scalar);
  const sum = (points: readonly bigint[], scalars: readonly bigint[]): bigint => {
    last = reduce(points.reduce((total, point, i) => total + point * (scalars[i] ?? 0n), 0n));
    return last;
  };
  const encode = (point: bigint): Uint8Array => {
    if (point === 0n) throw new ThresholdError({ code: "threshold/identity" });
    return field.encodeScalar(point);
  };
  return {
    ...field,
    name: "ristretto255",
    backend: "noble",
    elementBytes: 32,
    generator: 1n,
    identity: 0n,
    lastSum: () => last,
    add: (left, right) => reduce(left + right),
    subtract: (left, right) => reduce(left - right),
    negate: (point) => reduce(-point),
    equal: (left, right) => left === right,
    isIdentity: (point) => point === 0n,
    multiplyPublic: multiply,
    multiplySecret: multiply,
    multiplyBase: reduce,
    sumOfProducts: sum,
    sumOfSecretProducts: sum,
    encode,
    encodeAll: (points) => points.map(encode),
    encodeDoubles: (points) => points.map((point) => encode(reduce(2n * point))),
    decode(bytes) {
      const point = field.decodeScalar(bytes);
      if (point === 0n) throw new ThresholdError({ code: "threshold/identity" });
      return point;
    },
    hashToGroup: (message, dst) =>
      reduce(bytesToInteger(sha512(Uint8Array.of(...message, ...Buffer.from(dst))), true)),
  };
}
