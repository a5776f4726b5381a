import { MsgDepositSchema, MsgSubmitProposalSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import { describe, expect, it } from "vitest";
import { a, b, c, GovBench, govAddress, statuses, uscrt } from "./governance-bench.ts";

const minimum = 1_000_000_000n;
const deposit = (depositor: string, ...amount: ReturnType<typeof uscrt>[]) => ({
  proposalId: 1n,
  depositor,
  amount,
});

describe("a proposal", () => {
  it("opens voting with its first deposit if that is enough, and says both", () => {
    const bench = new GovBench();
    expect(bench.submit({ metadata: "ipfs" })).toEqual([
      `submit_proposal{proposal_id=1,proposal_proposer=${a},proposal_messages=}`,
      `coin_spent{spender=${a},amount=1000000000uscrt}`,
      `coin_received{receiver=${govAddress},amount=1000000000uscrt}`,
      `transfer{recipient=${govAddress},sender=${a},amount=1000000000uscrt}`,
      `message{sender=${a}}`,
      `proposal_deposit{depositor=${a},amount=1000000000uscrt,proposal_id=1}`,
      "submit_proposal{voting_period_start=1}",
    ]);
    expect(bench.proposal()).toMatchObject({
      status: statuses.voting,
      votingStartTime: bench.proposal()?.submitTime,
    });
  });

  it("waits for deposits of anybody, who may add to them while there is voting", () => {
    const bench = new GovBench();
    bench.submit({ initialDeposit: [uscrt(minimum / 2n)] });
    expect(bench.proposal()?.status).toBe(statuses.deposit);
    expect(bench.deposit(b, minimum / 4n).at(-1)).toBe(
      `proposal_deposit{depositor=${b},amount=250000000uscrt,proposal_id=1}`,
    );
    expect(bench.deposit(b, minimum / 4n).at(-1)).toBe("proposal_deposit{voting_period_start=1}");
    expect(bench.proposal()?.status).toBe(statuses.voting);
    expect(bench.deposit(c, 10_000_000n).at(-1)).toContain("proposal_id=1");
    expect(bench.proposal()?.totalDeposit).toMatchObject([uscrt(minimum + 10_000_000n)]);
  });

  it("needs more if it is expedited", () => {
    const bench = new GovBench();
    bench.submit({ expedited: true });
    expect(bench.proposal()?.status).toBe(statuses.deposit);
    bench.deposit(b, 1_500_000_000n);
    const { votingStartTime, votingEndTime } = bench.proposal()!;
    expect(votingEndTime!.seconds - votingStartTime!.seconds).toBe(15n);
  });

  it("is dropped when its time is over, and everybody paid back in the order of addresses", () => {
    const bench = new GovBench();
    const before = [a, b].map((address) => bench.balance(address));
    bench.submit({ initialDeposit: [uscrt(20_000_000n)] });
    bench.deposit(b, 30_000_000n);
    expect(bench.endBlockAt(7n * 86_400n - 1n)).toEqual([]);
    const events = bench.endBlockAt(7n * 86_400n);
    expect(events.filter((text) => text.startsWith("transfer"))).toEqual([
      `transfer{recipient=${b},sender=${govAddress},amount=30000000uscrt}`,
      `transfer{recipient=${a},sender=${govAddress},amount=20000000uscrt}`,
    ]);
    expect(events.at(-1)).toBe("inactive_proposal{proposal_id=1,proposal_result=proposal_dropped}");
    expect(bench.proposal()).toBeUndefined();
    expect([a, b].map((address) => bench.balance(address))).toEqual(before);
    expect(bench.balance(govAddress)).toBe(0n);
  });

  it("is dropped with its deposits burnt where the parameters say so", () => {
    const bench = new GovBench();
    bench.changeParams({ burnProposalDepositPrevote: true });
    const supply = bench.supply();
    bench.submit({ initialDeposit: [uscrt(20_000_000n)] });
    bench.deposit(b, 30_000_000n);
    expect(bench.endBlockAt(7n * 86_400n)).toEqual([
      `coin_spent{spender=${govAddress},amount=50000000uscrt}`,
      `burn{burner=${govAddress},amount=50000000uscrt}`,
      "inactive_proposal{proposal_id=1,proposal_result=proposal_dropped}",
    ]);
    expect(bench.supply()).toBe(supply - 50_000_000n);
  });

  it("without any deposit burns nothing, and says so", () => {
    const bench = new GovBench();
    bench.changeParams({ burnProposalDepositPrevote: true, minDepositRatio: "0" });
    bench.submit({ initialDeposit: [] });
    expect(bench.endBlockAt(7n * 86_400n)).toEqual([
      `coin_spent{spender=${govAddress},amount=}`,
      `burn{burner=${govAddress},amount=}`,
      "inactive_proposal{proposal_id=1,proposal_result=proposal_dropped}",
    ]);
  });

  it("counts deposits for its voting only until its deposit period ends", () => {
    const bench = new GovBench();
    bench.submit({ initialDeposit: [uscrt(minimum / 2n)] });
    bench.time += 7n * 86_400n;
    bench.deposit(b, minimum / 2n);
    expect(bench.proposal()?.status).toBe(statuses.voting);
    expect(bench.endBlockAt(7n * 86_400n)).toEqual([]);
  });
});

describe("a deposit", () => {
  const bench = new GovBench();
  bench.submit({ initialDeposit: [uscrt(20_000_000n)] });

  it.each([
    ["nothing", [], "sdk/10", ": invalid coins"],
    ["zero", [uscrt(0n)], "sdk/10", "0uscrt: invalid coins"],
    ["less than nothing", [uscrt(-5n)], "sdk/10", "-5uscrt: invalid coins"],
    ["a coin twice", [uscrt(5n), uscrt(5n)], "sdk/10", "5uscrt,5uscrt: invalid coins"],
    [
      "another coin",
      [uscrt(5n, "other"), uscrt(minimum)],
      "gov/23",
      "deposited 5other,1000000000uscrt, but gov accepts only the following denom(s): [uscrt]: invalid deposit denom",
    ],
    [
      "too little",
      [uscrt(9_999_999n)],
      "gov/16",
      "received 9999999uscrt but need at least one of the following: 10000000uscrt: minimum deposit is too small",
    ],
    [
      "more than there is",
      [uscrt(2n * 10n ** 18n)],
      "sdk/5",
      "spendable balance 1000000000000000000uscrt is smaller than 2000000000000000000uscrt: insufficient funds",
    ],
  ])("of %s is refused", (_, amount, code, text) => {
    const state = bench.state();
    expect(bench.failureText(MsgDepositSchema, deposit(b, ...amount))).toEqual([code, text]);
    expect(bench.state()).toBe(state);
  });

  it("needs a proposal that is open", () => {
    const on = (proposalId: bigint) => ({ ...deposit(b, uscrt(minimum)), proposalId });
    expect(bench.failureText(MsgDepositSchema, on(7n))).toEqual([
      "undefined/1",
      "collections: not found: key '7' of type github.com/cosmos/gogoproto/cosmos.gov.v1.Proposal",
    ]);
    const closed = new GovBench();
    closed.submit();
    closed.endBlockAt(90n);
    expect(closed.proposal()?.status).toBe(statuses.rejected);
    expect(closed.failure(MsgDepositSchema, on(1n))).toBe("gov/3");
  });
});

describe("the first deposit", () => {
  const refusal = (bench: GovBench, amount: bigint | undefined, expedited = false) =>
    bench.failureText(
      MsgSubmitProposalSchema,
      bench.submission({ initialDeposit: amount === undefined ? [] : [uscrt(amount)], expedited }),
    );

  it("may be missing only where no part of the minimum is asked of every deposit", () => {
    const bench = new GovBench();
    expect(refusal(bench, undefined)).toEqual([
      "gov/16",
      "received  but need at least one of the following: 10000000uscrt: minimum deposit is too small",
    ]);
    bench.changeParams({ minDepositRatio: "0.000000000000000000" });
    bench.submit({ initialDeposit: [] });
    expect(bench.proposal()?.totalDeposit).toEqual([]);
  });

  it("reaches its own part of the minimum, of the expedited one for expedited proposals", () => {
    const bench = new GovBench();
    bench.changeParams({ minInitialDepositRatio: "0.250000000000000000" });
    expect(refusal(bench, 249_999_999n)).toEqual([
      "gov/16",
      "was (249999999uscrt), need (250000000uscrt): minimum deposit is too small",
    ]);
    expect(refusal(bench, 250_000_000n)[0]).toBe("");
    expect(refusal(bench, 624_999_999n, true)[0]).toBe("gov/16");
    expect(refusal(bench, 625_000_000n, true)[0]).toBe("");
  });

  it("in two coins opens voting when both reach the minimum", () => {
    const bench = new GovBench();
    const { minDeposit } = bench.params;
    bench.changeParams({
      minDeposit: [uscrt(7n, "other"), ...minDeposit] as typeof minDeposit,
    });
    bench.submit();
    expect(bench.proposal()?.status).toBe(statuses.deposit);
    expect(bench.failure(MsgDepositSchema, deposit(b, uscrt(7n, "other")))).toBe("sdk/5");
  });
});
