/** Checking, by anybody and later, that evidence shows what a fault says. */
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes } from "../bytes.ts";
import { ThresholdError } from "../errors.ts";
import { decodeEvidence } from "../protocol/broadcast.ts";
import type { Fault } from "../protocol/party.ts";
import { decodeComplaints, judgeComplaint } from "./complaint.ts";
import { type DealPlan, decodeDealing } from "./dealing.ts";
import { isSignedBody } from "./dealing-party.ts";
import { createDkgPlan, type DkgConfig, secondBase } from "./dkg-party.ts";
import { decodeFinish, decodeReveal, sharesMatch, verifyFinish } from "./finish.ts";
import { createResharePlan, type ReshareConfig } from "./reshare-party.ts";

/**
 * Whether the evidence convicts the one it names, whoever shows it. Faults whose proof is the
 * channel's record (`absent`, `malformed`) are never convicted by this.
 */
export function verifyDkgFault<P>(config: DkgConfig<P>, fault: Fault): boolean {
  return verifyFault(createDkgPlan(config), fault);
}

/** As {@link verifyDkgFault}, for a run of resharing. */
export function verifyReshareFault<P>(config: ReshareConfig<P>, fault: Fault): boolean {
  return verifyFault(createResharePlan(config), fault);
}

function verifyFault<P>(plan: DealPlan<P>, fault: Fault): boolean {
  try {
    if (fault.kind === "equivocation") return isEquivocation(plan, fault);
    if (fault.kind === "bad_share" || fault.kind === "false_complaint") {
      return isGuilty(plan, fault);
    }
    if (fault.kind === "bad_finish") return isBadFinish(plan, fault);
    return fault.kind === "bad_reveal" && isBadReveal(plan, fault);
  } catch (error) {
    if (error instanceof ThresholdError) return false;
    throw error;
  }
}

function isEquivocation<P>(plan: DealPlan<P>, { index, evidence }: Fault): boolean {
  const bodies = decodeEvidence(evidence, 2) as [Uint8Array, Uint8Array];
  const [first, second] = bodies;
  if (equalBytes(first, second) || first[0] !== second[0]) return false;
  return bodies.every((body) => isSignedBody(plan, body[0] ?? 0, index, body));
}

function isGuilty<P>(plan: DealPlan<P>, { index, kind, evidence }: Fault): boolean {
  const [who, body, message] = decodeEvidence(evidence, 3) as [Uint8Array, Uint8Array, Uint8Array];
  const view = new DataView(who.buffer, who.byteOffset, who.length);
  if (who.length !== 4) return false;
  const [dealer, from] = [view.getUint16(0), view.getUint16(2)];
  if (index !== (kind === "bad_share" ? dealer : from)) return false;
  const dealing = decodeDealing(plan, dealer, body);
  const complaint = decodeComplaints(plan, from, message).find((item) => item.dealer === dealer);
  if (complaint === undefined || !equalBytes(complaint.dealingHash, sha256(body))) return false;
  const guilty = judgeComplaint(plan, from, complaint, { dealing, body });
  return guilty === (kind === "bad_share" ? "dealer" : "complainer");
}

function isBadFinish<P>(plan: DealPlan<P>, { index, evidence }: Fault): boolean {
  const [body, message] = decodeEvidence(evidence, 2) as [Uint8Array, Uint8Array];
  const dealing = decodeDealing(plan, index, body);
  const finish = decodeFinish(plan, index, message);
  try {
    verifyFinish(plan, secondBase(plan.group).base, dealing, finish);
    return false;
  } catch (error) {
    if (error instanceof ThresholdError) return true;
    throw error;
  }
}

function isBadReveal<P>(plan: DealPlan<P>, { index, evidence }: Fault): boolean {
  const [body, message] = decodeEvidence(evidence, 2) as [Uint8Array, Uint8Array];
  const revealed = decodeReveal(plan, index, message).find((item) =>
    equalBytes(item.dealingHash, sha256(body)),
  );
  if (revealed === undefined) return false;
  const dealing = decodeDealing(plan, revealed.dealer, body);
  return !sharesMatch(plan, dealing, revealed.shares);
}
