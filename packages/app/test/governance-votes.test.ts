import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import { VoteOption } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { MsgVoteSchema, MsgVoteWeightedSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import {
  MsgCreateValidatorSchema,
  MsgDelegateSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import { describe, expect, it } from "vitest";
import {
  a,
  addresses,
  anyOf,
  b,
  c,
  GovBench,
  govAddress,
  operators,
  options,
  statuses,
  uscrt,
  validator,
} from "./governance-bench.ts";

const stake = 10n ** 17n;
const operatorOf = (account: string) => operators.toText(addresses.toBytes(account));

/** A proposal that is voted on. */
function voting(expedited = false): GovBench {
  const bench = new GovBench();
  bench.submit({ expedited, initialDeposit: [uscrt(2_500_000_000n)] });
  return bench;
}

function delegate(bench: GovBench, delegatorAddress: string, amount: bigint, to = validator): void {
  const validatorAddress = operatorOf(to);
  bench.run(MsgDelegateSchema, { delegatorAddress, validatorAddress, amount: uscrt(amount) });
}

/** A second validator, bonded at the end of the block. */
function createValidator(bench: GovBench, account: string, amount: bigint): void {
  bench.run(MsgCreateValidatorSchema, {
    description: { moniker: account },
    commission: { rate: "0", maxRate: "0", maxChangeRate: "0" },
    minSelfDelegation: "1",
    validatorAddress: operatorOf(account),
    pubkey: anyOf(PubKeySchema, { key: new Uint8Array(32).fill(9) }),
    value: uscrt(amount),
  });
  bench.endBlockAt(0n);
}

const tallyOf = (bench: GovBench) => bench.proposal()?.finalTallyResult;
const counts = (yes: bigint, abstain = 0n, no = 0n, veto = 0n) => ({
  yesCount: `${yes}`,
  abstainCount: `${abstain}`,
  noCount: `${no}`,
  noWithVetoCount: `${veto}`,
});

describe("a vote", () => {
  it("is shown with its weight, whole or as it was written, and replaces an earlier one", () => {
    const bench = voting();
    expect(bench.vote(a, options.yes)).toEqual([
      `proposal_vote{voter=${a},option=[{"option":1,"weight":"1.000000000000000000"}],proposal_id=1}`,
    ]);
    const weights = [
      [options.yes, "0.7"],
      [options.veto, "0.30"],
    ] as const;
    expect(bench.voteWeighted(a, weights)).toEqual([
      `proposal_vote{voter=${a},option=[{"option":1,"weight":"0.7"},{"option":4,"weight":"0.30"}],proposal_id=1}`,
    ]);
    expect(
      bench
        .state()
        .split("\n")
        .filter((line) => line.startsWith("20")),
    ).toHaveLength(1);
  });

  it.each([
    ["no option", VoteOption.UNSPECIFIED, "VOTE_OPTION_UNSPECIFIED: invalid vote option"],
    ["an option that there is not", 5 as VoteOption, "5: invalid vote option"],
  ])("for %s is refused", (_, option, text) => {
    const vote = { proposalId: 1n, voter: a, option, metadata: "" };
    expect(voting().failureText(MsgVoteSchema, vote)).toEqual(["gov/7", text]);
  });

  it.each([
    ["nothing", [], "sdk/18", "null: invalid request"],
    ["no number", [[1, "x"]], "gov/7", 'option:VOTE_OPTION_YES weight:"x" : invalid vote option'],
    ["no weight", [[1, ""]], "gov/7", "option:VOTE_OPTION_YES : invalid vote option"],
    ["zero", [[1, "0"]], "gov/7", 'option:VOTE_OPTION_YES weight:"0" : invalid vote option'],
    ["minus", [[1, "-1"]], "gov/7", 'option:VOTE_OPTION_YES weight:"-1" : invalid vote option'],
    [
      "more than all",
      [[1, "1.1"]],
      "gov/7",
      'option:VOTE_OPTION_YES weight:"1.1" : invalid vote option',
    ],
    [
      "19 places",
      [[1, "0.0000000000000000001"]],
      "gov/7",
      'option:VOTE_OPTION_YES weight:"0.0000000000000000001" : invalid vote option',
    ],
    ["no option", [[0, "1"]], "gov/7", 'weight:"1" : invalid vote option'],
    ["less than all", [[1, "0.5"]], "gov/7", "total weight lower than 1.00: invalid vote option"],
    [
      "all and more",
      [
        [1, "0.5"],
        [2, "0.6"],
      ],
      "gov/7",
      "total weight overflow 1.00: invalid vote option",
    ],
    [
      "one option twice",
      [
        [1, "0.5"],
        [1, "0.5"],
      ],
      "gov/7",
      "duplicated vote option: invalid vote option",
    ],
  ] as const)("with weights of %s is refused", (_, weights, code, text) => {
    const bench = voting();
    const state = bench.state();
    const list = weights.map(([option, weight]) => ({ option, weight }));
    const vote = { proposalId: 1n, voter: a, options: list, metadata: "" };
    expect(bench.failureText(MsgVoteWeightedSchema, vote)).toEqual([code, text]);
    expect(bench.state()).toBe(state);
  });

  it("needs a proposal that is voted on, and short metadata", () => {
    const vote = { proposalId: 1n, voter: a, option: options.yes, metadata: "" };
    const waiting = new GovBench();
    waiting.submit({ initialDeposit: [uscrt(20_000_000n)] });
    expect(waiting.failureText(MsgVoteSchema, vote)).toEqual(["gov/3", "1: inactive proposal"]);
    expect(waiting.failure(MsgVoteSchema, { ...vote, proposalId: 9n })).toBe("gov/3");
    const long = { ...vote, metadata: "é".repeat(128) };
    expect(voting().failureText(MsgVoteSchema, long)).toEqual([
      "gov/15",
      "got metadata with length 256: metadata too long",
    ]);
  });
});

describe("the count", () => {
  it("lets a validator vote for its delegators, but for those who vote themselves", () => {
    const bench = voting();
    delegate(bench, a, stake);
    delegate(bench, b, 2n * stake);
    bench.vote(validator, options.yes);
    bench.vote(b, options.no);
    bench.endBlockAt(90n);
    expect(tallyOf(bench)).toMatchObject(counts(2n * stake, 0n, 2n * stake));
    expect(bench.proposal()?.status).toBe(statuses.rejected);
  });

  it("divides the power of one vote by its weights", () => {
    const bench = voting();
    delegate(bench, a, stake);
    bench.voteWeighted(a, [
      [options.yes, "0.5"],
      [options.abstain, "0.333333333333333333"],
      [options.no, "0.166666666666666667"],
    ]);
    bench.endBlockAt(90n);
    const third = 33_333_333_333_333_333n;
    expect(tallyOf(bench)).toMatchObject(counts(stake / 2n, third, 16_666_666_666_666_666n));
    expect(bench.proposal()?.status).toBe(statuses.passed);
  });

  it("knows delegators of several validators, and no stake outside the active set", () => {
    const bench = voting();
    createValidator(bench, b, stake);
    delegate(bench, a, stake, b);
    delegate(bench, a, stake);
    bench.vote(b, options.no);
    bench.vote(a, options.yes);
    bench.vote(c, options.yes);
    bench.endBlockAt(90n);
    expect(tallyOf(bench)).toMatchObject(counts(2n * stake, 0n, stake));

    const small = voting();
    createValidator(small, b, 1n);
    small.vote(b, options.yes);
    small.endBlockAt(90n);
    expect(tallyOf(small)).toMatchObject(counts(0n));
  });

  it.each([
    ["yes by everybody passes", [[options.yes, "1"]], {}, "passed", false],
    [
      "just half does not pass",
      [
        [1, "0.5"],
        [3, "0.5"],
      ],
      {},
      "rejected",
      false,
    ],
    [
      "a bit more than half passes",
      [
        [1, "0.500000000000000001"],
        [3, "0.499999999999999999"],
      ],
      {},
      "passed",
      false,
    ],
    [
      "abstentions do not count against it",
      [
        [1, "0.1"],
        [2, "0.9"],
      ],
      {},
      "passed",
      false,
    ],
    ["nothing but abstentions rejects", [[2, "1"]], { burnVoteQuorum: true }, "rejected", false],
    [
      "veto just at its threshold does not stop it",
      [
        [1, "0.666"],
        [4, "0.334"],
      ],
      {},
      "passed",
      false,
    ],
    [
      "veto above its threshold burns",
      [
        [1, "0.665"],
        [4, "0.335"],
      ],
      {},
      "rejected",
      true,
    ],
    [
      "veto does not burn where it must not",
      [[4, "1"]],
      { burnVoteVeto: false },
      "rejected",
      false,
    ],
    ["no never burns", [[3, "1"]], { burnVoteQuorum: true }, "rejected", false],
  ] as const)("%s", (_, weights, params, status, burns) => {
    const bench = voting();
    bench.changeParams(params);
    const supply = bench.supply();
    bench.voteWeighted(validator, weights);
    const events = bench.endBlockAt(90n);
    expect(bench.proposal()?.status).toBe(statuses[status]);
    expect(events.some((text) => text.startsWith("burn{"))).toBe(burns);
    expect(bench.supply()).toBe(burns ? supply - 2_500_000_000n : supply);
    expect(bench.balance(govAddress)).toBe(0n);
    expect(
      bench
        .state()
        .split("\n")
        .filter((line) => /^(10|20)/.test(line)),
    ).toEqual([]);
  });

  it.each([
    [false, false],
    [true, true],
  ])("without a quorum rejects, and burns only where it must (%s)", (burnVoteQuorum, burns) => {
    const bench = voting();
    delegate(bench, a, (stake * 333n) / 667n);
    bench.changeParams({ burnVoteQuorum });
    bench.vote(a, options.yes);
    const events = bench.endBlockAt(90n);
    expect(events.some((text) => text.startsWith("burn{"))).toBe(burns);
    expect(events.at(-1)).toBe(
      "active_proposal{proposal_id=1,proposal_result=proposal_rejected,proposal_log=rejected}",
    );
    expect(bench.proposal()).toMatchObject({
      status: statuses.rejected,
      failedReason: "proposal did not get enough votes to pass",
    });
  });

  it("happens at the end of voting and not before", () => {
    const bench = voting();
    bench.vote(validator, options.yes);
    expect(bench.endBlockAt(89n)).toEqual([]);
    expect(bench.endBlockAt(90n).at(-1)).toBe(
      "active_proposal{proposal_id=1,proposal_result=proposal_passed,proposal_log=passed}",
    );
  });
});

describe("an expedited proposal", () => {
  it("passes with two thirds and more in its short time", () => {
    const bench = voting(true);
    bench.voteWeighted(validator, [
      [options.yes, "0.666666666666666668"],
      [options.no, "0.333333333333333332"],
    ]);
    bench.endBlockAt(15n);
    expect(bench.proposal()).toMatchObject({ status: statuses.passed, expedited: true });
  });

  it("that fails is voted on again from nothing, until others would end, with its deposits", () => {
    const bench = voting(true);
    bench.voteWeighted(validator, [
      [options.yes, "0.666666666666666667"],
      [options.no, "0.333333333333333333"],
    ]);
    expect(bench.endBlockAt(15n)).toEqual([
      "active_proposal{proposal_id=1,proposal_result=expedited_proposal_rejected,proposal_log=expedited proposal converted to regular}",
    ]);
    const converted = bench.proposal()!;
    expect(converted).toMatchObject({ status: statuses.voting, expedited: false });
    expect(converted.votingEndTime!.seconds).toBe(converted.votingStartTime!.seconds + 90n);
    expect(converted.finalTallyResult).toMatchObject({ yesCount: "66666666666666666" });
    expect(bench.balance(govAddress)).toBe(2_500_000_000n);
    expect(
      bench
        .state()
        .split("\n")
        .filter((line) => line.startsWith("20")),
    ).toEqual([]);

    bench.voteWeighted(validator, [
      [options.yes, "0.6"],
      [options.no, "0.4"],
    ]);
    expect(bench.endBlockAt(89n)).toEqual([]);
    bench.endBlockAt(90n);
    expect(bench.proposal()).toMatchObject({ status: statuses.passed, expedited: false });
    expect(bench.balance(govAddress)).toBe(0n);
  });

  it("keeps its deposits even when a veto would have burnt them", () => {
    const bench = voting(true);
    bench.vote(validator, options.veto);
    bench.endBlockAt(15n);
    expect(bench.balance(govAddress)).toBe(2_500_000_000n);
    bench.vote(validator, options.veto);
    expect(bench.endBlockAt(90n)).toContain(`burn{burner=${govAddress},amount=2500000000uscrt}`);
  });
});
