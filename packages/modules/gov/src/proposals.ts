/** A proposal's way from one period to the next. */
import { type Proposal, ProposalStatus } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import type { Context } from "@tacit/sdk";
import {
  activeQueueKey,
  govStoreName,
  inactiveQueueKey,
  proposalKey,
  votingProposalKey,
} from "./keys.ts";
import { getParams } from "./params.ts";
import { dequeue, enqueue, mustGetProposal, setProposal } from "./store.ts";
import { addDuration, toTimestamp } from "./times.ts";

/** Opens voting. */
export function activateVotingPeriod(context: Context, proposal: Proposal): void {
  const { expeditedVotingPeriod, votingPeriod } = getParams(context);
  const { id } = proposal;
  const votingStartTime = toTimestamp(context.time);
  const votingEndTime = addDuration(
    votingStartTime,
    proposal.expedited ? expeditedVotingPeriod : votingPeriod,
  );
  const status = ProposalStatus.VOTING_PERIOD;
  setProposal(context, { ...proposal, status, votingStartTime, votingEndTime });
  if (proposal.depositEndTime !== undefined) {
    dequeue(context, inactiveQueueKey(proposal.depositEndTime, id));
  }
  enqueue(context, activeQueueKey(votingEndTime, id), id);
}

/** Removes a proposal from wherever it stands; its deposits and votes stay. */
export function deleteProposal(context: Context, id: bigint): void {
  const { depositEndTime, votingEndTime } = mustGetProposal(context, id);
  if (depositEndTime !== undefined) dequeue(context, inactiveQueueKey(depositEndTime, id));
  const store = context.kvStore(govStoreName);
  if (votingEndTime !== undefined) {
    dequeue(context, activeQueueKey(votingEndTime, id));
    store.delete(votingProposalKey(id));
  }
  store.delete(proposalKey(id));
}
