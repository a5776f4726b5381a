/**
 * Aggregated range proofs (Bulletproofs, Bünz et al. 2018, section 4.2): every committed value is
 * in 0 … 2^bits - 1. 672 bytes for one value of 64 bits, 64 more for each doubling.
 */
import { ThresholdError } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";
import { type Claim, checkClaims, type ProductSum } from "../sigma/claims.ts";
import { ProofReader, ProofWriter, protocolTag, Transcript } from "../sigma/narg.ts";
import { vectorGenerators } from "./generators.ts";
import { innerProduct, readInnerProduct, sendInnerProduct } from "./inner-product.ts";

export type RangeBits = 8 | 16 | 32 | 64;

/** `commitments[i]` is value·G + blinding·`commitmentBase`. */
export interface RangeStatement<P> {
  readonly group: Group<P>;
  readonly commitmentBase: P;
  readonly bits: RangeBits;
  readonly commitments: readonly P[];
}

export interface RangeOpening {
  readonly value: bigint;
  readonly blinding: Scalar;
}

/** Most bits of all values of one proof together. */
export const RANGE_BITS_MAX = 1024;

const PROTOCOL = "bulletproofs-range/v1";

/**
 * @throws {ThresholdError} `threshold/statement`, `threshold/range` for a value that is not in the
 * range, `threshold/witness` for an opening of something else.
 */
export function proveRange<P>(
  binding: Uint8Array,
  statement: RangeStatement<P>,
  openings: readonly RangeOpening[],
  random?: RandomBytes,
): Uint8Array {
  const { group, commitmentBase: base, bits } = statement;
  const transcript = openTranscript(binding, statement);
  assertOpenings(statement, openings);
  const length = paddedLength(statement);
  const { left, right, sums } = vectorGenerators(group, length);
  const writer = new ProofWriter(transcript);
  const draw = (): Scalar => group.randomScalar(random);

  const aL = Array.from({ length }, (_, i) => {
    const value = openings[Math.floor(i / bits)]?.value ?? 0n;
    return (value >> BigInt(i % bits)) & 1n;
  });
  const aR = aL.map((bit) => group.reduce(bit - 1n));
  const [sL, sR] = [aL.map(draw), aL.map(draw)];
  const [alpha, rho] = [draw(), draw()];
  // With aR = aL - 1 the bits' commitment is a sum of half as many products.
  const masked = group.sumOfSecretProducts([base, ...sums], [alpha, ...aL]);
  writer.sendElements([
    right.reduce((sum, point) => group.subtract(sum, point), masked),
    group.sumOfSecretProducts([base, ...left, ...right], [rho, ...sL, ...sR]),
  ]);
  const y = transcript.challengeNonZero();
  const z = transcript.challengeNonZero();

  const yPowers = powersOf(group, y, length);
  const offsets = rangeOffsets(statement, z);
  const l0 = aL.map((bit) => group.reduce(bit - z));
  const r0 = aR.map((value, i) =>
    group.reduce((yPowers[i] as Scalar) * (value + z) + (offsets[i] as Scalar)),
  );
  const r1 = sR.map((value, i) => group.reduce((yPowers[i] as Scalar) * value));
  const t1 = group.reduce(innerProduct(group, l0, r1) + innerProduct(group, sL, r0));
  const t2 = innerProduct(group, sL, r1);
  const [tau1, tau2] = [draw(), draw()];
  const commit = (value: Scalar, mask: Scalar): P =>
    group.add(group.multiplyBase(value), group.multiplySecret(base, mask));
  writer.sendElements([commit(t1, tau1), commit(t2, tau2)]);
  const x = transcript.challengeNonZero();

  const l = l0.map((value, i) => group.reduce(value + (sL[i] as Scalar) * x));
  const r = r0.map((value, i) => group.reduce(value + (r1[i] as Scalar) * x));
  const zPowers = powersOf(group, z, openings.length + 2).slice(2);
  const blindings = innerProduct(
    group,
    openings.map(({ blinding }) => blinding),
    zPowers,
  );
  writer.sendScalars([
    innerProduct(group, l, r),
    group.reduce(tau2 * x * x + tau1 * x + blindings),
    group.reduce(alpha + rho * x),
  ]);
  const w = transcript.challengeNonZero();

  const yInverses = powersOf(group, group.invert(y), length);
  sendInnerProduct(writer, {
    left,
    right,
    rightFactors: yInverses,
    product: group.multiplyBase(w),
    a: l,
    b: r,
  });
  return writer.finish();
}

/** Reads a proof. @throws {ThresholdError} `threshold/statement`, and the codes of decoding. */
export function claimRange<P>(
  binding: Uint8Array,
  statement: RangeStatement<P>,
  proof: Uint8Array,
): Claim<P> {
  const { group, commitmentBase: base, commitments } = statement;
  const transcript = openTranscript(binding, statement);
  const length = paddedLength(statement);
  const reader = new ProofReader(transcript, proof, rangeProofBytes(statement));
  const [A, S] = reader.readElements(2) as [P, P];
  const y = transcript.challengeNonZero();
  const z = transcript.challengeNonZero();
  const [T1, T2] = reader.readElements(2) as [P, P];
  const x = transcript.challengeNonZero();
  const [t, tau, mu] = reader.readScalars(3) as [Scalar, Scalar, Scalar];
  const w = transcript.challengeNonZero();
  const argument = readInnerProduct(reader, length);

  const yPowers = powersOf(group, y, length);
  const offsets = rangeOffsets(statement, z);
  const sumOfPowers = yPowers.reduce((sum, value) => sum + value, 0n);
  // offsets are z^(2+j)·2^i: z times their sum is the rest of delta(y, z).
  const delta = (z - z * z) * sumOfPowers - z * offsets.reduce((sum, value) => sum + value, 0n);
  const zPowers = powersOf(group, z, commitments.length + 2).slice(2);
  const polynomial: ProductSum<P> = {
    points: [group.generator, base, T1, T2, ...commitments],
    scalars: [t - delta, tau, -x, -x * x, ...zPowers.map((power) => -power)].map(group.reduce),
  };

  const { left, right } = vectorGenerators(group, length);
  const yInverses = powersOf(group, group.invert(y), length);
  const { weights, a, b } = argument;
  const leftScalars = weights.map((weight) => group.reduce(-z - a * weight));
  const rightScalars = weights.map((_, i) => {
    const inverse = weights[length - 1 - i] as Scalar;
    const inner = (offsets[i] as Scalar) - b * inverse;
    return group.reduce(z + (yInverses[i] as Scalar) * group.reduce(inner));
  });
  const inner: ProductSum<P> = {
    points: [A, S, base, group.generator, ...left, ...right, ...argument.points],
    scalars: [
      1n,
      x,
      group.reduce(-mu),
      group.reduce(w * group.reduce(t - a * b)),
      ...leftScalars,
      ...rightScalars,
      ...argument.scalars,
    ],
  };
  return { digest: transcript.digest(), sums: [polynomial, inner] };
}

/** @throws {ThresholdError} as {@link claimRange}, and `threshold/proof`. */
export function verifyRange<P>(
  binding: Uint8Array,
  statement: RangeStatement<P>,
  proof: Uint8Array,
): void {
  checkClaims(statement.group, [claimRange(binding, statement, proof)]);
}

export function rangeProofBytes<P>(statement: RangeStatement<P>): number {
  const { group } = statement;
  const rounds = Math.log2(paddedLength(statement));
  return (4 + 2 * rounds) * group.elementBytes + 5 * group.scalarBytes;
}

function openTranscript<P>(binding: Uint8Array, statement: RangeStatement<P>): Transcript<P> {
  const { group, commitmentBase, bits, commitments } = statement;
  assertBits(bits);
  if (commitments.length === 0 || bits * commitments.length > RANGE_BITS_MAX) {
    throw new ThresholdError({ code: "threshold/statement" });
  }
  const transcript = new Transcript(group, protocolTag(PROTOCOL, group.name, binding));
  transcript.absorbNumbersAndElements([bits], [commitmentBase, ...commitments]);
  return transcript;
}

function assertBits(bits: number): void {
  if (![8, 16, 32, 64].includes(bits)) throw new ThresholdError({ code: "threshold/statement" });
}

function assertOpenings<P>(statement: RangeStatement<P>, openings: readonly RangeOpening[]): void {
  const { group, commitmentBase, bits, commitments } = statement;
  if (openings.length !== commitments.length) {
    throw new ThresholdError({ code: "threshold/witness" });
  }
  openings.forEach(({ value, blinding }, i) => {
    if (value < 0n || value >= 1n << BigInt(bits)) {
      throw new ThresholdError({ code: "threshold/range" });
    }
    const masked = group.multiplySecret(commitmentBase, blinding);
    const expected = group.add(group.multiplyBase(value), masked);
    if (!group.equal(expected, commitments[i] as P)) {
      throw new ThresholdError({ code: "threshold/witness" });
    }
  });
}

/** Bits of all values, the number of values rounded up to a power of two with zeros. */
function paddedLength<P>({ bits, commitments }: RangeStatement<P>): number {
  return bits * 2 ** Math.ceil(Math.log2(commitments.length));
}

/** At bit i of value j: z^(2 + j) · 2^i, padding included. */
function rangeOffsets<P>(statement: RangeStatement<P>, z: Scalar): Scalar[] {
  const { group, bits } = statement;
  const length = paddedLength(statement);
  const zPowers = powersOf(group, z, length / bits + 2);
  return Array.from({ length }, (_, i) =>
    group.reduce((zPowers[2 + Math.floor(i / bits)] as Scalar) << BigInt(i % bits)),
  );
}

function powersOf<P>(group: Group<P>, base: Scalar, count: number): Scalar[] {
  const powers: Scalar[] = [];
  for (let power = 1n; powers.length < count; power = group.reduce(power * base)) {
    powers.push(power);
  }
  return powers;
}
