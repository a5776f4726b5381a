/** Whether evidence holds against the blocks of this chain (CometBFT v0.38, evidence/verify.go). */
import type { Evidence } from "@tacit/encoding/proto/tendermint/types/evidence";
import { type Timestamp, timestampToNanos } from "@tacit/light";
import type { ChainStore } from "../embedded/chain-store.ts";
import type { Tip } from "../embedded/tip.ts";
import { verifyDuplicateVote } from "./duplicate-vote.ts";
import {
  conflictingHeight,
  type TrustedBlock,
  verifyLightClientAttack,
} from "./light-client-attack.ts";
import { heightOfEvidence, malformed, refusal, timeOfEvidence } from "./messages.ts";

export type EvidenceTip = Pick<Tip, "chainId" | "height" | "time" | "params">;

/** @throws {EvidenceError} every code but `evidence/too_large`, `evidence/pool_full`. */
export function verifyEvidence(evidence: Evidence, store: ChainStore, tip: EvidenceTip): void {
  const height = heightOfEvidence(evidence);
  const header = height > tip.height ? undefined : store.header(height);
  const set = store.validators(height);
  if (header === undefined || set === undefined) {
    throw refusal("evidence/unknown_block", `height ${height}`);
  }
  const time = timeOfEvidence(evidence);
  if (timestampToNanos(time) !== timestampToNanos(header.time)) {
    throw refusal("evidence/wrong_time", `block ${height} has another`);
  }
  if (isExpired({ height, time }, tip))
    throw refusal("evidence/too_old", `it is of block ${height}`);
  const { sum } = evidence;
  if (sum.case === "duplicateVoteEvidence") {
    verifyDuplicateVote(sum.value, { chainId: tip.chainId, validators: set });
  } else if (sum.case === "lightClientAttackEvidence") {
    const trusted = trustedBlock(store, tip, conflictingHeight(sum.value));
    const { validators: commonValidators } = set;
    verifyLightClientAttack(sum.value, { chainId: tip.chainId, commonValidators, trusted });
  } else {
    throw malformed("it is of no known kind");
  }
}

/** Old by both measures of the consensus parameters. */
export function isExpired(
  { height, time }: { readonly height: bigint; readonly time: Timestamp },
  tip: EvidenceTip,
): boolean {
  const { maxAgeDurationNs, maxAgeNumBlocks } = tip.params.evidence;
  const ageNs = timestampToNanos(tip.time) - timestampToNanos(time);
  return ageNs > maxAgeDurationNs && tip.height - height > maxAgeNumBlocks;
}

/** Ours at that height; the newest for a block ahead of the chain. */
function trustedBlock(store: ChainStore, tip: EvidenceTip, height: bigint): TrustedBlock {
  const known = height > tip.height ? tip.height : height;
  const block = store.block(known);
  if (block === undefined) throw refusal("evidence/unknown_block", `height ${known}`);
  const canonical = known < tip.height ? store.record(known + 1n)?.lastCommit : undefined;
  return { header: block.block.header, commit: canonical ?? block.commit };
}
