/** Invariants of `gov`. */
import { moduleAddress } from "@tacit/crypto";
import { addCoins, coinsFromWire, equalBytes, NO_COINS } from "@tacit/encoding";
import {
  DepositSchema,
  type Proposal,
  ProposalSchema,
  ProposalStatus,
} from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { readUint64BigEndian, sortableTime, utf8Text } from "@tacit/sdk";
import type { StateReader } from "../state.ts";
import type { Invariant } from "./invariant.ts";

const { DEPOSIT_PERIOD, VOTING_PERIOD } = ProposalStatus;

/** The module's account has what was deposited, at least: others may send to it where it is open. */
const deposits: Invariant = {
  name: "gov/module-account",
  *broken({ state }) {
    let total = NO_COINS;
    const byProposal = new Map<bigint, typeof total>();
    for (const { value } of state.decoded(DepositSchema, "gov", 16)) {
      const coins = coinsFromWire(value.amount);
      total = addCoins(total, coins);
      const before = byProposal.get(value.proposalId) ?? NO_COINS;
      byProposal.set(value.proposalId, addCoins(before, coins));
    }
    const account = moduleAddress("gov");
    for (const { denom, amount } of total) {
      const has = state
        .balances()
        .find((each) => each.denom === denom && equalBytes(each.address, account));
      if ((has?.amount ?? 0n) < amount)
        yield `${amount}${denom} were deposited, it has ${has?.amount}`;
    }
    for (const proposal of proposals(state)) {
      if (!isOpen(proposal)) continue;
      const stated = text(coinsFromWire(proposal.totalDeposit));
      const found = text(byProposal.get(proposal.id) ?? NO_COINS);
      if (stated !== found) yield `proposal ${proposal.id} states ${stated}, has ${found}`;
    }
    for (const id of byProposal.keys()) {
      const proposal = proposals(state).find((each) => each.id === id);
      if (proposal === undefined || !isOpen(proposal))
        yield `deposits of proposal ${id}, which is over`;
    }
  },
};

const text = (coins: readonly { denom: string; amount: bigint }[]) =>
  coins.map(({ denom, amount }) => `${amount}${denom}`).join();

const proposals = (state: StateReader): readonly Proposal[] =>
  state.decoded(ProposalSchema, "gov", 0).map(({ value }) => value);

const isOpen = ({ status }: Proposal) => status === DEPOSIT_PERIOD || status === VOTING_PERIOD;

/** Open proposals stand in the queue of their end, which is not past; nothing else does. */
const queues: Invariant = {
  name: "gov/queues",
  *broken({ state, context }) {
    const now = utf8Text(sortableTime(context.time));
    const queued = (prefix: number) =>
      new Set(Array.from(state.entries("gov", prefix), ({ key }) => entryOf(key)));
    const active = queued(1);
    const inactive = queued(2);
    const voting = new Set(
      Array.from(state.entries("gov", 4), ({ key }) => readUint64BigEndian(key)),
    );
    for (const proposal of proposals(state)) {
      const { id, status, depositEndTime, votingEndTime } = proposal;
      const isVoting = status === VOTING_PERIOD;
      if (voting.delete(id) !== isVoting) yield `proposal ${id} is marked wrongly for votes`;
      const end = isVoting ? votingEndTime : depositEndTime;
      if (!isVoting && status !== DEPOSIT_PERIOD) continue;
      const entry = `${end && utf8Text(sortableTime(end))} ${id}`;
      if (!(isVoting ? active : inactive).delete(entry)) yield `proposal ${id} is not queued`;
      if (entry <= now && !mayBeLate(proposal)) yield `proposal ${id} should have ended: ${entry}`;
    }
    for (const entry of [...active, ...inactive, ...voting]) yield `queued for nothing: ${entry}`;
  },
};

/** An expedited proposal that fails becomes a regular one, whose end may be past: it ends a block later. */
const mayBeLate = ({ status, expedited }: Proposal) => status === VOTING_PERIOD && !expedited;

const entryOf = (key: Uint8Array) =>
  `${utf8Text(key.slice(0, -8))} ${readUint64BigEndian(key, key.length - 8)}`;

/** Votes are kept while they may count. */
const votes: Invariant = {
  name: "gov/votes",
  *broken({ state }) {
    const voting = new Set(
      proposals(state)
        .filter(({ status }) => status === VOTING_PERIOD)
        .map(({ id }) => id),
    );
    for (const { key } of state.entries("gov", 32)) {
      const id = readUint64BigEndian(key);
      if (!voting.has(id)) yield `a vote on proposal ${id}, which is not voted on`;
    }
  },
};

export const govInvariants: readonly Invariant[] = [deposits, queues, votes];
