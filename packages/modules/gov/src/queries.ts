/** Queries of `cosmos.gov.v1`. */
import { decodeMessage } from "@tacit/encoding";
import {
  type Deposit,
  DepositSchema,
  type Proposal,
  ProposalSchema,
  ProposalStatus,
  type TallyResult,
  type Vote,
  VoteSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { Query, type QueryProposalsRequest } from "@tacit/encoding/proto/cosmos/gov/v1/query";
import {
  type Context,
  grpcError,
  type PageRequest,
  type QueryImplementation,
  type QueryRouter,
} from "@tacit/sdk";
import type { GovEnvironment } from "./environment.ts";
import { isFailure, notFound } from "./errors.ts";
import { depositsPrefix, govStoreName, ofProposal, proposalsPrefix, votesPrefix } from "./keys.ts";
import { type CollectionPage, pageOf } from "./pages.ts";
import { getParams } from "./params.ts";
import { getConstitution, getDeposit, getProposal, getVote } from "./store.ts";
import { emptyTally, tally } from "./tally.ts";

type Paging = Partial<PageRequest> | undefined;

/** What queries of both versions find. */
export interface GovQueries {
  proposal(context: Context, id: bigint): Proposal;
  proposals(
    context: Context,
    filter: Omit<QueryProposalsRequest, "$typeName" | "pagination"> & {
      readonly pagination?: Paging;
    },
  ): CollectionPage<Proposal>;
  vote(context: Context, id: bigint, voter: string): Vote;
  votes(context: Context, id: bigint, paging: Paging): CollectionPage<Vote>;
  deposit(context: Context, id: bigint, depositor: string): Deposit;
  deposits(context: Context, id: bigint, paging: Paging): CollectionPage<Deposit>;
  tallyResult(context: Context, id: bigint): TallyResult;
}

export function registerQueries(queries: QueryRouter, finder: GovQueries): void {
  const implementation: QueryImplementation<typeof Query> = {
    constitution: (context) => ({ constitution: getConstitution(context) }),
    proposal: (context, { proposalId }) => ({ proposal: finder.proposal(context, proposalId) }),
    proposals: (context, request) => {
      const { items, pagination } = finder.proposals(context, request);
      return { proposals: items, pagination };
    },
    vote: (context, { proposalId, voter }) => ({ vote: finder.vote(context, proposalId, voter) }),
    votes: (context, { proposalId, pagination: paging }) => {
      const { items, pagination } = finder.votes(context, proposalId, paging);
      return { votes: items, pagination };
    },
    params: (context, { paramsType }) => paramsOf(context, paramsType),
    deposit: (context, { proposalId, depositor }) => ({
      deposit: finder.deposit(context, proposalId, depositor),
    }),
    deposits: (context, { proposalId, pagination: paging }) => {
      const { items, pagination } = finder.deposits(context, proposalId, paging);
      return { deposits: items, pagination };
    },
    tallyResult: (context, { proposalId }) => ({ tally: finder.tallyResult(context, proposalId) }),
  };
  queries.register(Query, implementation);
}

export function createGovQueries(env: GovEnvironment): GovQueries {
  const { addresses } = env;
  const proposal = (context: Context, id: bigint) => {
    assertId(id);
    const found = getProposal(context, id);
    if (found === undefined) throw grpcError.notFound(`proposal ${id} doesn't exist`);
    return found;
  };
  return {
    proposal,
    proposals: (context, filter) => internal(() => findProposals(env, context, filter)),
    vote: (context, id, voter) => {
      assertId(id);
      if (voter === "") throw grpcError.invalidArgument("empty voter address");
      const found = getVote(context, id, addresses.toBytes(voter));
      if (found !== undefined) return found;
      throw grpcError.invalidArgument(`voter: ${voter} not found for proposal: ${id}`);
    },
    votes: (context, id, paging) => {
      assertId(id);
      const read = (value: Uint8Array) => decodeMessage(VoteSchema, value);
      const store = context.kvStore(govStoreName);
      return internal(() => pageOf(store, ofProposal(votesPrefix, id), paging, { read }));
    },
    deposit: (context, id, text) => {
      assertId(id);
      if (text === "") throw grpcError.invalidArgument("empty depositor address");
      const depositor = addresses.toBytes(text);
      const found = getDeposit(context, id, depositor);
      if (found !== undefined) return found;
      const { message } = notFound(`("${id}", "${addresses.toText(depositor)}")`, "Deposit");
      throw grpcError.notFound(message);
    },
    deposits: (context, id, paging) => {
      assertId(id);
      const read = (value: Uint8Array) => decodeMessage(DepositSchema, value);
      const store = context.kvStore(govStoreName);
      return internal(() => pageOf(store, ofProposal(depositsPrefix, id), paging, { read }));
    },
    tallyResult: (context, id) => {
      const found = proposal(context, id);
      if (found.status === ProposalStatus.DEPOSIT_PERIOD) return emptyTally;
      if (found.status !== ProposalStatus.VOTING_PERIOD)
        return found.finalTallyResult ?? emptyTally;
      return tally(env, context, found).result;
    },
  };
}

function findProposals(
  env: GovEnvironment,
  context: Context,
  filter: Parameters<GovQueries["proposals"]>[1],
): CollectionPage<Proposal> {
  const { proposalStatus, voter, depositor, pagination } = filter;
  const voterBytes = voter === "" ? undefined : () => env.addresses.toBytes(voter);
  const depositorBytes = depositor === "" ? undefined : () => env.addresses.toBytes(depositor);
  const isStatus =
    proposalStatus >= ProposalStatus.DEPOSIT_PERIOD && proposalStatus <= ProposalStatus.FAILED;
  return pageOf(context.kvStore(govStoreName), proposalsPrefix, pagination, {
    read: (value) => decodeMessage(ProposalSchema, value),
    matches: ({ id, status }) => {
      const hasVote = voterBytes === undefined || getVote(context, id, voterBytes()) !== undefined;
      const hasDeposit =
        depositorBytes === undefined || getDeposit(context, id, depositorBytes()) !== undefined;
      return hasVote && hasDeposit && (!isStatus || status === proposalStatus);
    },
  });
}

function paramsOf(context: Context, type: string) {
  const params = getParams(context);
  const { minDeposit, maxDepositPeriod, votingPeriod, quorum, threshold, vetoThreshold } = params;
  switch (type) {
    case "deposit":
      return {
        params,
        depositParams: {
          minDeposit,
          ...(maxDepositPeriod === undefined ? {} : { maxDepositPeriod }),
        },
      };
    case "voting":
      return { params, votingParams: votingPeriod === undefined ? {} : { votingPeriod } };
    case "tallying":
      return { params, tallyParams: { quorum, threshold, vetoThreshold } };
    case "":
      return { params };
    default:
      throw grpcError.invalidArgument(`unknown params type: ${type}`);
  }
}

function assertId(id: bigint): void {
  if (id === 0n) throw grpcError.invalidArgument("proposal id can not be 0");
}

/** What the SDK's server answers a failed search with. */
function internal<T>(search: () => T): T {
  try {
    return search();
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw grpcError.internal(error.message);
  }
}
