/**
 * Records of proposals, deposits and votes. Gas is charged read by read and write by write as the
 * SDK's collections do.
 */
import { decodeMessage, encodeMessage, type Instant } from "@tacit/encoding";
import {
  type Deposit,
  DepositSchema,
  type Proposal,
  ProposalSchema,
  ProposalStatus,
  type Vote,
  VoteSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import {
  type Context,
  prefixEnd,
  readUint64BigEndian,
  uint64BigEndian,
  utf8Bytes,
  utf8Text,
} from "@tacit/sdk";
import { notFound } from "./errors.ts";
import {
  constitutionKey,
  depositKey,
  depositsPrefix,
  govStoreName,
  ofProposal,
  proposalIdKey,
  proposalKey,
  proposalOfQueueKey,
  proposalsPrefix,
  queueEnd,
  voteKey,
  votesPrefix,
  votingProposalKey,
} from "./keys.ts";

const isVoting = Uint8Array.of(1);

export function getProposal(context: Context, id: bigint): Proposal | undefined {
  const bytes = context.kvStore(govStoreName).get(proposalKey(id));
  return bytes === undefined ? undefined : decodeMessage(ProposalSchema, bytes);
}

/** @throws {PlainError} if there is none. */
export function mustGetProposal(context: Context, id: bigint): Proposal {
  const proposal = getProposal(context, id);
  if (proposal === undefined) throw notFound(`${id}`, "Proposal");
  return proposal;
}

/** Writes a proposal, and whether it may be voted on. */
export function setProposal(context: Context, proposal: Proposal): void {
  const store = context.kvStore(govStoreName);
  const votingKey = votingProposalKey(proposal.id);
  if (proposal.status === ProposalStatus.VOTING_PERIOD) store.set(votingKey, isVoting);
  else store.delete(votingKey);
  store.set(proposalKey(proposal.id), encodeMessage(ProposalSchema, proposal));
}

/** All by ascending id. */
export function* proposals(context: Context): Iterable<Proposal> {
  const store = context.kvStore(govStoreName);
  for (const [, value] of store.iterator(proposalsPrefix, prefixEnd(proposalsPrefix))) {
    yield decodeMessage(ProposalSchema, value);
  }
}

/** The id of the next proposal. */
export function peekProposalId(context: Context): bigint {
  const bytes = context.kvStore(govStoreName).get(proposalIdKey);
  return bytes === undefined ? 0n : readUint64BigEndian(bytes);
}

export function setProposalId(context: Context, id: bigint): void {
  context.kvStore(govStoreName).set(proposalIdKey, uint64BigEndian(id));
}

/** Takes the next id. */
export function nextProposalId(context: Context): bigint {
  const id = peekProposalId(context);
  setProposalId(context, id + 1n);
  return id;
}

export function isInVotingPeriod(context: Context, id: bigint): boolean {
  return context.kvStore(govStoreName).has(votingProposalKey(id));
}

/** Puts a proposal into a queue under `key`. */
export function enqueue(context: Context, key: Uint8Array, id: bigint): void {
  context.kvStore(govStoreName).set(key, uint64BigEndian(id));
}

export function dequeue(context: Context, key: Uint8Array): void {
  context.kvStore(govStoreName).delete(key);
}

/** Proposals of a queue whose time has come, oldest first. */
export function dueProposals(
  context: Context,
  queue: Uint8Array,
  time: Instant,
): readonly bigint[] {
  const pairs = context.kvStore(govStoreName).iterator(queue, queueEnd(queue, time));
  return Array.from(pairs, ([key]) => proposalOfQueueKey(key));
}

export function getDeposit(
  context: Context,
  id: bigint,
  depositor: Uint8Array,
): Deposit | undefined {
  const bytes = context.kvStore(govStoreName).get(depositKey(id, depositor));
  return bytes === undefined ? undefined : decodeMessage(DepositSchema, bytes);
}

export function setDeposit(context: Context, depositor: Uint8Array, deposit: Deposit): void {
  const key = depositKey(deposit.proposalId, depositor);
  context.kvStore(govStoreName).set(key, encodeMessage(DepositSchema, deposit));
}

export function deleteDeposit(context: Context, id: bigint, depositor: Uint8Array): void {
  context.kvStore(govStoreName).delete(depositKey(id, depositor));
}

/** Of one proposal by ascending depositor; of all proposals without `id`. */
export function deposits(context: Context, id?: bigint): readonly Deposit[] {
  const prefix = id === undefined ? depositsPrefix : ofProposal(depositsPrefix, id);
  const pairs = context.kvStore(govStoreName).iterator(prefix, prefixEnd(prefix));
  return Array.from(pairs, ([, value]) => decodeMessage(DepositSchema, value));
}

export function getVote(context: Context, id: bigint, voter: Uint8Array): Vote | undefined {
  const bytes = context.kvStore(govStoreName).get(voteKey(id, voter));
  return bytes === undefined ? undefined : decodeMessage(VoteSchema, bytes);
}

export function setVote(context: Context, voter: Uint8Array, vote: Vote): void {
  const key = voteKey(vote.proposalId, voter);
  context.kvStore(govStoreName).set(key, encodeMessage(VoteSchema, vote));
}

/** Of one proposal by ascending voter; of all proposals without `id`. */
export function votes(context: Context, id?: bigint): readonly Vote[] {
  const prefix = id === undefined ? votesPrefix : ofProposal(votesPrefix, id);
  const pairs = context.kvStore(govStoreName).iterator(prefix, prefixEnd(prefix));
  return Array.from(pairs, ([, value]) => decodeMessage(VoteSchema, value));
}

export function deleteVotes(context: Context, id: bigint): void {
  const store = context.kvStore(govStoreName);
  const prefix = ofProposal(votesPrefix, id);
  const keys = Array.from(store.iterator(prefix, prefixEnd(prefix)), ([key]) => key.slice());
  for (const key of keys) store.delete(key);
}

export function getConstitution(context: Context): string {
  const bytes = context.kvStore(govStoreName).get(constitutionKey);
  return bytes === undefined ? "" : utf8Text(bytes);
}

export function setConstitution(context: Context, text: string): void {
  context.kvStore(govStoreName).set(constitutionKey, utf8Bytes(text));
}
