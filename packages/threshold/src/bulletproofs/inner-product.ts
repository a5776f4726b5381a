/** The inner-product argument of Bulletproofs (Bünz et al. 2018, section 3). */
import { ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import type { ProofReader, ProofWriter } from "../sigma/narg.ts";

/**
 * What the argument is about: vectors a, b with a·left + b·right + <a, b>·`product`, right[i] taken
 * `rightFactors[i]` times.
 */
interface Vectors<P> {
  readonly left: readonly P[];
  readonly right: readonly P[];
  readonly rightFactors: readonly Scalar[];
  readonly product: P;
  readonly a: readonly Scalar[];
  readonly b: readonly Scalar[];
}

export function innerProduct<P>(
  group: Group<P>,
  a: readonly Scalar[],
  b: readonly Scalar[],
): Scalar {
  return group.reduce(a.reduce((sum, value, i) => sum + value * (b[i] as Scalar), 0n));
}

/**
 * Halves the vectors until one of each is left; sends L and R of each round, then both.
 *
 * @param vectors of one length, a power of two. They are masked already: time depends on them.
 */
export function sendInnerProduct<P>(writer: ProofWriter<P>, vectors: Vectors<P>): void {
  const { group } = writer.transcript;
  let { left, right, rightFactors, a, b } = vectors;
  while (a.length > 1) {
    const half = a.length / 2;
    const [a0, a1, b0, b1] = [a.slice(0, half), a.slice(half), b.slice(0, half), b.slice(half)];
    const factors = rightFactors;
    const scaled = (value: Scalar, at: number) => group.reduce(value * (factors[at] as Scalar));
    const [g0, g1, h0, h1] = [
      left.slice(0, half),
      left.slice(half),
      right.slice(0, half),
      right.slice(half),
    ];
    writer.sendElements([
      group.sumOfProducts(
        [...g1, ...h0, vectors.product],
        [...a0, ...b1.map(scaled), innerProduct(group, a0, b1)],
      ),
      group.sumOfProducts(
        [...g0, ...h1, vectors.product],
        [...a1, ...b0.map((value, i) => scaled(value, half + i)), innerProduct(group, a1, b0)],
      ),
    ]);
    const u = writer.transcript.challengeNonZero();
    const inverse = group.invert(u);
    a = a0.map((value, i) => group.reduce(value * u + (a1[i] as Scalar) * inverse));
    b = b0.map((value, i) => group.reduce(value * inverse + (b1[i] as Scalar) * u));
    left = g0.map((point, i) => group.sumOfProducts([point, g1[i] as P], [inverse, u]));
    right = h0.map((point, i) =>
      group.sumOfProducts([point, h1[i] as P], [scaled(u, i), scaled(inverse, half + i)]),
    );
    rightFactors = h0.map(() => 1n);
  }
  writer.sendScalars([a[0] as Scalar, b[0] as Scalar]);
}

/** What a verifier needs to write the argument's end as weights of its beginning. */
export interface InnerProductReading<P> {
  /** L and R of the rounds, and their weights. */
  readonly points: readonly P[];
  readonly scalars: readonly Scalar[];
  /** At i the weight that left[i] has gathered; right[i] has the inverse, at length - 1 - i. */
  readonly weights: readonly Scalar[];
  readonly a: Scalar;
  readonly b: Scalar;
}

/** @param length a power of two. @throws {ThresholdError} the codes of decoding. */
export function readInnerProduct<P>(
  reader: ProofReader<P>,
  length: number,
): InnerProductReading<P> {
  const { group } = reader.transcript;
  const rounds = Math.log2(length);
  if (!Number.isInteger(rounds)) throw new ThresholdError({ code: "threshold/parameters" });
  const points: P[] = [];
  const challenges: Scalar[] = [];
  for (let round = 0; round < rounds; round++) {
    points.push(...reader.readElements(2));
    challenges.push(reader.transcript.challengeNonZero());
  }
  const [a, b] = reader.readScalars(2) as [Scalar, Scalar];
  const inverses = challenges.map((challenge) => group.invert(challenge));
  // weights[i] is the product of u for the bits of i that are 1, of 1/u for those that are 0.
  let weights: Scalar[] = [1n];
  for (const [round, u] of challenges.entries()) {
    const inverse = inverses[round] as Scalar;
    weights = weights.flatMap((weight) => [
      group.reduce(weight * inverse),
      group.reduce(weight * u),
    ]);
  }
  const scalars = challenges.flatMap((u, round) => {
    const inverse = inverses[round] as Scalar;
    return [group.reduce(u * u), group.reduce(inverse * inverse)];
  });
  return { points, scalars, weights, a, b };
}
