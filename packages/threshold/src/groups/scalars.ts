/** Scalars modulo a group's order, as bigints: the same for every backend. */
import { randomBytes } from "@noble/hashes/utils.js";
import { bytesToInteger, integerToBytes } from "../bytes.ts";
import { assertLength, ThresholdError } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "./group.ts";

export type ScalarField = Pick<
  Group<unknown>,
  "order" | "scalarBytes" | "encodeScalar" | "decodeScalar" | "reduce" | "invert" | "randomScalar"
>;

/** @param scalarBytes where the group's standard writes more of them than the order has. */
export function createScalarField(
  order: bigint,
  littleEndian: boolean,
  scalarBytes: number = Math.ceil(order.toString(2).length / 8),
): ScalarField {
  const reduce = (value: bigint): Scalar => {
    const rest = value % order;
    return rest < 0n ? rest + order : rest;
  };
  return {
    order,
    scalarBytes,
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
    randomScalar(random: RandomBytes = randomBytes) {
      const wide = bytesToInteger(random(scalarBytes + 16), true);
      return (wide % (order - 1n)) + 1n;
    },
  };
}

/** Euclid; time depends on the value. The inverse exists. */
export function invertModulo(value: bigint, modulus: bigint): bigint {
  let [low, high, x, y] = [value, modulus, 1n, 0n];
  while (low > 1n) {
    const quotient = high / low;
    [low, high, x, y] = [high - quotient * low, low, y - quotient * x, x];
  }
  return ((x % modulus) + modulus) % modulus;
}

/** Drops what adds nothing, so that backends need not know of 0 and the identity. */
export function usefulProducts<P>(
  points: readonly P[],
  scalars: readonly Scalar[],
  isIdentity: (point: P) => boolean,
): { points: P[]; scalars: Scalar[] } {
  const used = points.flatMap((point, i) => {
    const scalar = scalars[i];
    return scalar === undefined || scalar === 0n || isIdentity(point) ? [] : [{ point, scalar }];
  });
  return { points: used.map(({ point }) => point), scalars: used.map(({ scalar }) => scalar) };
}
