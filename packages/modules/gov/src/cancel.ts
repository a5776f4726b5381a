/** Proposals taken back by who made them. */
import { ProposalStatus } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import type { Context } from "@tacit/sdk";
import { chargeDeposits } from "./deposits.ts";
import type { GovEnvironment } from "./environment.ts";
import { govErrors } from "./errors.ts";
import { getParams } from "./params.ts";
import { deleteProposal } from "./proposals.ts";
import { deleteVotes, mustGetProposal } from "./store.ts";
import { nanosOf } from "./times.ts";

/** Ends a proposal before its time, at the cost of a part of its deposits. @throws {SdkError}. */
export function cancelProposal(
  env: GovEnvironment,
  context: Context,
  id: bigint,
  proposer: string,
): void {
  const proposal = mustGetProposal(context, id);
  if (proposal.proposer === "") {
    throw govErrors.invalidProposal.wrap(
      `proposal ${id} doesn't have proposer ${proposer}, so cannot be canceled`,
    );
  }
  if (proposal.proposer !== proposer) {
    throw govErrors.invalidProposer.wrap(`invalid proposer ${proposer}`);
  }
  const { status, votingStartTime, votingEndTime } = proposal;
  if (status !== ProposalStatus.DEPOSIT_PERIOD && status !== ProposalStatus.VOTING_PERIOD) {
    throw govErrors.invalidProposal.wrap("proposal should be in the deposit or voting period");
  }
  if (votingEndTime !== undefined && nanosOf(votingEndTime) < context.timeNs) {
    throw govErrors.votingEnded.wrap(`voting period is already ended for this proposal ${id}`);
  }
  chargeDeposits(env, context, id, getParams(context));
  if (votingStartTime !== undefined) deleteVotes(context, id);
  deleteProposal(context, id);
}
