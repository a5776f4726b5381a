/**
 * One of many commitments is to zero (Groth and Kohlweiss 2015): 4 elements and 3 scalars for
 * each bit of the list's length, and one scalar.
 */
import { ThresholdError } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";
import { type Claim, checkClaims, type ProductSum } from "../sigma/claims.ts";
import { ProofReader, ProofWriter, protocolTag, Transcript } from "../sigma/narg.ts";

/** `commitments[i]` is m·G + r·`commitmentBase`; for one of them, m is 0. */
export interface OneOfMany<P> {
  readonly group: Group<P>;
  readonly commitmentBase: P;
  readonly commitments: readonly P[];
}

/** Lists have 2 to this many commitments. */
export const LIST_MAX = 4096;

const PROTOCOL = "one-of-many/v1";

/**
 * @param index of the commitment that is `blinding`·`commitmentBase`.
 * @throws {ThresholdError} `threshold/statement`, `threshold/witness`, `threshold/identity`.
 */
export function proveOneOfMany<P>(
  binding: Uint8Array,
  statement: OneOfMany<P>,
  witness: { readonly index: number; readonly blinding: Scalar },
  random?: RandomBytes,
): Uint8Array {
  const { group, commitmentBase: base } = statement;
  const transcript = openTranscript(binding, statement);
  const { index, blinding } = witness;
  const own = statement.commitments[index];
  if (own === undefined || !group.equal(group.multiplySecret(base, blinding), own)) {
    throw new ThresholdError({ code: "threshold/witness" });
  }
  const padded = pad(statement.commitments);
  const bits = Math.log2(padded.length);
  const draw = (): Scalar[] => Array.from({ length: bits }, () => group.randomScalar(random));
  const [r, a, s, t, rho] = [draw(), draw(), draw(), draw(), draw()];
  const bit = (j: number): bigint => BigInt((index >> j) & 1);
  const commit = (value: bigint, mask: Scalar): P =>
    group.add(group.multiplyBase(group.reduce(value)), group.multiplySecret(base, mask));
  const writer = new ProofWriter(transcript);
  const polynomials = indexPolynomials(group, padded.length, index, a);
  for (let j = 0; j < bits; j++) {
    const mask = a[j] as Scalar;
    const column = polynomials.map((polynomial) => polynomial[j] as Scalar);
    writer.sendElements([
      commit(bit(j), r[j] as Scalar),
      commit(mask, s[j] as Scalar),
      commit(bit(j) * mask, t[j] as Scalar),
      group.add(
        group.sumOfSecretProducts(padded, column),
        group.multiplySecret(base, rho[j] as Scalar),
      ),
    ]);
  }
  const x = transcript.challengeNonZero();
  for (let j = 0; j < bits; j++) {
    const f = group.reduce(bit(j) * x + (a[j] as Scalar));
    const mask = r[j] as Scalar;
    writer.sendScalars([
      f,
      group.reduce(mask * x + (s[j] as Scalar)),
      group.reduce(mask * (x - f) + (t[j] as Scalar)),
    ]);
  }
  const powers = powersOf(group, x, bits + 1);
  const masks = rho.reduce((sum, value, k) => sum + value * (powers[k] as Scalar), 0n);
  writer.sendScalars([group.reduce(blinding * (powers[bits] as Scalar) - masks)]);
  return writer.finish();
}

/** Reads a proof. @throws {ThresholdError} `threshold/statement`, and the codes of decoding. */
export function claimOneOfMany<P>(
  binding: Uint8Array,
  statement: OneOfMany<P>,
  proof: Uint8Array,
): Claim<P> {
  const { group, commitmentBase: base } = statement;
  const transcript = openTranscript(binding, statement);
  const padded = pad(statement.commitments);
  const bits = Math.log2(padded.length);
  const lengthBytes = 4 * bits * group.elementBytes + (3 * bits + 1) * group.scalarBytes;
  const reader = new ProofReader(transcript, proof, lengthBytes);
  const sent = Array.from({ length: bits }, () => reader.readElements(4) as [P, P, P, P]);
  const x = transcript.challengeNonZero();
  const answers = sent.map(() => reader.readScalars(3) as [Scalar, Scalar, Scalar]);
  const [zd] = reader.readScalars(1) as [Scalar];
  const sums: ProductSum<P>[] = sent.flatMap(([cl, ca, cb], j) => {
    const [f, za, zb] = answers[j] as [Scalar, Scalar, Scalar];
    return [
      { points: [cl, ca, group.generator, base], scalars: [x, 1n, -f, -za] },
      { points: [cl, cb, base], scalars: [x - f, 1n, -zb] },
    ];
  });
  const weights = indexWeights(
    group,
    x,
    answers.map(([f]) => f),
  );
  const powers = powersOf(group, x, bits);
  sums.push({
    points: [...padded, ...sent.map(([, , , cd]) => cd), base],
    scalars: [...weights, ...powers.map((power) => -power), -zd],
  });
  const reduced = sums.map(({ points, scalars }) => ({
    points,
    scalars: scalars.map(group.reduce),
  }));
  return { digest: transcript.digest(), sums: reduced };
}

/** @throws {ThresholdError} as {@link claimOneOfMany}, and `threshold/proof`. */
export function verifyOneOfMany<P>(
  binding: Uint8Array,
  statement: OneOfMany<P>,
  proof: Uint8Array,
): void {
  checkClaims(statement.group, [claimOneOfMany(binding, statement, proof)]);
}

function openTranscript<P>(binding: Uint8Array, statement: OneOfMany<P>): Transcript<P> {
  const { group, commitmentBase, commitments } = statement;
  if (commitments.length < 2 || commitments.length > LIST_MAX) {
    throw new ThresholdError({ code: "threshold/statement" });
  }
  const transcript = new Transcript(group, protocolTag(PROTOCOL, group.name, binding));
  transcript.absorbNumbersAndElements([], [commitmentBase, ...commitments]);
  return transcript;
}

/** To a power of two, with the last one again: who opens that, opens the last. */
function pad<P>(commitments: readonly P[]): P[] {
  const length = 2 ** Math.ceil(Math.log2(commitments.length));
  return Array.from({ length }, (_, i) => commitments[Math.min(i, commitments.length - 1)] as P);
}

/**
 * For each position i the coefficients of the product over j of (l_j·x + a_j) or, where i has a
 * 0, of (x - l_j·x - a_j); of degree `bits` only for i = `index`.
 */
function indexPolynomials<P>(
  group: Group<P>,
  length: number,
  index: number,
  a: readonly Scalar[],
): Scalar[][] {
  return Array.from({ length }, (_, i) => {
    let polynomial: Scalar[] = [1n];
    for (const [j, mask] of a.entries()) {
      const isOne = ((i >> j) & 1) === 1;
      const agrees = ((index >> j) & 1) === ((i >> j) & 1);
      polynomial = timesLinear(group, polynomial, isOne ? mask : -mask, agrees ? 1n : 0n);
    }
    return polynomial;
  });
}

function timesLinear<P>(
  group: Group<P>,
  polynomial: readonly Scalar[],
  constant: bigint,
  slope: bigint,
): Scalar[] {
  return Array.from({ length: polynomial.length + 1 }, (_, k) =>
    group.reduce((polynomial[k] ?? 0n) * constant + (polynomial[k - 1] ?? 0n) * slope),
  );
}

/** The same products at x, in which f_j stands for l_j·x + a_j. */
function indexWeights<P>(group: Group<P>, x: Scalar, f: readonly Scalar[]): Scalar[] {
  return f.reduce<Scalar[]>(
    (weights, value) => [
      ...weights.map((weight) => group.reduce(weight * (x - value))),
      ...weights.map((weight) => group.reduce(weight * value)),
    ],
    [1n],
  );
}

function powersOf<P>(group: Group<P>, x: Scalar, count: number): Scalar[] {
  const powers: Scalar[] = [];
  for (let power = 1n; powers.length < count; power = group.reduce(power * x)) powers.push(power);
  return powers;
}
