/** What clients of before v1 send and ask. */
import { create } from "@bufbuild/protobuf";
import { decodeMessage } from "@tacit/encoding";
import { CommunityPoolSpendProposalSchema } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import { MsgExecLegacyContentSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import { TextProposalSchema, VoteOption } from "@tacit/encoding/proto/cosmos/gov/v1beta1/gov";
import {
  QueryDepositsResponseSchema,
  QueryParamsResponseSchema,
  QueryProposalResponseSchema,
  QueryProposalsResponseSchema,
  QueryTallyResultResponseSchema,
  QueryVoteResponseSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1beta1/query";
import {
  MsgDepositSchema,
  MsgSubmitProposalSchema,
  MsgVoteSchema,
  MsgVoteWeightedSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1beta1/tx";
import { ParameterChangeProposalSchema } from "@tacit/encoding/proto/cosmos/params/v1beta1/params";
import {
  QuerySubspacesResponseSchema,
  QueryParamsResponseSchema as SubspaceParamResponseSchema,
} from "@tacit/encoding/proto/cosmos/params/v1beta1/query";
import {
  CancelSoftwareUpgradeProposalSchema,
  SoftwareUpgradeProposalSchema,
} from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/upgrade";
import { describe, expect, it } from "vitest";
import {
  a,
  anyOf,
  b,
  GovBench,
  govAddress,
  options,
  statuses,
  uscrt,
  validator,
} from "./governance-bench.ts";

const enough = [uscrt(1_000_000_000n)];
const about = { title: "title", description: "description" };
type Any = ReturnType<typeof anyOf>;

const submission = (content: Any | undefined, initialDeposit = enough) =>
  create(MsgSubmitProposalSchema, {
    proposer: a,
    initialDeposit,
    ...(content === undefined ? {} : { content }),
  });
const submit = (bench: GovBench, content: Any) =>
  bench.run(MsgSubmitProposalSchema, submission(content));
const refusal = (content: Any | undefined) =>
  new GovBench().failureText(MsgSubmitProposalSchema, submission(content));
const change = (...changes: { subspace: string; key: string; value: string }[]) =>
  anyOf(ParameterChangeProposalSchema, { ...about, changes });
const button = (key: string, value: string) => ({ subspace: "emergencybutton", key, value });

const query = (bench: GovBench, name: string) => ({
  path: `/cosmos.gov.v1beta1.Query/${name}`,
  id: Uint8Array.of(0x08, 1),
  bench,
});

describe("a text", () => {
  const text = anyOf(TextProposalSchema, about);

  it("is proposed as a message that runs it, and passes without doing anything", () => {
    const bench = new GovBench();
    expect(submit(bench, text)[0]).toBe(
      `submit_proposal{proposal_id=1,proposal_proposer=${a},proposal_messages=,/cosmos.gov.v1.MsgExecLegacyContent}`,
    );
    const { messages, title, summary, expedited, metadata } = bench.proposal()!;
    expect({ title, summary, expedited, metadata }).toEqual({
      title: "title",
      summary: "description",
      expedited: false,
      metadata: "",
    });
    const { authority, content } = decodeMessage(MsgExecLegacyContentSchema, messages[0]!.value);
    expect(authority).toBe(govAddress);
    expect(content).toMatchObject({ typeUrl: text.typeUrl, value: text.value });
    bench.vote(validator, options.yes);
    expect(bench.endBlockAt(90n).at(-1)).toContain("proposal_passed");
  });

  it("is voted on and paid for in the old way", () => {
    const bench = new GovBench();
    bench.run(MsgSubmitProposalSchema, submission(text, [uscrt(10_000_000n)]));
    bench.run(MsgDepositSchema, { proposalId: 1n, depositor: b, amount: enough });
    expect(
      bench.run(MsgVoteSchema, { proposalId: 1n, voter: a, option: VoteOption.ABSTAIN }),
    ).toEqual([
      `proposal_vote{voter=${a},option=[{"option":2,"weight":"1.000000000000000000"}],proposal_id=1}`,
    ]);
    const weight = `${5n * 10n ** 17n}`;
    const split = [VoteOption.YES, VoteOption.NO].map((option) => ({ option, weight }));
    expect(bench.run(MsgVoteWeightedSchema, { proposalId: 1n, voter: a, options: split })).toEqual([
      `proposal_vote{voter=${a},option=[{"option":1,"weight":"0.500000000000000000"},{"option":3,"weight":"0.500000000000000000"}],proposal_id=1}`,
    ]);
    const bare = { proposalId: 1n, voter: a, options: [{ option: VoteOption.YES }] };
    expect(bench.failureText(MsgVoteWeightedSchema, bare)[0]).toBe("gov/7");
  });

  it.each([
    [{ title: " \t" }, "proposal title cannot be blank: invalid proposal content"],
    [
      { title: "é".repeat(71) },
      "proposal title is longer than max length of 140: invalid proposal content",
    ],
    [{ description: "" }, "proposal description cannot be blank: invalid proposal content"],
    [
      { description: "x".repeat(10_001) },
      "proposal description is longer than max length of 10000: invalid proposal content",
    ],
  ])("needs title and description of some length: %o", (bad, message) => {
    expect(refusal(anyOf(TextProposalSchema, { ...about, ...bad }))).toEqual(["gov/5", message]);
  });
});

describe("other contents", () => {
  it("must be there, and be contents", () => {
    expect(refusal(undefined)).toEqual([
      "sdk/111222",
      "runtime error: invalid memory address or nil pointer dereference",
    ]);
    expect(refusal(anyOf(MsgVoteSchema, {}))[0]).toBe("undefined/1");
  });

  it("that no route leads to are refused, each in its way", () => {
    const plan = { name: "next", height: 1000n, info: "" };
    expect(refusal(anyOf(SoftwareUpgradeProposalSchema, { ...about, plan }))).toEqual([
      "gov/9",
      "upgrade: no handler exists for proposal type",
    ]);
    const early = { ...about, plan: { ...plan, height: 0n } };
    expect(refusal(anyOf(SoftwareUpgradeProposalSchema, early))[0]).toBe("sdk/18");
    expect(refusal(anyOf(CancelSoftwareUpgradeProposalSchema, about))[0]).toBe("gov/9");
    const spend = { ...about, recipient: b, amount: [uscrt(5n)] };
    expect(refusal(anyOf(CommunityPoolSpendProposalSchema, spend))).toEqual([
      "gov/6",
      "CommunityPoolSpend: invalid proposal type",
    ]);
  });

  it("are run by governance alone", () => {
    const content = anyOf(TextProposalSchema, about);
    expect(
      new GovBench().failureText(MsgExecLegacyContentSchema, { authority: a, content }),
    ).toEqual([
      "gov/13",
      `expected ${govAddress} got ${a}: expected gov account as only signer for proposal message`,
    ]);
  });
});

describe("a change of parameters", () => {
  const ask = (bench: GovBench, key: string) => {
    const subspace = "emergencybutton";
    const bytes = [subspace, key].flatMap((text, at) => [
      0x0a + 8 * at,
      text.length,
      ...Buffer.from(text),
    ]);
    const path = "/cosmos.params.v1beta1.Query/Params";
    return bench.ask(path, SubspaceParamResponseSchema, Uint8Array.from(bytes)).param?.value;
  };

  it("is tried when it is proposed, and made when it passes", () => {
    const bench = new GovBench();
    submit(bench, change(button("switchstatus", '"off"'), button("pauseraddress", `"${b}"`)));
    expect(ask(bench, "switchstatus")).toBe("");
    bench.vote(validator, options.yes);
    bench.endBlockAt(90n);
    expect(bench.proposal()?.status).toBe(statuses.passed);
    expect(ask(bench, "switchstatus")).toBe('"off"');
    const { subspaces } = bench.ask(
      "/cosmos.params.v1beta1.Query/Subspaces",
      QuerySubspacesResponseSchema,
      new Uint8Array(),
    );
    expect(subspaces).toHaveLength(15);
    expect(subspaces.find(({ subspace }) => subspace === "emergencybutton")?.keys).toEqual([
      "pauseraddress",
      "switchstatus",
    ]);
    expect(bench.state("params")).toContain(
      `${Buffer.from("emergencybutton/switchstatus").toString("hex")}=${Buffer.from('"off"').toString("hex")}`,
    );
  });

  it.each([
    ["nothing", [], "params/4"],
    ["no subspace", [{ subspace: "", key: "a", value: "b" }], "params/5"],
    ["no key", [button("", "1")], "params/6"],
    ["no value", [button("switchstatus", "")], "params/7"],
    ["an unknown subspace", [{ subspace: "nowhere", key: "a", value: "1" }], "gov/5"],
    ["a value out of bounds", [button("switchstatus", '"maybe"')], "gov/5"],
    ["another type", [button("switchstatus", "1")], "gov/5"],
    ["no JSON", [button("switchstatus", "off")], "gov/5"],
    [
      "a parameter that moved",
      [{ subspace: "staking", key: "MaxValidators", value: "1" }],
      "sdk/111222",
    ],
  ])("of %s is refused", (_, changes, code) => {
    const bench = new GovBench();
    const state = bench.state("params");
    expect(bench.failure(MsgSubmitProposalSchema, submission(change(...changes)))).toBe(code);
    expect(bench.state("params")).toBe(state);
  });

  it("says what was wrong", () => {
    expect(refusal(change(button("switchstatus", '"maybe"')))[1]).toBe(
      'failed to run legacy handler params, key: switchstatus, value: "maybe", err: invalid parameter value: invalid value for switch status: maybe: failed to set parameter: invalid proposal content: invalid proposal content',
    );
    expect(refusal(change({ subspace: "staking", key: "MaxValidators", value: "1" }))[1]).toBe(
      "parameter MaxValidators not registered",
    );
  });
});

describe("queries of v1beta1", () => {
  const text = anyOf(TextProposalSchema, about);

  it("show contents, and messages in their place", () => {
    const bench = new GovBench();
    submit(bench, text);
    const { path, id } = query(bench, "Proposal");
    const { proposal } = bench.ask(path, QueryProposalResponseSchema, id);
    expect(proposal).toMatchObject({
      proposalId: 1n,
      content: { typeUrl: text.typeUrl, value: text.value },
      status: statuses.voting,
      totalDeposit: enough,
      finalTallyResult: { yes: "0", abstain: "0", no: "0", noWithVeto: "0" },
    });
    bench.submit({
      messages: [anyOf(MsgExecLegacyContentSchema, { authority: govAddress, content: text })],
    });
    bench.submit({ messages: [] });
    expect(() =>
      bench.ask(query(bench, "Proposals").path, QueryProposalsResponseSchema, new Uint8Array()),
    ).toThrow("when amount of proposal messages not exactly one");
  });

  it("show votes with decimal weights, deposits and the count so far", () => {
    const bench = new GovBench();
    submit(bench, text);
    bench.voteWeighted(validator, [
      [options.yes, "0.7"],
      [options.no, "0.3"],
    ]);
    const voter = Uint8Array.of(0x08, 1, 0x12, validator.length, ...Buffer.from(validator));
    const { vote } = bench.ask(query(bench, "Vote").path, QueryVoteResponseSchema, voter);
    expect(vote?.options).toMatchObject([
      { option: VoteOption.YES, weight: `${7n * 10n ** 17n}` },
      { option: VoteOption.NO, weight: `${3n * 10n ** 17n}` },
    ]);
    const { id } = query(bench, "");
    const { tally } = bench.ask(
      query(bench, "TallyResult").path,
      QueryTallyResultResponseSchema,
      id,
    );
    expect(tally).toMatchObject({ yes: `${7n * 10n ** 16n}`, no: `${3n * 10n ** 16n}` });
    const { deposits } = bench.ask(query(bench, "Deposits").path, QueryDepositsResponseSchema, id);
    expect(deposits).toMatchObject([{ proposalId: 1n, depositor: a, amount: enough }]);
  });

  it("show parameters in three parts", () => {
    const bench = new GovBench();
    const ask = (type: string) =>
      bench.ask(
        query(bench, "Params").path,
        QueryParamsResponseSchema,
        Uint8Array.of(0x0a, type.length, ...Buffer.from(type)),
      );
    expect(ask("deposit").depositParams).toMatchObject({
      minDeposit: enough,
      maxDepositPeriod: { seconds: 604_800n },
    });
    expect(ask("voting").votingParams?.votingPeriod).toMatchObject({ seconds: 90n });
    const quorum = new TextEncoder().encode("334000000000000000");
    expect(ask("tallying").tallyParams).toMatchObject({ quorum });
    expect(() => ask("other")).toThrow("unknown params type: other");
    expect(() => ask("")).toThrow(" is not a valid parameter type");
  });
});
