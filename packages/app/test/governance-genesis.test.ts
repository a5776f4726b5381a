import { describe, expect, it } from "vitest";
import {
  a,
  GovBench,
  govAddress,
  options,
  statuses,
  uscrt,
  validator,
} from "./governance-bench.ts";
import { type GenesisState, LocalChain } from "./local-chain.ts";

/** One proposal waits, one is voted on, one is decided. */
function busyBench(): GovBench {
  const bench = new GovBench();
  bench.submit({ expedited: true, initialDeposit: [uscrt(2_500_000_000n)] });
  bench.vote(validator, options.yes);
  bench.endBlockAt(15n);
  bench.submit({ initialDeposit: [uscrt(20_000_000n)] });
  bench.submit({ metadata: "about <it>" });
  const weights = [
    [options.yes, "0.75"],
    [options.veto, "0.25"],
  ] as const;
  bench.voteWeighted(validator, weights, 3n);
  return bench;
}

const exported = (bench: GovBench) =>
  bench.composition.modules.exportGenesis(bench.context()).gov as GenesisState;

/** A chain that begins with `gov`, the deposits taken from the first account. */
function startWith(gov: GenesisState, deposited: bigint): LocalChain {
  const take = (state: GenesisState): GenesisState => {
    const paying = state.bank.balances.find(({ address }: GenesisState) => address === a);
    paying.coins[0].amount = `${BigInt(paying.coins[0].amount) - deposited}`;
    state.bank.balances.push({
      address: govAddress,
      coins: deposited === 0n ? [] : [uscrt(deposited)],
    });
    return { ...state, gov };
  };
  return new LocalChain({}, { genesis: take });
}

describe("genesis of gov", () => {
  it("comes back from its export, and goes on where it was", () => {
    const original = busyBench();
    const gov = exported(original);
    expect(gov).toMatchObject({
      starting_proposal_id: "4",
      deposit_params: null,
      constitution: "",
      proposals: [{ status: "PROPOSAL_STATUS_PASSED" }, { id: "2" }, { metadata: "about <it>" }],
      votes: [{ options: [{ weight: "0.75" }, { option: "VOTE_OPTION_NO_WITH_VETO" }] }],
    });
    const copy = new GovBench(startWith(gov, 1_020_000_000n));
    expect(copy.state()).toBe(original.state());
    expect(exported(copy)).toEqual(gov);
    expect(copy.endBlockAt(105n)).toEqual(original.endBlockAt(105n));
    expect(copy.proposal(3n)?.status).toBe(statuses.passed);
    expect(copy.state()).toBe(original.state());
  });

  it.each([
    ["an id of zero", (gov: GenesisState) => ({ ...gov, starting_proposal_id: "0" })],
    ["no parameters", ({ params: _, ...gov }: GenesisState) => gov],
    [
      "parameters out of bounds",
      (gov: GenesisState) => ({ ...gov, params: { ...gov.params, quorum: "2" } }),
    ],
    [
      "a proposal twice",
      (gov: GenesisState) => ({ ...gov, proposals: [gov.proposals[0], gov.proposals[0]] }),
    ],
    ["a deposit on nothing", (gov: GenesisState) => ({ ...gov, proposals: [] })],
    [
      "a deposit twice",
      (gov: GenesisState) => ({ ...gov, deposits: [gov.deposits[0], gov.deposits[0]] }),
    ],
    ["a vote twice", (gov: GenesisState) => ({ ...gov, votes: [gov.votes[0], gov.votes[0]] })],
    ["deposits that the account does not own", (gov: GenesisState) => ({ ...gov, deposits: [] })],
    [
      "a voting period without end",
      (gov: GenesisState) => {
        const open = { ...gov.proposals[2], voting_end_time: null };
        return { ...gov, proposals: gov.proposals.with(2, open) };
      },
    ],
  ])("with %s does not start", (_, change) => {
    const gov = change(exported(busyBench()));
    expect(() => startWith(gov, 1_020_000_000n)).toThrow("gov genesis");
  });
});
