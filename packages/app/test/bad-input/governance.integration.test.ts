/** Each message of governance with fields that no client should send, in real transactions. */
import { encodeMessage, toHex } from "@tacit/encoding";
import {
  MsgCancelProposalSchema,
  MsgDepositSchema,
  MsgExecLegacyContentSchema,
  MsgSubmitProposalSchema,
  MsgUpdateParamsSchema,
  MsgVoteSchema,
  MsgVoteWeightedSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import { TextProposalSchema } from "@tacit/encoding/proto/cosmos/gov/v1beta1/gov";
import * as older from "@tacit/encoding/proto/cosmos/gov/v1beta1/tx";
import type { AnyValue } from "@tacit/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyOf, govAddress, uscrt } from "../governance-bench.ts";
import { LocalChain } from "../local-chain.ts";
import { Signer } from "./signer.ts";

/** Voting lasts longer than the tests. */
const chain = new LocalChain(
  {},
  {
    genesis: (state) => {
      state.gov.params.voting_period = "864000s";
      return state;
    },
  },
);
const alice = new Signer(chain, chain.users.a);
const self = chain.users.a.address;
const other = chain.users.b.address;

interface Coin {
  readonly denom: string;
  readonly amount: string;
}

/** A bad value and the code it gets, where the rest of its message is good. */
interface Bad<Value> {
  readonly value: Value;
  readonly code: string;
}

function bad<Value>(values: fc.Arbitrary<Value>, code: string): fc.Arbitrary<Bad<Value>> {
  return values.map((value) => ({ value, code }));
}

/** In a block of its own. Whatever fails leaves governance as it was. */
function send(message: AnyValue): string {
  const tx = alice.sign([message], 900_000_000n);
  const before = rootOf();
  const passes = chain.chain.checkTx({ tx, recheck: false }).code === 0;
  const [result] = chain.block(tx);
  if (passes) alice.spend();
  if (result?.code !== 0) expect(rootOf()).toBe(before);
  return result?.code === 0 ? "" : `${result?.codespace}/${result?.code}`;
}

const rootOf = () => toHex(chain.store.workingRoots().get("gov") ?? new Uint8Array());

const many = 10_000;
const denoms = Array.from({ length: many }, (_, index) => `coin${`${index}`.padStart(5, "0")}`);
const positive = fc.bigInt({ min: 1n, max: (1n << 255n) - 1n });

const badCoins: fc.Arbitrary<Bad<readonly Coin[]>> = fc.oneof(
  bad(
    positive.map((amount) => [uscrt(-amount)]),
    "sdk/10",
  ),
  bad(fc.constant([uscrt(0n)]), "sdk/10"),
  bad(
    positive.map((amount) => [uscrt(amount), uscrt(amount)]),
    "sdk/10",
  ),
  bad(
    positive.map((amount) => [uscrt(amount), uscrt(amount, "acoin")]),
    "sdk/10",
  ),
  bad(
    fc
      .constantFrom("", "1x", "ab", "x".repeat(200), "ü".repeat(5))
      .map((denom) => [uscrt(5n, denom)]),
    "sdk/10",
  ),
  bad(
    positive.map((amount) => [uscrt(amount, "other")]),
    "gov/23",
  ),
  bad(
    fc
      .constantFrom(`${1n << 256n}`, "9".repeat(100), "1.5", "ten", "0x10", " 1")
      .map((amount) => [uscrt(amount)]),
    "sdk/2",
  ),
  bad(fc.constant(denoms.map((denom) => uscrt(1n, denom))), "gov/23"),
  bad(fc.constant(denoms.map((denom) => uscrt(1n, denom)).reverse()), "sdk/10"),
);

const badAddress = fc.constantFrom(
  "",
  " ",
  "secret1",
  "cosmos10d07y265gmmuvt4z0w9aw880jnsr700j6zn9kn",
  "secretvaloper14aj08vd2ntty7dvskdmdu4zhf23mcwgtdvh6qt",
  self.slice(0, -1),
  `${self.slice(0, -1)}${self.endsWith("q") ? "p" : "q"}`,
  "x".repeat(many),
);

const badWeights = fc.oneof(
  bad(fc.constant([]), "sdk/18"),
  bad(
    fc
      .constantFrom("", "0", "-1", "1.1", "x", "1e1", "0.0000000000000000001", "9".repeat(500))
      .map((weight) => [{ option: 1, weight }]),
    "gov/7",
  ),
  bad(
    fc.integer({ min: 5, max: 2 ** 31 - 1 }).map((option) => [{ option, weight: "1" }]),
    "gov/7",
  ),
  bad(fc.constant([{ option: 0, weight: "1" }]), "gov/7"),
  bad(
    fc
      .constantFrom(["0.5", "0.5"], ["0.9", "0.2"])
      .map((pair) => pair.map((weight) => ({ option: 1, weight }))),
    "gov/7",
  ),
  bad(fc.constant(denoms.map(() => ({ option: 1, weight: "0.0001" }))), "gov/7"),
);

const badText = fc.constantFrom(256, 300, 10_201).map((length) => "é".repeat(length / 2 + 1));

const proposal = {
  proposer: self,
  initialDeposit: [uscrt(1_000_000_000n)],
  messages: [],
  metadata: "about",
  title: "title",
  summary: "summary",
  expedited: false,
};
const content = anyOf(TextProposalSchema, { title: "title", description: "description" });
const olderProposal = { proposer: self, initialDeposit: proposal.initialDeposit, content };

/** Every message with one bad field, and the code. */
const cases: Readonly<Record<string, fc.Arbitrary<Bad<AnyValue>>>> = {
  "MsgSubmitProposal, deposit": badCoins.map(({ value, code }) => ({
    value: anyOf(MsgSubmitProposalSchema, { ...proposal, initialDeposit: [...value] }),
    code,
  })),
  "MsgSubmitProposal, texts": fc.oneof(
    bad(
      badText.map((metadata) => submission({ metadata })),
      "gov/15",
    ),
    bad(
      badText.map((title) => submission({ title })),
      "gov/15",
    ),
    bad(fc.constant(submission({ summary: "s".repeat(10_201) })), "gov/22"),
    bad(fc.constantFrom(submission({ title: "" }), submission({ summary: "" })), "sdk/18"),
    bad(fc.constant(submission({ metadata: "" })), "gov/11"),
    bad(
      fc.constantFrom("null", "{}", '{"title":"x"}').map((metadata) => submission({ metadata })),
      "gov/5",
    ),
  ),
  "MsgSubmitProposal, messages": fc.oneof(
    bad(
      fc
        .constantFrom(1, 3, 50)
        .map((count) => submission({ messages: Array.from({ length: count }, () => vote(self)) })),
      "gov/13",
    ),
    bad(
      fc.constant(submission({ messages: Array.from({ length: many }, () => vote(self)) })),
      "sdk/2",
    ),
    bad(
      fc.constant(submission({ messages: [{ ...vote(govAddress), typeUrl: "/not.There" }] })),
      "sdk/2",
    ),
    bad(
      fc.constant(submission({ messages: [{ ...vote(govAddress), value: Uint8Array.of(0xff) }] })),
      "sdk/2",
    ),
    bad(fc.constant(submission({ messages: [{ ...content }] })), "sdk/2"),
  ),
  MsgDeposit: fc.oneof(
    badCoins.map(({ value, code }) => ({ value: deposit([...value]), code })),
    bad(fc.constant(deposit([])), "sdk/10"),
    bad(fc.constant(deposit([uscrt(9_999_999n)])), "gov/16"),
    bad(fc.constant(deposit([uscrt(1n << 200n)])), "sdk/5"),
    bad(
      fc.constantFrom(0n, 7n, (1n << 64n) - 1n).map((id) => deposit([uscrt(1n)], id)),
      "undefined/1",
    ),
  ),
  MsgVote: fc.oneof(
    bad(
      fc.integer({ min: 5, max: 2 ** 31 - 1 }).map((option) => vote(self, option)),
      "gov/7",
    ),
    bad(fc.constant(vote(self, 0)), "gov/7"),
    bad(
      fc.constantFrom(0n, 7n, (1n << 64n) - 1n).map((id) => vote(self, 1, id)),
      "gov/3",
    ),
    bad(
      badText.map((metadata) => vote(self, 1, 1n, metadata)),
      "gov/15",
    ),
  ),
  MsgVoteWeighted: badWeights.map(({ value, code }) => ({
    value: anyOf(MsgVoteWeightedSchema, {
      proposalId: 1n,
      voter: self,
      options: value as never,
      metadata: "",
    }),
    code,
  })),
  MsgCancelProposal: fc.oneof(
    bad(
      fc
        .constantFrom(0n, 7n, (1n << 64n) - 1n)
        .map((proposalId) => anyOf(MsgCancelProposalSchema, { proposalId, proposer: self })),
      "undefined/1",
    ),
  ),
  "messages of governance's account": bad(
    fc.constantFrom(
      anyOf(MsgUpdateParamsSchema, { authority: self }),
      anyOf(MsgExecLegacyContentSchema, { authority: self, content }),
    ),
    "gov/13",
  ),
  "v1beta1 MsgSubmitProposal": fc.oneof(
    badCoins.map(({ value, code }) => ({
      value: anyOf(older.MsgSubmitProposalSchema, { ...olderProposal, initialDeposit: [...value] }),
      code,
    })),
    bad(
      fc.constant(anyOf(older.MsgSubmitProposalSchema, { proposer: self, initialDeposit: [] })),
      "undefined/111222",
    ),
    bad(
      fc.constant(anyOf(older.MsgSubmitProposalSchema, { ...olderProposal, content: vote(self) })),
      "sdk/2",
    ),
  ),
  "v1beta1 MsgVoteWeighted": bad(
    fc.constantFrom("", "0", "-1", `${10n ** 18n + 1n}`, `${1n << 255n}`).map((weight) =>
      anyOf(older.MsgVoteWeightedSchema, {
        proposalId: 1n,
        voter: self,
        options: [{ option: 1, weight }],
      }),
    ),
    "gov/7",
  ),
};

function submission(changes: object) {
  return anyOf(MsgSubmitProposalSchema, { ...proposal, ...changes });
}

function deposit(amount: Coin[], proposalId = 1n) {
  return anyOf(MsgDepositSchema, { proposalId, depositor: self, amount });
}

function vote(voter: string, option = 1, proposalId = 1n, metadata = "") {
  return anyOf(MsgVoteSchema, { proposalId, voter, option: option as never, metadata });
}

describe("a message of governance", () => {
  it("is good to begin with", () => {
    expect(send(submission({}))).toBe("");
    expect(send(vote(self))).toBe("");
    expect(send(deposit([uscrt(10_000_000n)]))).toBe("");
  });

  it.each(Object.keys(cases))("with a bad field gets its code and changes nothing: %s", (name) => {
    fc.assert(
      fc.property(cases[name]!, ({ value, code }) => {
        expect(send(value)).toBe(code);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it("is not run for an address that is none, or another's", () => {
    const by = (address: string) => [
      anyOf(MsgSubmitProposalSchema, { ...proposal, proposer: address }),
      anyOf(MsgDepositSchema, { proposalId: 1n, depositor: address, amount: [uscrt(10_000_000n)] }),
      vote(address),
      anyOf(MsgCancelProposalSchema, { proposalId: 1n, proposer: address }),
      anyOf(older.MsgSubmitProposalSchema, { ...olderProposal, proposer: address }),
      anyOf(older.MsgVoteSchema, { proposalId: 1n, voter: address, option: 1 }),
    ];
    for (const message of by(other)) expect(send(message)).toBe("sdk/8");
    fc.assert(
      fc.property(badAddress, (address) => {
        for (const message of by(address))
          expect(send(message)).toMatch(/^(undefined\/1|sdk\/7|sdk\/35)$/);
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it("of any bytes is refused or run, and never stops the chain", () => {
    const typeUrls = [
      MsgSubmitProposalSchema,
      MsgExecLegacyContentSchema,
      MsgVoteSchema,
      MsgVoteWeightedSchema,
      MsgDepositSchema,
      MsgUpdateParamsSchema,
      MsgCancelProposalSchema,
      older.MsgSubmitProposalSchema,
      older.MsgVoteSchema,
      older.MsgVoteWeightedSchema,
      older.MsgDepositSchema,
    ].map(({ typeName }) => `/${typeName}`);
    const good = encodeMessage(MsgSubmitProposalSchema, proposal);
    fc.assert(
      fc.property(
        fc.constantFrom(...typeUrls),
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          fc.nat(good.length).map((end) => good.slice(0, end)),
        ),
        (typeUrl, value) => {
          expect(send({ typeUrl, value })).not.toContain("111222");
        },
      ),
      { numRuns: 200, seed: 1 },
    );
    expect(send(vote(self))).toBe("");
  });
});
