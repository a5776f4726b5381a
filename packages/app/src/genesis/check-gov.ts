/** `app_state.gov`: deposits lie in the module's account, votes and deposits name proposals. */
import { moduleAddress } from "@tacit/crypto";
import { GenesisStateSchema } from "@tacit/encoding/proto/cosmos/gov/v1/genesis";
import type { Balances } from "./check-bank.ts";
import { type CheckEnvironment, readAddress, readPart } from "./environment.ts";

const root = "app_state.gov";

export function checkGov(env: CheckEnvironment, balances: Balances): void {
  const state = readPart(env, "gov", GenesisStateSchema);
  if (state === undefined) return;
  const { problems } = env;
  const proposals = new Set(state.proposals.map(({ id }) => id));
  const at = (index: number) => `${root}.proposals[${index}]`;
  problems.unique(state.proposals, { path: at, what: "proposal" }, ({ id }) => `${id}`);
  for (const [index, { id }] of state.proposals.entries()) {
    if (id < state.startingProposalId) continue;
    problems.add(
      "genesis/limit",
      `${at(index)}.id`,
      `proposal ${id} is not below starting_proposal_id ${state.startingProposalId}`,
      "Write a starting_proposal_id above every proposal.",
    );
  }
  const deposited = new Map<string, bigint>();
  for (const [index, { proposalId, depositor, amount }] of state.deposits.entries()) {
    const path = `${root}.deposits[${index}]`;
    checkProposal(env, proposals, { id: proposalId, path });
    readAddress(env, env.accounts, { text: depositor, path: `${path}.depositor` });
    for (const coin of amount) {
      deposited.set(coin.denom, (deposited.get(coin.denom) ?? 0n) + BigInt(coin.amount || "0"));
    }
  }
  for (const [index, { proposalId, voter }] of state.votes.entries()) {
    const path = `${root}.votes[${index}]`;
    checkProposal(env, proposals, { id: proposalId, path });
    readAddress(env, env.accounts, { text: voter, path: `${path}.voter` });
  }
  checkDeposits(env, balances, deposited);
}

function checkProposal(
  { problems }: CheckEnvironment,
  proposals: ReadonlySet<bigint>,
  { id, path }: { readonly id: bigint; readonly path: string },
): void {
  if (proposals.has(id)) return;
  const hint = "Take the record out, or add the proposal.";
  problems.add("genesis/reference", `${path}.proposal_id`, `there is no proposal ${id}`, hint);
}

function checkDeposits(
  env: CheckEnvironment,
  balances: Balances,
  deposited: ReadonlyMap<string, bigint>,
): void {
  const address = env.accounts.toText(moduleAddress("gov"));
  const has = new Map((balances.get(address) ?? []).map(({ denom, amount }) => [denom, amount]));
  for (const denom of [...new Set([...deposited.keys(), ...has.keys()])].sort()) {
    const [amount, sum] = [has.get(denom) ?? 0n, deposited.get(denom) ?? 0n];
    if (amount === sum) continue;
    env.problems.add(
      "genesis/sum",
      "app_state.bank.balances",
      `the account of gov (${address}) has ${amount}${denom}, the deposits add up to ${sum}${denom}`,
      "Give the account exactly that balance and correct the supply.",
    );
  }
}
