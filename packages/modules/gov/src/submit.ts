/** New proposals. */
import { create } from "@bufbuild/protobuf";
import { equalBytes } from "@tacit/encoding";
import {
  type Proposal,
  ProposalSchema,
  ProposalStatus,
} from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { MsgExecLegacyContentSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import { type Context, createEvent } from "@tacit/sdk";
import type { GovEnvironment } from "./environment.ts";
import { govErrors, isFailure } from "./errors.ts";
import { inactiveQueueKey } from "./keys.ts";
import { assertMetadataLength, assertSummaryLength } from "./metadata.ts";
import { moduleName } from "./names.ts";
import { getParams } from "./params.ts";
import { type ProposalMessage, packMessage, runMessage } from "./proposal-messages.ts";
import { enqueue, nextProposalId, setProposal } from "./store.ts";
import { emptyTally } from "./tally.ts";
import { addDuration, toTimestamp } from "./times.ts";

export interface NewProposal {
  readonly messages: readonly ProposalMessage[];
  readonly metadata: string;
  readonly title: string;
  readonly summary: string;
  readonly proposer: Uint8Array;
  readonly expedited: boolean;
}

const execUrl = `/${MsgExecLegacyContentSchema.typeName}`;

/**
 * Writes a proposal without deposits.
 * @throws {SdkError} `gov/5`, `gov/9`, `gov/12`, `gov/13`, `gov/15`, `gov/22`.
 */
export function submitProposal(
  env: GovEnvironment,
  context: Context,
  { messages, metadata, title, summary, proposer, expedited }: NewProposal,
): Proposal {
  assertMetadataLength(metadata);
  assertSummaryLength(summary);
  assertMetadataLength(title);
  for (const message of messages) assertAcceptable(env, context, message);

  const id = nextProposalId(context);
  const submitTime = toTimestamp(context.time);
  const depositEndTime = addDuration(submitTime, getParams(context).maxDepositPeriod);
  const proposal = create(ProposalSchema, {
    id,
    messages: messages.map(packMessage),
    metadata,
    title,
    summary,
    proposer: env.addresses.toText(proposer),
    expedited,
    status: ProposalStatus.DEPOSIT_PERIOD,
    finalTallyResult: emptyTally,
    submitTime,
    depositEndTime,
  });
  setProposal(context, proposal);
  enqueue(context, inactiveQueueKey(depositEndTime, id), id);
  env.hooks.afterProposalSubmission(context, id);
  context.events.emit(
    createEvent(
      "submit_proposal",
      ["proposal_id", `${id}`],
      ["proposal_proposer", proposal.proposer],
      ["proposal_messages", messages.map(({ route }) => `,${route.typeUrl}`).join("")],
    ),
  );
  return proposal;
}

/** A message's only signer must be the module's account; a legacy content must run. */
function assertAcceptable(env: GovEnvironment, context: Context, message: ProposalMessage): void {
  const { route, value } = message;
  try {
    route.validateBasic?.(value);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw govErrors.invalidMessage.wrap(error.message);
  }
  const [signer, ...others] = route.signers(value);
  if (signer === undefined || others.length > 0) throw govErrors.invalidSigner.make();
  const { address } = env.accounts.getModuleAccount(context, moduleName);
  if (!equalBytes(signer, address)) {
    throw govErrors.invalidSigner.wrap(env.addresses.toText(signer));
  }
  if (route.typeUrl === execUrl) tryContent(context, message);
}

/** Runs it on a branch that is dropped. */
function tryContent(context: Context, message: ProposalMessage): void {
  const branch = context.cacheContext();
  try {
    runMessage(branch.context, message);
  } catch (error) {
    if (!isFailure(error) || govErrors.noHandler.is(error)) throw error;
    throw govErrors.invalidContent.wrap(error.message);
  } finally {
    branch.revert();
  }
}
