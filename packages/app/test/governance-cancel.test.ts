import { decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  MsgCancelProposalResponseSchema,
  MsgCancelProposalSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import { describe, expect, it } from "vitest";
import {
  a,
  b,
  c,
  distributionAddress,
  GovBench,
  govAddress,
  options,
  statuses,
  uscrt,
  validator,
} from "./governance-bench.ts";

const cancel = (proposer = a, proposalId = 1n) => ({ proposalId, proposer });

/** Deposits of a and b, three and five coins, on a proposal that is not voted on yet. */
function waiting(): GovBench {
  const bench = new GovBench();
  bench.changeParams({ minDepositRatio: "0.000000000000000000" });
  bench.submit({ initialDeposit: [uscrt(3n)] });
  bench.deposit(b, 5n);
  return bench;
}

describe("a proposal that is cancelled", () => {
  it("gives back the half, rounded up for everybody, and burns the rest", () => {
    const bench = waiting();
    const supply = bench.supply();
    const events = bench.run(MsgCancelProposalSchema, cancel());
    expect(events.filter((text) => /^(transfer|burn|cancel)/.test(text))).toEqual([
      `transfer{recipient=${b},sender=${govAddress},amount=3uscrt}`,
      `transfer{recipient=${a},sender=${govAddress},amount=2uscrt}`,
      `burn{burner=${govAddress},amount=3uscrt}`,
      `cancel_proposal{sender=${a},proposal_id=1}`,
    ]);
    expect(bench.supply()).toBe(supply - 3n);
    expect(bench.proposal()).toBeUndefined();
    expect(bench.balance(govAddress)).toBe(0n);
    expect(bench.endBlockAt(7n * 86_400n)).toEqual([]);
  });

  it("is gone with its votes, and answers when", () => {
    const bench = new GovBench();
    bench.submit();
    bench.vote(validator, options.yes);
    const { response } = bench.runBytes(
      `/${MsgCancelProposalSchema.typeName}`,
      encodeMessage(MsgCancelProposalSchema, cancel()),
    );
    expect(decodeMessage(MsgCancelProposalResponseSchema, response)).toMatchObject({
      proposalId: 1n,
      canceledTime: { seconds: bench.time, nanos: 0 },
      canceledHeight: bench.height,
    });
    expect(
      bench
        .state()
        .split("\n")
        .filter((line) => /^(00|01|02|04|10|20)/.test(line)),
    ).toEqual([]);
    expect(bench.endBlockAt(90n)).toEqual([]);
  });

  it.each([
    ["the community pool", distributionAddress],
    ["an account", c],
  ])("pays %s where the parameters say so", (_, destination) => {
    const bench = waiting();
    bench.changeParams({ proposalCancelDest: destination });
    const before = bench.balance(destination);
    const events = bench.run(MsgCancelProposalSchema, cancel());
    expect(events.at(-3)).toBe(
      `transfer{recipient=${destination},sender=${govAddress},amount=3uscrt}`,
    );
    expect(bench.balance(destination)).toBe(before + 3n);
  });

  it.each([
    ["0", 0n],
    ["1", 8n],
  ])("costs the part %s of what was deposited", (proposalCancelRatio, burnt) => {
    const bench = waiting();
    bench.changeParams({ proposalCancelRatio });
    const supply = bench.supply();
    bench.run(MsgCancelProposalSchema, cancel());
    expect(bench.supply()).toBe(supply - burnt);
  });

  it("cannot pay an account that must not be paid", () => {
    const bench = waiting();
    bench.changeParams({ proposalCancelDest: govAddress });
    const state = bench.state();
    expect(bench.failure(MsgCancelProposalSchema, cancel())).toBe("sdk/4");
    expect(bench.state()).toBe(state);
  });

  it("is cancelled by who proposed it, while it is open", () => {
    const bench = waiting();
    expect(bench.failureText(MsgCancelProposalSchema, cancel(b))).toEqual([
      "gov/18",
      `invalid proposer ${b}: invalid proposer`,
    ]);
    expect(bench.failure(MsgCancelProposalSchema, cancel(a, 2n))).toBe("undefined/1");
    bench.deposit(b, 1_000_000_000n);
    bench.time += 90n;
    expect(bench.failure(MsgCancelProposalSchema, cancel())).toBe("");

    const late = new GovBench();
    late.submit();
    late.time += 91n;
    expect(late.failureText(MsgCancelProposalSchema, cancel())).toEqual([
      "gov/20",
      "voting period is already ended for this proposal 1: voting period already ended",
    ]);
    late.endBlockAt(91n);
    expect(late.proposal()?.status).toBe(statuses.rejected);
    expect(late.failureText(MsgCancelProposalSchema, cancel())).toEqual([
      "gov/21",
      "proposal should be in the deposit or voting period: invalid proposal",
    ]);
  });
});
