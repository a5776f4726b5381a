/**
 * A receiver's word on the dealings: `2 || count || count x (dealer || SHA-256 of the dealing ||
 * S || proof) || signature`.
 *
 * S is the receiver's key secret times the dealing's R, with a proof of it: whoever reads that
 * can open the receiver's boxes of this dealing, and no other, and see who is wrong.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { u16BigEndian, utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Group, Scalar } from "../groups/group.ts";
import { assertRound } from "../protocol/broadcast.ts";
import { ByteReader, ByteWriter } from "../protocol/codec.ts";
import { createSeededRandom } from "../protocol/random.ts";
import { signatureBytes, signMessage, verifyMessage } from "../protocol/signed.ts";
import { proveRelation, verifyRelation } from "../sigma/linear.ts";
import type { LinearRelation } from "../sigma/relation.ts";
import { DuplexSponge, deriveSessionId, encodeString } from "../sigma/transcript.ts";
import { type Dealing, type DealPlan, openBoxes, valuesMatch } from "./dealing.ts";

export const COMPLAINT_ROUND = 2;

export interface Complaint {
  readonly dealer: number;
  /** Which dealing is meant: a dealer who signs two cannot frame who complains about one. */
  readonly dealingHash: Uint8Array;
  readonly shared: Uint8Array;
  readonly proof: Uint8Array;
}

/** Two elements and two multiples with one secret: `key = secret * G`, `shared = secret * R`. */
export function equalLogarithms<P>(
  group: Group<P>,
  elements: readonly [P, P, P],
): LinearRelation<P> {
  const image = (element: number) => [{ element, coefficient: 1n }];
  const terms = (element: number) => [{ scalar: 0, element, coefficient: 1n }];
  return {
    group,
    elements: [group.generator, ...elements],
    equations: [
      { image: image(1), terms: terms(0) },
      { image: image(3), terms: terms(2) },
    ],
  };
}

function complaintTag<P>(plan: DealPlan<P>, from: number, dealer: number, dealing: Uint8Array) {
  const sponge = new DuplexSponge(deriveSessionId(utf8("tacit/dkg/complaint/v1")));
  sponge.absorb(encodeString(plan.context));
  sponge.absorb(u16BigEndian(from));
  sponge.absorb(u16BigEndian(dealer));
  sponge.absorb(sha256(dealing));
  return sponge.squeeze(32);
}

/** What {@link encodeComplaints} complains about. */
export interface Grievance<P> {
  readonly dealing: Dealing<P>;
  readonly body: Uint8Array;
}

/** @param grievances in ascending order of their dealers. */
export function encodeComplaints<P>(
  plan: DealPlan<P>,
  from: number,
  keySecret: Scalar,
  grievances: readonly Grievance<P>[],
): Uint8Array {
  const { group } = plan;
  const key = plan.receivers[from - 1]?.key as P;
  const writer = new ByteWriter().unsigned(COMPLAINT_ROUND, 1).unsigned(grievances.length, 2);
  for (const { dealing, body } of grievances) {
    const { dealer, ephemeral } = dealing;
    const shared = group.multiplySecret(ephemeral, keySecret);
    const tag = complaintTag(plan, from, dealer, body);
    const seed = group.encodeScalar(keySecret).slice(0, 32);
    const random = createSeededRandom(seed, "tacit/dkg/complaint-nonce/v1", tag);
    const relation = equalLogarithms(group, [key, ephemeral, shared]);
    writer.unsigned(dealer, 2).fixed(sha256(body)).element(group, shared);
    writer.fixed(proveRelation(tag, relation, [keySecret], random));
  }
  const payload = writer.bytes();
  const message = { context: plan.context, sender: from, payload };
  return new ByteWriter()
    .fixed(payload)
    .fixed(signMessage(group, message, [keySecret]))
    .bytes();
}

/** Form and signature; each complaint is judged apart. @throws `threshold/…`. */
export function decodeComplaints<P>(
  plan: DealPlan<P>,
  from: number,
  body: Uint8Array,
): Complaint[] {
  const { group } = plan;
  const member = plan.receivers[from - 1];
  if (member === undefined) throw new ThresholdError({ code: "threshold/index", index: from });
  const reader = new ByteReader(body);
  assertRound(reader, COMPLAINT_ROUND);
  const count = reader.unsigned(2);
  if (count > plan.dealers.length) throw new ThresholdError({ code: "threshold/parameters" });
  const complaints = Array.from({ length: count }, () => ({
    dealer: reader.unsigned(2),
    dealingHash: reader.fixed(32),
    shared: reader.fixed(group.elementBytes),
    proof: reader.fixed(2 * group.scalarBytes),
  }));
  const signature = reader.fixed(signatureBytes(group));
  reader.end();
  complaints.reduce((last, { dealer: index }) => {
    if (index <= last) throw new ThresholdError({ code: "threshold/duplicate_index", index });
    return index;
  }, 0);
  const payload = body.slice(0, body.length - signature.length);
  verifyMessage(group, { context: plan.context, sender: from, payload }, [member.key], signature);
  return complaints;
}

/** Who is wrong: the dealer, or the one who complains. */
export function judgeComplaint<P>(
  plan: DealPlan<P>,
  from: number,
  complaint: Complaint,
  { dealing, body }: Grievance<P>,
): "dealer" | "complainer" {
  const { group } = plan;
  const key = plan.receivers[from - 1]?.key as P;
  let shared: P;
  try {
    shared = group.decode(complaint.shared);
    const relation = equalLogarithms(group, [key, dealing.ephemeral, shared]);
    verifyRelation(complaintTag(plan, from, dealing.dealer, body), relation, complaint.proof);
  } catch (error) {
    if (error instanceof ThresholdError) return "complainer";
    throw error;
  }
  const values = openBoxes(plan, dealing, from, shared);
  return valuesMatch(plan, dealing, from, values) ? "complainer" : "dealer";
}
