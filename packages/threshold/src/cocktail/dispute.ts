/**
 * Who is wrong about a share: anybody can see it. The recipient shows both secrets that it shares
 * with the sender for this message, with one proof that they are its host key's; whoever reads that
 * opens the one ciphertext. This is options 2 and 3 of the standard together: envelopes say which
 * ciphertext was sent, the proof says what comes of it.
 *
 * What it gives away: the lasting secret of the two, which authenticates their ciphertexts to each
 * other. Whoever quarrelled begins again with other host keys.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes, u16BigEndian, utf8 } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import type { Scalar } from "../groups/group.ts";
import { type DleqPair, proveDleq, verifyDleq } from "../proofs/dleq.ts";
import { decodeEvidence, encodeEvidence } from "../protocol/broadcast.ts";
import type { Fault } from "../protocol/party.ts";
import { createSeededRandom } from "../protocol/random.ts";
import { DuplexSponge, deriveSessionId } from "../sigma/transcript.ts";
import type { FirstMessage } from "./messages.ts";
import {
  type CocktailPlan,
  createCocktailPlan,
  decodeShares,
  decodeVerdict,
  openEnvelope,
  SHARES_ROUND,
  type ShareComplaint,
} from "./plan.ts";
import { isCocktailSignature } from "./schnorr.ts";
import type { CocktailParams } from "./session.ts";
import { openShare, type SharedPoints, sharedWith } from "./shares.ts";

/** A first message, and the body that it came in. */
export interface Received<P> {
  readonly first: FirstMessage<P>;
  readonly body: Uint8Array;
}

interface Way {
  readonly sender: number;
  readonly recipient: number;
}

function bindingOf<P>({ envelope }: CocktailPlan<P>, way: Way, body: Uint8Array): Uint8Array {
  const sponge = new DuplexSponge(deriveSessionId(utf8("tacit/cocktail/complaint/v1")));
  sponge.absorb(envelope);
  sponge.absorb(u16BigEndian(way.sender));
  sponge.absorb(u16BigEndian(way.recipient));
  sponge.absorb(sha256(body));
  return sponge.squeeze(32);
}

function pairsOf<P>(
  { params, keys }: CocktailPlan<P>,
  { sender, recipient }: Way,
  first: FirstMessage<P>,
  shared: SharedPoints<P>,
): DleqPair<P>[] {
  const { group } = params.suite;
  return [
    { base: group.generator, image: keys[recipient - 1] as P },
    { base: first.points.ephemeral, image: shared.ephemeral },
    { base: keys[sender - 1] as P, image: shared.lasting },
  ];
}

/** @param secret the recipient's. */
export function complainAbout<P>(
  plan: CocktailPlan<P>,
  way: Way,
  secret: Scalar,
  { first, body }: Received<P>,
): ShareComplaint {
  const { group } = plan.params.suite;
  const { sender } = way;
  const key = plan.keys[sender - 1] as P;
  const shared = sharedWith(plan.params, secret, { ephemeral: first.points.ephemeral, key });
  const binding = bindingOf(plan, way, body);
  const seed = group.encodeScalar(secret).slice(0, 32);
  const random = createSeededRandom(seed, "tacit/cocktail/complaint-nonce/v1", binding);
  return {
    sender,
    messageHash: sha256(body),
    ephemeral: group.encode(shared.ephemeral),
    lasting: group.encode(shared.lasting),
    proof: proveDleq(group, binding, pairsOf(plan, way, first, shared), secret, random),
  };
}

/** Whose fault it is: the sender's, or that of the recipient who complains. */
export function judgeShare<P>(
  plan: CocktailPlan<P>,
  recipient: number,
  complaint: ShareComplaint,
  { first, body }: Received<P>,
): "sender" | "recipient" {
  const { group } = plan.params.suite;
  const way = { sender: complaint.sender, recipient };
  let shared: SharedPoints<P>;
  try {
    shared = {
      ephemeral: group.decode(complaint.ephemeral),
      lasting: group.decode(complaint.lasting),
    };
    const pairs = pairsOf(plan, way, first, shared);
    verifyDleq(group, bindingOf(plan, way, body), pairs, complaint.proof);
  } catch (error) {
    if (error instanceof ThresholdError) return "recipient";
    throw error;
  }
  const ciphertext = first.ciphertexts[recipient - 1] as Uint8Array;
  const opened = openShare(plan.params, { ...first, ciphertext }, { ...way, shared });
  return typeof opened === "string" ? "sender" : "recipient";
}

/** The fault that a complaint shows, of one or the other. */
export function faultOfComplaint<P>(
  plan: CocktailPlan<P>,
  recipient: number,
  complaint: ShareComplaint,
  received: Received<P>,
  verdictBody: Uint8Array,
): Fault {
  const { sender } = complaint;
  const who = Uint8Array.of(...u16BigEndian(sender), ...u16BigEndian(recipient));
  const evidence = encodeEvidence(who, received.body, verdictBody);
  return judgeShare(plan, recipient, complaint, received) === "sender"
    ? { index: sender, kind: "bad_share", evidence }
    : { index: recipient, kind: "false_complaint", evidence };
}

/**
 * Whether the evidence convicts the one it names, whoever shows it. `malformed` convicts if the
 * body is signed and yet no first message; `absent`, and a body that nobody signed, never do.
 */
export function verifyCocktailFault<P>(params: CocktailParams<P>, fault: Fault): boolean {
  const plan = createCocktailPlan(params);
  try {
    switch (fault.kind) {
      case "equivocation":
        return isEquivocation(plan, fault);
      case "bad_share":
      case "false_complaint":
        return isGuilty(plan, fault);
      case "bad_finish":
        return isBadSignature(plan, fault);
      default:
        return fault.kind === "malformed" && isSignedNonsense(plan, fault);
    }
  } catch (error) {
    if (error instanceof ThresholdError) return false;
    throw error;
  }
}

function isEquivocation<P>(plan: CocktailPlan<P>, { index, evidence }: Fault): boolean {
  const bodies = decodeEvidence(evidence, 2) as [Uint8Array, Uint8Array];
  if (equalBytes(...bodies) || bodies[0][0] !== bodies[1][0]) return false;
  for (const body of bodies) openEnvelope(plan, body[0] ?? 0, index, body);
  return true;
}

function isGuilty<P>(plan: CocktailPlan<P>, { index, kind, evidence }: Fault): boolean {
  const [who, body, message] = decodeEvidence(evidence, 3) as [Uint8Array, Uint8Array, Uint8Array];
  if (who.length !== 4) return false;
  const view = new DataView(who.buffer, who.byteOffset, who.length);
  const [sender, recipient] = [view.getUint16(0), view.getUint16(2)];
  if (index !== (kind === "bad_share" ? sender : recipient)) return false;
  const received = { first: decodeShares(plan, sender, body), body };
  const verdict = decodeVerdict(plan, recipient, message);
  const complaint =
    verdict.kind === "complaints" && verdict.complaints.find((item) => item.sender === sender);
  if (!complaint || !equalBytes(complaint.messageHash, sha256(body))) return false;
  const guilty = judgeShare(plan, recipient, complaint, received);
  return guilty === (kind === "bad_share" ? "sender" : "recipient");
}

/** A signature that is none of the very transcript that its maker names. */
function isBadSignature<P>(plan: CocktailPlan<P>, { index, evidence }: Fault): boolean {
  const [transcript, body] = decodeEvidence(evidence, 2) as [Uint8Array, Uint8Array];
  const verdict = decodeVerdict(plan, index, body);
  if (verdict.kind !== "signature") return false;
  if (!equalBytes(verdict.transcriptHash, sha256(transcript))) return false;
  const key = plan.keys[index - 1] as P;
  return !isCocktailSignature(plan.params.suite, key, transcript, verdict.signature);
}

function isSignedNonsense<P>(plan: CocktailPlan<P>, { index, evidence }: Fault): boolean {
  const round = evidence[0] ?? 0;
  openEnvelope(plan, round, index, evidence);
  try {
    if (round === SHARES_ROUND) decodeShares(plan, index, evidence);
    else decodeVerdict(plan, index, evidence);
    return false;
  } catch (error) {
    if (error instanceof ThresholdError) return true;
    throw error;
  }
}
