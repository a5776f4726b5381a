/** Sharing a scalar: Shamir's polynomials, Feldman's commitments, Lagrange's weights. */
import { ThresholdError } from "./errors.ts";
import type { Group, RandomBytes, Scalar } from "./groups/group.ts";

/** Most shares of one key; indices run from 1 to the number of shares. */
export const SHARES_MAX = 65_535;

/** What of a group counts modulo its order alone. */
export type ScalarField = Pick<Group<unknown>, "reduce" | "invert">;

/** The polynomial's value at `index`. `value` is secret. */
export interface Share {
  readonly index: number;
  readonly value: Scalar;
}

/** What an honest dealer makes: shares to hand out in secret, commitments to publish. */
export interface Dealing<P> {
  readonly shares: readonly Share[];
  /** Coefficients times the generator, the secret's first; exactly `threshold` of them. */
  readonly commitments: readonly P[];
}

/**
 * Shares `secret` so that any `threshold` shares restore it and fewer say nothing.
 *
 * @throws {ThresholdError} `threshold/parameters` unless 1 <= threshold <= count <= SHARES_MAX.
 */
export function dealShares<P>(
  group: Group<P>,
  options: { readonly secret: Scalar; readonly threshold: number; readonly count: number },
  random?: RandomBytes,
): Dealing<P> {
  const { secret, threshold, count } = options;
  const sane = Number.isInteger(threshold) && Number.isInteger(count);
  if (!sane || threshold < 1 || threshold > count || count > SHARES_MAX) {
    throw new ThresholdError({ code: "threshold/parameters" });
  }
  const rest = Array.from({ length: threshold - 1 }, () => group.randomScalar(random));
  const coefficients = [group.reduce(secret), ...rest];
  const shares = Array.from({ length: count }, (_, i) => ({
    index: i + 1,
    value: evaluate(group, coefficients, BigInt(i + 1)),
  }));
  return { shares, commitments: coefficients.map((scalar) => group.multiplyBase(scalar)) };
}

function evaluate<P>(group: Group<P>, coefficients: readonly Scalar[], at: bigint): Scalar {
  return coefficients.reduceRight((sum, scalar) => group.reduce(sum * at + scalar), 0n);
}

/**
 * The public key of the share at `index`, by Horner's rule over the commitments.
 *
 * @throws {ThresholdError} `threshold/index`.
 */
export function publicShare<P>(group: Group<P>, commitments: readonly P[], index: number): P {
  assertIndex(index);
  return commitments.reduceRight(
    (sum, commitment) => group.add(multiplyByIndex(group, sum, index), commitment),
    group.identity,
  );
}

/** Doubles and adds: an index has few bits, and a backend's multiplication takes all of a scalar's. */
function multiplyByIndex<P>(group: Group<P>, point: P, index: number): P {
  let sum = point;
  for (let bit = 30 - Math.clz32(index); bit >= 0; bit--) {
    sum = group.add(sum, sum);
    if (((index >> bit) & 1) === 1) sum = group.add(sum, point);
  }
  return sum;
}

/**
 * @param threshold what was agreed: a list of another length would silently be another threshold.
 * @throws {ThresholdError} `threshold/parameters`, `threshold/index`, `threshold/bad_share`.
 */
export function verifyShare<P>(
  group: Group<P>,
  dealing: { readonly commitments: readonly P[]; readonly threshold: number },
  share: Share,
): void {
  if (dealing.commitments.length !== dealing.threshold || dealing.threshold < 1) {
    throw new ThresholdError({ code: "threshold/parameters" });
  }
  const expected = publicShare(group, dealing.commitments, share.index);
  if (!group.equal(group.multiplyBase(group.reduce(share.value)), expected)) {
    throw new ThresholdError({ code: "threshold/bad_share", indices: [share.index] });
  }
}

/**
 * Weights with which values at `indices` make the value at 0; one inversion for all.
 *
 * @throws {ThresholdError} `threshold/index`, `threshold/duplicate_index`, `threshold/too_few`.
 */
export function lagrangeWeights(group: ScalarField, indices: readonly number[]): Scalar[] {
  if (indices.length === 0) {
    throw new ThresholdError({ code: "threshold/too_few", have: 0, need: 1 });
  }
  const seen = new Set<number>();
  for (const index of indices) {
    assertIndex(index);
    if (seen.has(index)) throw new ThresholdError({ code: "threshold/duplicate_index", index });
    seen.add(index);
  }
  // weight(i) = prod(j) / (i * prod(j - i)), over j other than i: the numerator is shared.
  const all = indices.reduce((product, index) => group.reduce(product * BigInt(index)), 1n);
  const denominators = indices.map((index) =>
    indices.reduce(
      (product, other) =>
        other === index ? product : group.reduce(product * BigInt(other - index)),
      BigInt(index),
    ),
  );
  return invertAll(group, denominators).map((inverse) => group.reduce(all * inverse));
}

/**
 * As {@link lagrangeWeights}, but for the value at `at`, which is none of the indices.
 *
 * @throws as {@link lagrangeWeights}.
 */
export function lagrangeWeightsAt<P>(
  group: Group<P>,
  indices: readonly number[],
  at: number,
): Scalar[] {
  assertIndex(at);
  if (indices.includes(at))
    throw new ThresholdError({ code: "threshold/duplicate_index", index: at });
  // weight(i) at x = weight(i) at 0 times prod(j - x) / prod(j), over j other than i.
  const ratios = invertAll(
    group,
    indices.map((index) => group.reduce(BigInt(index))),
  ).map((inverse, i) => group.reduce(inverse * BigInt((indices[i] as number) - at)));
  const all = ratios.reduce((product, ratio) => group.reduce(product * ratio), 1n);
  const inverses = invertAll(group, ratios);
  return lagrangeWeights(group, indices).map((weight, i) =>
    group.reduce(weight * all * (inverses[i] as Scalar)),
  );
}

/** Montgomery's trick. No value is 0. */
function invertAll(group: ScalarField, values: readonly Scalar[]): Scalar[] {
  let product = 1n;
  const before = values.map((value) => {
    const left = product;
    product = group.reduce(product * value);
    return left;
  });
  let inverse = group.invert(product);
  const inverses: Scalar[] = [];
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = group.reduce(inverse * (before[i] as Scalar));
    inverse = group.reduce(inverse * (values[i] as Scalar));
  }
  return inverses;
}

/** The secret of at least `threshold` shares. @throws as {@link lagrangeWeights}. */
export function combineShares<P>(
  group: Group<P>,
  shares: readonly Share[],
  threshold: number,
): Scalar {
  if (shares.length < threshold) {
    throw new ThresholdError({ code: "threshold/too_few", have: shares.length, need: threshold });
  }
  const weights = lagrangeWeights(
    group,
    shares.map(({ index }) => index),
  );
  return group.reduce(
    shares.reduce((sum, { value }, i) => sum + value * (weights[i] as Scalar), 0n),
  );
}

function assertIndex(index: number): void {
  if (!Number.isInteger(index) || index < 1 || index > SHARES_MAX) {
    throw new ThresholdError({ code: "threshold/index", index });
  }
}
