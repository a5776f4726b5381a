/**
 * What a qualified dealer shows once nobody can be added or dropped any more: its commitments
 * as multiples of the generator, `3 || threshold elements || proof || signature`; and what
 * the holders show instead of a dealer who does not: `4 || count ||
 * count x (dealer || SHA-256 of its dealing || per share: scalar) || signature`.
 */
import { utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import { assertRound } from "../protocol/broadcast.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import { createSeededRandom } from "../protocol/random.ts";
import { signatureBytes, signMessage, verifyMessage } from "../protocol/signed.ts";
import { proveRelation, verifyRelation } from "../sigma/linear.ts";
import {
  DuplexSponge,
  deriveSessionId,
  encodeString,
  squeezeChallenge,
} from "../sigma/transcript.ts";
import { lagrangeWeights, publicShare, type Share } from "../vss.ts";
import { equalLogarithms } from "./complaint.ts";
import { rangeIndices } from "./config.ts";
import type { Dealing, DealPlan } from "./dealing.ts";

export const FINISH_ROUND = 3;
export const REVEAL_ROUND = 4;

/** One combination of all coefficients, by weights hashed of both lists: one proof for all. */
function combinedStatement<P>(
  plan: DealPlan<P>,
  base: P,
  { dealer, commitments }: Dealing<P>,
  elements: readonly P[],
) {
  const { group } = plan;
  const first = commitments[0] as readonly P[];
  const sponge = new DuplexSponge(deriveSessionId(utf8("tacit/dkg/finish/v1")));
  sponge.absorb(encodeString(plan.context));
  sponge.absorb(Uint8Array.of(dealer >> 8, dealer & 255));
  for (const element of [...first, ...elements]) sponge.absorb(group.encode(element));
  const weights = elements.map(() => squeezeChallenge(sponge, group.order));
  const left = group.sumOfProducts(elements, weights);
  const right = group.sumOfProducts(first, weights);
  const relation = equalLogarithms(group, [left, base, right]);
  return { tag: sponge.squeeze(32), relation, weights };
}

/** @param base the element whose multiples the dealing's commitments are. */
export function encodeFinish<P>(
  plan: DealPlan<P>,
  base: P,
  keySecret: Scalar,
  input: { readonly dealing: Dealing<P>; readonly polynomial: readonly Scalar[] },
): Uint8Array {
  const { group } = plan;
  const { dealing, polynomial } = input;
  const elements = polynomial.map((scalar) => group.multiplyBase(scalar));
  const { tag, relation, weights } = combinedStatement(plan, base, dealing, elements);
  const secret = group.reduce(
    polynomial.reduce((sum, scalar, i) => sum + scalar * (weights[i] as Scalar), 0n),
  );
  const seed = group.encodeScalar(secret).slice(0, 32);
  const random = createSeededRandom(seed, "tacit/dkg/finish-nonce/v1", tag);
  const writer = new ByteWriter().unsigned(FINISH_ROUND, 1);
  for (const element of elements) writer.element(group, element);
  writer.fixed(proveRelation(tag, relation, [secret], random));
  return sign(plan, dealing.dealer, keySecret, writer.bytes());
}

function sign<P>(plan: DealPlan<P>, sender: number, keySecret: Scalar, payload: Uint8Array) {
  const message = { context: plan.context, sender, payload };
  const signature = signMessage(plan.group, message, [keySecret]);
  return new ByteWriter().fixed(payload).fixed(signature).bytes();
}

/** Form and signature. @throws `threshold/…`. */
export function decodeFinish<P>(
  plan: DealPlan<P>,
  from: number,
  body: Uint8Array,
): { elements: Uint8Array[]; proof: Uint8Array } {
  const { group } = plan;
  const reader = new ByteReader(body);
  assertRound(reader, FINISH_ROUND);
  const elements = Array.from({ length: plan.threshold }, () => reader.fixed(group.elementBytes));
  const proof = reader.fixed(2 * group.scalarBytes);
  verifySigned(plan, from, body, reader);
  return { elements, proof };
}

function verifySigned<P>(plan: DealPlan<P>, from: number, body: Uint8Array, reader: ByteReader) {
  const signature = reader.fixed(signatureBytes(plan.group));
  reader.end();
  const payload = body.slice(0, body.length - signature.length);
  const member = plan.receivers[from - 1];
  if (member === undefined) throw new ThresholdError({ code: "threshold/index", index: from });
  const message = { context: plan.context, sender: from, payload };
  verifyMessage(plan.group, message, [member.key], signature);
}

/** @returns the elements. @throws {ThresholdError} the group's codes, `threshold/proof`. */
export function verifyFinish<P>(
  plan: DealPlan<P>,
  base: P,
  dealing: Dealing<P>,
  finish: { readonly elements: readonly Uint8Array[]; readonly proof: Uint8Array },
): P[] {
  const elements = finish.elements.map((bytes) => plan.group.decode(bytes));
  const { tag, relation } = combinedStatement(plan, base, dealing, elements);
  verifyRelation(tag, relation, finish.proof);
  return elements;
}

/** What a holder got from a dealer that stays away. */
export interface Revealed {
  readonly dealer: number;
  /** Which dealing is meant: a dealer who signs two cannot frame who reveals of one. */
  readonly dealingHash: Uint8Array;
  readonly shares: readonly Share[];
}

export function encodeReveal<P>(
  plan: DealPlan<P>,
  from: number,
  keySecret: Scalar,
  revealed: readonly Revealed[],
): Uint8Array {
  const writer = new ByteWriter().unsigned(REVEAL_ROUND, 1).unsigned(revealed.length, 2);
  for (const { dealer, dealingHash, shares } of revealed) {
    writer.unsigned(dealer, 2).fixed(dealingHash);
    for (const { value } of shares) writer.scalar(plan.group, value);
  }
  return sign(plan, from, keySecret, writer.bytes());
}

/** Form and signature. @throws `threshold/…`. */
export function decodeReveal<P>(plan: DealPlan<P>, from: number, body: Uint8Array): Revealed[] {
  const reader = new ByteReader(body);
  assertRound(reader, REVEAL_ROUND);
  const range = plan.receivers[from - 1]?.range;
  if (range === undefined) throw new ThresholdError({ code: "threshold/index", index: from });
  const count = reader.unsigned(2);
  if (count > plan.dealers.length) throw new ThresholdError({ code: "threshold/parameters" });
  const revealed = Array.from({ length: count }, () => ({
    dealer: reader.unsigned(2),
    dealingHash: reader.fixed(32),
    shares: rangeIndices(range).map((index) => ({ index, value: reader.scalar(plan.group) })),
  }));
  verifySigned(plan, from, body, reader);
  return revealed;
}

/** Whether shares are the dealing's first polynomial's values. */
export function sharesMatch<P>(
  plan: DealPlan<P>,
  { commitments }: Dealing<P>,
  shares: readonly Share[],
): boolean {
  const { group } = plan;
  const list = commitments[0] as readonly P[];
  return shares.every(({ index, value }) =>
    group.equal(plan.multiplyBase(value), publicShare(group, list, index)),
  );
}

/** Coefficients of the polynomial through `shares`, whose indices differ; as many as shares. */
export function interpolate<P>(group: Group<P>, shares: readonly Share[]): Scalar[] {
  const result = shares.map(() => 0n);
  const indices = shares.map(({ index }) => index);
  const weights = lagrangeWeights(group, indices);
  shares.forEach(({ index, value }, i) => {
    // The basis polynomial is prod (x - j) over the others, scaled to be 1 at index; at 0 it is
    // the Lagrange weight, which gives the scale without another inversion.
    let basis = [1n];
    let atZero = 1n;
    for (const other of indices) {
      if (other === index) continue;
      const shifted = [0n, ...basis];
      basis = shifted.map((c, k) => group.reduce(c - BigInt(other) * (basis[k] ?? 0n)));
      atZero = group.reduce(-atZero * BigInt(other));
    }
    const scale = group.reduce(value * (weights[i] as Scalar) * group.invert(atZero));
    basis.forEach((c, k) => {
      result[k] = group.reduce((result[k] as Scalar) + c * scale);
    });
  });
  return result;
}
