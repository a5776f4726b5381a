/** `app_state.gov`: parameters, and proposals with what was deposited and voted. */
import { create } from "@bufbuild/protobuf";
import {
  addCoins,
  coinsFromWire,
  coinsToText,
  equalCoins,
  fromClientJson,
  NO_COINS,
  toClientJson,
} from "@tacit/encoding";
import { type GenesisState, GenesisStateSchema } from "@tacit/encoding/proto/cosmos/gov/v1/genesis";
import { type Proposal, ProposalStatus } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { type Context, type JsonValue, PlainError, type TypeResolver } from "@tacit/sdk";
import type { GovEnvironment } from "./environment.ts";
import { activeQueueKey, inactiveQueueKey } from "./keys.ts";
import { moduleName } from "./names.ts";
import { defaultParams, getParams, setParams, validateParams } from "./params.ts";
import { packMessage, unpackMessages } from "./proposal-messages.ts";
import {
  deposits,
  enqueue,
  getConstitution,
  peekProposalId,
  proposals,
  setConstitution,
  setDeposit,
  setProposal,
  setProposalId,
  setVote,
  votes,
} from "./store.ts";

export function defaultGenesis(denom: string, types: TypeResolver): JsonValue {
  const params = defaultParams(denom);
  return toClientJson(
    GenesisStateSchema,
    create(GenesisStateSchema, { startingProposalId: 1n, params }),
    types,
  );
}

/**
 * The module's account must own just what was deposited.
 * @throws {PlainError} and {EncodingError} if genesis is wrong; the chain does not start then.
 */
export function initGenesis(env: GovEnvironment, context: Context, json: JsonValue): void {
  const state = fromClientJson(GenesisStateSchema, json, { types: env.types });
  validateGenesis(env, state);
  setProposalId(context, state.startingProposalId);
  setParams(context, state.params ?? defaultParams(""));
  setConstitution(context, state.constitution);
  const { address } = env.accounts.getModuleAccount(context, moduleName);
  let total = NO_COINS;
  for (const deposit of state.deposits) {
    setDeposit(context, env.addresses.toBytes(deposit.depositor), deposit);
    total = addCoins(total, coinsFromWire(deposit.amount));
  }
  for (const vote of state.votes) setVote(context, env.addresses.toBytes(vote.voter), vote);
  for (const proposal of state.proposals) importProposal(env, context, proposal);
  const balance = env.bank.getAllBalances(context, address);
  if (equalCoins(balance, total)) return;
  throw new PlainError(
    `gov genesis: expected module account was ${coinsToText(balance)} but we got ${coinsToText(total)}`,
  );
}

export function exportGenesis(env: GovEnvironment, context: Context): JsonValue {
  const state = create(GenesisStateSchema, {
    startingProposalId: peekProposalId(context),
    deposits: [...deposits(context)],
    votes: [...votes(context)],
    proposals: [...proposals(context)],
    params: getParams(context),
    constitution: getConstitution(context),
  });
  return toClientJson(GenesisStateSchema, state, env.types);
}

function importProposal(env: GovEnvironment, context: Context, proposal: Proposal): void {
  const { id, status, depositEndTime, votingEndTime } = proposal;
  if (status === ProposalStatus.DEPOSIT_PERIOD && depositEndTime !== undefined) {
    enqueue(context, inactiveQueueKey(depositEndTime, id), id);
  }
  if (status === ProposalStatus.VOTING_PERIOD && votingEndTime !== undefined) {
    enqueue(context, activeQueueKey(votingEndTime, id), id);
  }
  const messages = unpackMessages(proposal.messages, env.messages, env.types).map(packMessage);
  setProposal(context, { ...proposal, messages });
}

function validateGenesis({ addresses }: GovEnvironment, state: GenesisState): void {
  const refuse = (reason: string) => new PlainError(`gov genesis: ${reason}`);
  if (state.startingProposalId === 0n) {
    throw refuse("starting proposal id must be greater than 0");
  }
  if (state.params === undefined) throw refuse("params are missing");
  try {
    validateParams(state.params, addresses);
  } catch (error) {
    throw refuse(`params: ${(error as Error).message}`);
  }
  const ids = new Set<bigint>();
  for (const { id, status, depositEndTime, votingEndTime } of state.proposals) {
    if (ids.has(id)) throw refuse(`duplicate proposal id: ${id}`);
    ids.add(id);
    const isWithoutEnd =
      (status === ProposalStatus.DEPOSIT_PERIOD && depositEndTime === undefined) ||
      (status === ProposalStatus.VOTING_PERIOD && votingEndTime === undefined);
    if (isWithoutEnd) throw refuse(`the period of proposal ${id} has no end`);
  }
  const seen = new Set<string>();
  const assertNew = (what: string, id: bigint, who: string) => {
    if (!ids.has(id)) throw refuse(`${what} has non-existent proposal id: ${id}`);
    const key = `${what} ${id} ${who}`;
    if (seen.has(key)) throw refuse(`duplicate ${key}`);
    seen.add(key);
  };
  for (const { proposalId, depositor } of state.deposits) {
    assertNew("deposit", proposalId, depositor);
  }
  for (const { proposalId, voter } of state.votes) assertNew("vote", proposalId, voter);
}
