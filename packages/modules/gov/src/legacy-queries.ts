/** Queries of `cosmos.gov.v1beta1`: proposals in the form they had before v1. */
import { coinsFromWire, coinsToWire, Dec, decodeMessage, makeCoins } from "@tacit/encoding";
import type { Deposit, Proposal, TallyResult, Vote } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { MsgExecLegacyContentSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import { Query } from "@tacit/encoding/proto/cosmos/gov/v1beta1/query";
import {
  type Context,
  grpcError,
  type QueryImplementation,
  type QueryRouter,
  sdkErrors,
  utf8Bytes,
} from "@tacit/sdk";
import { parseDecimal } from "./decimals.ts";
import type { GovEnvironment } from "./environment.ts";
import { getParams } from "./params.ts";
import type { GovQueries } from "./queries.ts";
import { zeroTime } from "./times.ts";

const execUrl = `/${MsgExecLegacyContentSchema.typeName}`;

export function registerLegacyQueries(
  queries: QueryRouter,
  env: GovEnvironment,
  finder: GovQueries,
): void {
  const implementation: QueryImplementation<typeof Query> = {
    proposal: (context, { proposalId }) => ({
      proposal: legacyProposal(env, finder.proposal(context, proposalId)),
    }),
    proposals: (context, request) => {
      const { items, pagination } = finder.proposals(context, request);
      return { proposals: items.map((item) => legacyProposal(env, item)), pagination };
    },
    vote: (context, { proposalId, voter }) => ({
      vote: legacyVote(finder.vote(context, proposalId, voter)),
    }),
    votes: (context, { proposalId, pagination: paging }) => {
      const { items, pagination } = finder.votes(context, proposalId, paging);
      return { votes: items.map(legacyVote), pagination };
    },
    params: (context, { paramsType }) => legacyParams(context, paramsType),
    deposit: (context, { proposalId, depositor }) => ({
      deposit: legacyDeposit(finder.deposit(context, proposalId, depositor)),
    }),
    deposits: (context, { proposalId, pagination: paging }) => {
      const { items, pagination } = finder.deposits(context, proposalId, paging);
      return { deposits: items.map(legacyDeposit), pagination };
    },
    tallyResult: (context, { proposalId }) => ({
      tally: legacyTally(finder.tallyResult(context, proposalId)),
    }),
  };
  queries.register(Query, implementation);
}

/** @throws {SdkError} `sdk/29` unless the proposal has just one message. */
function legacyProposal(env: GovEnvironment, proposal: Proposal) {
  const { id, status, finalTallyResult, totalDeposit, messages } = proposal;
  const [message, ...others] = messages;
  if (message === undefined || others.length > 0) {
    throw sdkErrors.invalidType.wrap(
      "can't convert a gov/v1 Proposal to gov/v1beta1 Proposal when amount of proposal messages not exactly one",
    );
  }
  return {
    proposalId: id,
    status,
    content: contentOf(env, message),
    totalDeposit: sorted(totalDeposit),
    finalTallyResult: legacyTally(finalTallyResult),
    submitTime: proposal.submitTime ?? zeroTime,
    depositEndTime: proposal.depositEndTime ?? zeroTime,
    votingStartTime: proposal.votingStartTime ?? zeroTime,
    votingEndTime: proposal.votingEndTime ?? zeroTime,
  };
}

/** A message that is no content stands for itself, as in the SDK. */
function contentOf(env: GovEnvironment, message: Proposal["messages"][number]) {
  if (message.typeUrl !== execUrl) return message;
  const { content } = decodeMessage(MsgExecLegacyContentSchema, message.value);
  env.contents.read(content);
  return content ?? message;
}

function legacyTally(result: TallyResult | undefined) {
  return {
    yes: result?.yesCount ?? "0",
    abstain: result?.abstainCount ?? "0",
    no: result?.noCount ?? "0",
    noWithVeto: result?.noWithVetoCount ?? "0",
  };
}

function legacyVote({ proposalId, voter, options }: Vote) {
  return {
    proposalId,
    voter,
    options: options.map(({ option, weight }) => ({
      option,
      weight: parseDecimal(weight).toWire(),
    })),
  };
}

function legacyDeposit({ proposalId, depositor, amount }: Deposit) {
  return { proposalId, depositor, amount: sorted(amount) };
}

function sorted(coins: Proposal["totalDeposit"]) {
  return coinsToWire(makeCoins(...coinsFromWire(coins)));
}

/** All three parts are there, those that were not asked for empty. */
function legacyParams(context: Context, type: string) {
  const params = getParams(context);
  const zero = wireBytes(Dec.ZERO);
  const empty = {
    depositParams: {},
    votingParams: {},
    tallyParams: { quorum: zero, threshold: zero, vetoThreshold: zero },
  };
  switch (type) {
    case "deposit":
      return {
        ...empty,
        depositParams: {
          minDeposit: sorted(params.minDeposit),
          ...(params.maxDepositPeriod && { maxDepositPeriod: params.maxDepositPeriod }),
        },
      };
    case "voting":
      return {
        ...empty,
        votingParams: params.votingPeriod ? { votingPeriod: params.votingPeriod } : {},
      };
    case "tallying":
      return {
        ...empty,
        tallyParams: {
          quorum: wireBytes(parseDecimal(params.quorum)),
          threshold: wireBytes(parseDecimal(params.threshold)),
          vetoThreshold: wireBytes(parseDecimal(params.vetoThreshold)),
        },
      };
    case "":
      throw grpcError.invalidArgument(" is not a valid parameter type");
    default:
      throw grpcError.invalidArgument(`unknown params type: ${type}`);
  }
}

/** Decimals of these parameters are the atoms' digits in bytes. */
function wireBytes(value: Dec): Uint8Array {
  return utf8Bytes(value.toWire());
}
