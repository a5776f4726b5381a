/**
 * One dealer's message: commitments to polynomials, and every holder's values, encrypted.
 *
 * `1 || R || polynomials x (threshold elements) || per share: polynomials x scalar || signature`.
 * A holder's mask is hashed of `key secret * R`; the signature shows that the dealer knows R's
 * logarithm, so nobody can repeat another's R and have its boxes opened by a complaint.
 */
import { u16BigEndian } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Group, RandomBytes, Scalar } from "../groups/group.ts";
import { assertRound } from "../protocol/broadcast.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import { signatureBytes, signMessage, verifyMessage } from "../protocol/signed.ts";
import { DuplexSponge, decodeChallenge, widthOf } from "../sigma/transcript.ts";
import { publicShare } from "../vss.ts";
import { rangeIndices, type ShareRange } from "./config.ts";

/** First byte of a dealing. */
export const DEALING_ROUND = 1;

/** What a round of dealing is between. */
export interface DealPlan<P> {
  readonly group: Group<P>;
  readonly context: Uint8Array;
  /** Multiplies the element that commitments are multiples of. */
  readonly multiplyBase: (scalar: Scalar) => P;
  readonly threshold: number;
  readonly dealers: readonly {
    readonly key: P;
    /** The first commitment of each polynomial, where it is given; else undefined. */
    readonly secrets: readonly (P | undefined)[];
  }[];
  readonly receivers: readonly { readonly key: P; readonly range: ShareRange }[];
}

export interface Dealing<P> {
  readonly dealer: number;
  readonly ephemeral: P;
  /** By polynomial, then by coefficient. */
  readonly commitments: readonly (readonly P[])[];
  /** By receiver, then share, then polynomial. */
  readonly boxes: readonly (readonly (readonly Scalar[])[])[];
}

function evaluate<P>(group: Group<P>, coefficients: readonly Scalar[], at: number): Scalar {
  const x = BigInt(at);
  return coefficients.reduceRight((sum, scalar) => group.reduce(sum * x + scalar), 0n);
}

/** The dealer's polynomials, the same whenever `random` is begun anew with one seed. */
export function drawPolynomials<P>(
  plan: DealPlan<P>,
  secrets: readonly (Scalar | undefined)[],
  random: RandomBytes,
): Scalar[][] {
  const { group, threshold } = plan;
  return secrets.map((secret) => [
    secret ?? group.randomScalar(random),
    ...Array.from({ length: threshold - 1 }, () => group.randomScalar(random)),
  ]);
}

/** @param keySecret the logarithm of the dealer's long-term key. */
export function encodeDealing<P>(
  plan: DealPlan<P>,
  dealer: number,
  keySecret: Scalar,
  polynomials: readonly (readonly Scalar[])[],
  random: RandomBytes,
): Uint8Array {
  const { group } = plan;
  const ephemeralSecret = group.randomScalar(random);
  const ephemeral = group.multiplyBase(ephemeralSecret);
  const writer = new ByteWriter().unsigned(DEALING_ROUND, 1).element(group, ephemeral);
  for (const scalar of polynomials.flat()) writer.element(group, plan.multiplyBase(scalar));
  for (const { key, range } of plan.receivers) {
    const shared = group.multiplySecret(key, ephemeralSecret);
    const masks = deriveMasks(plan, { dealer, ephemeral, range, shared }, polynomials.length);
    rangeIndices(range).forEach((index, i) => {
      polynomials.forEach((polynomial, k) => {
        const mask = masks[i]?.[k] as Scalar;
        writer.scalar(group, group.reduce(evaluate(group, polynomial, index) + mask));
      });
    });
  }
  const payload = writer.bytes();
  const message = { context: plan.context, sender: dealer, payload };
  const signature = signMessage(group, message, [keySecret, ephemeralSecret]);
  return new ByteWriter().fixed(payload).fixed(signature).bytes();
}

/**
 * Everything that can be checked without a holder's key.
 *
 * @throws {ThresholdError} `threshold/index`, `threshold/length`, `threshold/signature`,
 * `threshold/bad_share` (a first commitment that is not the given one) and the group's codes.
 */
export function decodeDealing<P>(plan: DealPlan<P>, dealer: number, body: Uint8Array): Dealing<P> {
  const { group } = plan;
  const member = plan.dealers[dealer - 1];
  if (member === undefined) throw new ThresholdError({ code: "threshold/index", index: dealer });
  const reader = new ByteReader(body);
  assertRound(reader, DEALING_ROUND);
  const ephemeral = reader.element(group);
  const commitments = member.secrets.map(() =>
    Array.from({ length: plan.threshold }, () => reader.element(group)),
  );
  const boxes = plan.receivers.map(({ range }) =>
    rangeIndices(range).map(() => member.secrets.map(() => reader.scalar(group))),
  );
  const signature = reader.fixed(signatureBytes(group));
  reader.end();
  const payload = body.slice(0, body.length - signature.length);
  const message = { context: plan.context, sender: dealer, payload };
  verifyMessage(group, message, [member.key, ephemeral], signature);
  const wrong = member.secrets.some(
    (secret, k) => secret !== undefined && !group.equal(secret, commitments[k]?.[0] as P),
  );
  if (wrong) throw new ThresholdError({ code: "threshold/bad_share", indices: [dealer] });
  return { dealer, ephemeral, commitments, boxes };
}

/** The values of one receiver, by share, then polynomial. @param shared its key's secret times R. */
export function openBoxes<P>(
  plan: DealPlan<P>,
  dealing: Dealing<P>,
  receiver: number,
  shared: P,
): Scalar[][] {
  const range = plan.receivers[receiver - 1]?.range as ShareRange;
  const { dealer, ephemeral, commitments } = dealing;
  const masks = deriveMasks(plan, { dealer, ephemeral, range, shared }, commitments.length);
  return (dealing.boxes[receiver - 1] as Scalar[][]).map((row, i) =>
    row.map((box, k) => plan.group.reduce(box - (masks[i]?.[k] as Scalar))),
  );
}

/** Whether `values` are the polynomials' at this receiver's shares. */
export function valuesMatch<P>(
  plan: DealPlan<P>,
  dealing: Dealing<P>,
  receiver: number,
  values: readonly (readonly Scalar[])[],
): boolean {
  const { group } = plan;
  const range = plan.receivers[receiver - 1]?.range as ShareRange;
  return rangeIndices(range).every((index, i) =>
    dealing.commitments.every((list, k) =>
      group.equal(plan.multiplyBase(values[i]?.[k] as Scalar), publicShare(group, list, index)),
    ),
  );
}

interface MaskInput<P> {
  readonly dealer: number;
  readonly ephemeral: P;
  readonly range: ShareRange;
  readonly shared: P;
}

/** One-time pads modulo the order; biased by less than 2^-128. */
function deriveMasks<P>(plan: DealPlan<P>, input: MaskInput<P>, perShare: number): Scalar[][] {
  const { group } = plan;
  const sponge = new DuplexSponge(plan.context);
  sponge.absorb(u16BigEndian(input.dealer));
  sponge.absorb(u16BigEndian(input.range.index));
  sponge.absorb(group.encode(input.ephemeral));
  sponge.absorb(group.encode(input.shared));
  const width = widthOf(group.order) + 16;
  return rangeIndices(input.range).map(() =>
    Array.from({ length: perShare }, () => decodeChallenge(sponge.squeeze(width), group.order)),
  );
}
