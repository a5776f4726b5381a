/** What other modules may do when something happens to a proposal. */
import type { Context } from "@tacit/sdk";

/**
 * The first three run in the transaction: what they throw fails it. The last two run in end block
 * on a branch of their own: what they throw undoes only what they did.
 */
export interface GovHooks {
  afterProposalSubmission?(context: Context, proposalId: bigint): void;
  afterProposalDeposit?(context: Context, proposalId: bigint, depositor: Uint8Array): void;
  afterProposalVote?(context: Context, proposalId: bigint, voter: Uint8Array): void;
  afterProposalFailedMinDeposit?(context: Context, proposalId: bigint): void;
  afterProposalVotingPeriodEnded?(context: Context, proposalId: bigint): void;
}

/** All of `hooks`, one after the other. The list may grow until the first block. */
export function allHooks(hooks: readonly GovHooks[]): Required<GovHooks> {
  return {
    afterProposalSubmission: (context, id) => {
      for (const hook of hooks) hook.afterProposalSubmission?.(context, id);
    },
    afterProposalDeposit: (context, id, depositor) => {
      for (const hook of hooks) hook.afterProposalDeposit?.(context, id, depositor);
    },
    afterProposalVote: (context, id, voter) => {
      for (const hook of hooks) hook.afterProposalVote?.(context, id, voter);
    },
    afterProposalFailedMinDeposit: (context, id) => {
      for (const hook of hooks) hook.afterProposalFailedMinDeposit?.(context, id);
    },
    afterProposalVotingPeriodEnded: (context, id) => {
      for (const hook of hooks) hook.afterProposalVotingPeriodEnded?.(context, id);
    },
  };
}
