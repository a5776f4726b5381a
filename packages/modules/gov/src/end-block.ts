/** At the end of each block: proposals whose time has come. */
import { type Proposal, ProposalStatus } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { type AbciEvent, type Context, createEvent, isFatal, PanicError } from "@tacit/sdk";
import { burnDeposits, refundDeposits } from "./deposits.ts";
import type { GovEnvironment } from "./environment.ts";
import { isFailure } from "./errors.ts";
import { activeQueueKey, activeQueuePrefix, inactiveQueuePrefix } from "./keys.ts";
import { getParams } from "./params.ts";
import {
  type ProposalMessage,
  printMessage,
  runMessage,
  unpackMessages,
} from "./proposal-messages.ts";
import { deleteProposal } from "./proposals.ts";
import {
  deleteVotes,
  dequeue,
  dueProposals,
  enqueue,
  mustGetProposal,
  setProposal,
} from "./store.ts";
import { tally } from "./tally.ts";
import { addDuration, zeroTime } from "./times.ts";

/**
 * Drops proposals that did not get their deposit in time, then counts the votes of those whose
 * voting is over.
 * @throws whatever an SDK chain would stop with: deposits that cannot be paid back.
 */
export function endBlock(env: GovEnvironment, context: Context): void {
  for (const id of dueProposals(context, inactiveQueuePrefix, context.time)) {
    drop(env, context, id);
  }
  for (const id of dueProposals(context, activeQueuePrefix, context.time)) {
    decide(env, context, id);
  }
}

function drop(env: GovEnvironment, context: Context, id: bigint): void {
  deleteProposal(context, id);
  if (getParams(context).burnProposalDepositPrevote) burnDeposits(env, context, id);
  else refundDeposits(env, context, id);
  callHook(context, (branch) => env.hooks.afterProposalFailedMinDeposit(branch, id));
  context.events.emit(
    createEvent(
      "inactive_proposal",
      ["proposal_id", `${id}`],
      ["proposal_result", "proposal_dropped"],
    ),
  );
}

function decide(env: GovEnvironment, context: Context, id: bigint): void {
  const proposal = mustGetProposal(context, id);
  const { passes, burnsDeposits, result } = tally(env, context, proposal);
  deleteVotes(context, id);
  if (passes || !proposal.expedited) {
    if (burnsDeposits) burnDeposits(env, context, id);
    else refundDeposits(env, context, id);
  }
  dequeue(context, activeQueueKey(proposal.votingEndTime ?? zeroTime, id));
  const decision = passes
    ? execute(env, context, proposal)
    : proposal.expedited
      ? convert(context, proposal)
      : rejected;
  setProposal(context, { ...proposal, ...decision.changes, finalTallyResult: result });
  callHook(context, (branch) => env.hooks.afterProposalVotingPeriodEnded(branch, id));
  context.events.emit(
    createEvent(
      "active_proposal",
      ["proposal_id", `${id}`],
      ["proposal_result", decision.result],
      ["proposal_log", decision.log],
    ),
  );
}

/** What becomes of a proposal, and how the event says it. */
interface Decision {
  readonly changes: Partial<Proposal>;
  readonly result: string;
  readonly log: string;
}

const rejected: Decision = {
  changes: {
    status: ProposalStatus.REJECTED,
    failedReason: "proposal did not get enough votes to pass",
  },
  result: "proposal_rejected",
  log: "rejected",
};

/** An expedited proposal that fails is voted on again, as long as others, from its start. */
function convert(context: Context, { id, votingStartTime }: Proposal): Decision {
  const { votingPeriod } = getParams(context);
  const votingEndTime = addDuration(votingStartTime ?? zeroTime, votingPeriod);
  enqueue(context, activeQueueKey(votingEndTime, id), id);
  return {
    changes: { expedited: false, votingEndTime },
    result: "expedited_proposal_rejected",
    log: "expedited proposal converted to regular",
  };
}

/** Runs all messages or, if one fails, none. */
function execute(env: GovEnvironment, context: Context, proposal: Proposal): Decision {
  const messages = unpackMessages(proposal.messages, env.messages, env.types);
  const branch = context.cacheContext();
  const events: AbciEvent[] = [];
  for (const [index, message] of messages.entries()) {
    try {
      events.push(...runMessage(branch.context, message));
    } catch (error) {
      branch.revert();
      return failed(index, message, error);
    }
  }
  branch.commit();
  context.events.emitAll(events);
  return {
    changes: { status: ProposalStatus.PASSED },
    result: "proposal_passed",
    log: "passed",
  };
}

function failed(index: number, message: ProposalMessage, error: unknown): Decision {
  const { route } = message;
  const reason = reasonOf(message, error);
  return {
    changes: { status: ProposalStatus.FAILED, failedReason: reason },
    result: "proposal_failed",
    log: `passed, but msg ${index} (${route.typeUrl}) failed on execution: ${reason}`,
  };
}

/** A panicking message is printed whole, as Go does: the reason is state. */
function reasonOf(message: ProposalMessage, error: unknown): string {
  if (isFailure(error)) return error.message;
  if (isFatal(error)) throw error;
  const text = error instanceof PanicError ? error.message : "internal error";
  return `handling x/gov proposal msg [${printMessage(message)}] PANICKED: ${text}`;
}

/** A hook that fails undoes what it did, and nothing else. */
function callHook(context: Context, hook: (branch: Context) => void): void {
  try {
    context.branched(hook);
  } catch (error) {
    if (!isFailure(error)) throw error;
    context.logger.error({ error: error.message }, "a hook of gov failed");
  }
}
