import { randomBytes } from "@noble/hashes/utils.js";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";

/**
 * Whether points are multiples by a polynomial's values of degree below `threshold`, with one
 * product of sums: the words of the dual code, of which a random one is taken, are orthogonal
 * to those and no others (Cascudo, David 2017). Wrong points pass once in the group's order.
 */
export function isLowDegree<P>(
  group: Group<P>,
  indices: readonly number[],
  points: readonly P[],
  threshold: number,
  random: RandomBytes = randomBytes,
): boolean {
  const freedom = indices.length - threshold;
  if (freedom <= 0) return true;
  const coefficients = Array.from({ length: freedom }, () => group.randomScalar(random));
  const word = indices.map((index) => {
    const value = coefficients.reduceRight<Scalar>(
      (sum, c) => group.reduce(sum * BigInt(index) + c),
      0n,
    );
    const product = indices.reduce<Scalar>(
      (all, other) => (other === index ? all : group.reduce(all * BigInt(index - other))),
      1n,
    );
    return group.reduce(value * group.invert(product));
  });
  return group.isIdentity(group.sumOfProducts(points, word));
}
