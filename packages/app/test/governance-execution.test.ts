/** What proposals that pass do: each module's parameters, money, upgrades; all messages or none. */
import { create, type DescMessage } from "@bufbuild/protobuf";
import { MsgUpdateParamsSchema as AuthUpdateSchema } from "@tacit/encoding/proto/cosmos/auth/v1beta1/tx";
import {
  MsgUpdateParamsSchema as BankUpdateSchema,
  MsgSendSchema,
  MsgSetSendEnabledSchema,
} from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { MsgUpdateParamsSchema as ConsensusUpdateSchema } from "@tacit/encoding/proto/cosmos/consensus/v1/tx";
import {
  MsgUpdateParamsSchema as DistributionUpdateSchema,
  MsgCommunityPoolSpendSchema,
  MsgFundCommunityPoolSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/tx";
import {
  MsgUpdateParamsSchema as GovUpdateSchema,
  MsgSubmitProposalSchema,
} from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import { MsgUpdateParamsSchema as MintUpdateSchema } from "@tacit/encoding/proto/cosmos/mint/v1beta1/tx";
import { MsgUpdateParamsSchema as SlashingUpdateSchema } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/tx";
import { MsgUpdateParamsSchema as StakingUpdateSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import {
  MsgCancelUpgradeSchema,
  MsgSoftwareUpgradeSchema,
} from "@tacit/encoding/proto/cosmos/upgrade/v1beta1/tx";
import { MsgUpdateParamsSchema as ComputeUpdateSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { MsgUpdateParamsSchema as CronUpdateSchema } from "@tacit/encoding/proto/secret/cron/tx";
import { MsgUpdateParamsSchema as ButtonUpdateSchema } from "@tacit/encoding/proto/secret/emergencybutton/v1beta1/tx";
import type { AnyValue } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import {
  a,
  anyOf,
  b,
  distributionAddress,
  GovBench,
  govAddress,
  options,
  start,
  statuses,
  uscrt,
  validator,
} from "./governance-bench.ts";

const authority = govAddress;
type Any = ReturnType<typeof anyOf>;

/** Lets a proposal with these messages pass. @returns the events of its end. */
function pass(bench: GovBench, ...messages: readonly Any[]): readonly string[] {
  const begun = bench.time - start;
  bench.submit({ messages: [...messages] });
  bench.vote(validator, options.yes);
  return bench.endBlockAt(begun + 90n);
}

const last = "active_proposal{proposal_id=1,proposal_result=proposal_passed,proposal_log=passed}";
const failure = (typeUrl: string, text: string, index = 0) =>
  `active_proposal{proposal_id=1,proposal_result=proposal_failed,proposal_log=passed, but msg ${index} (${typeUrl}) failed on execution: ${text}}`;

const spend = (amount: bigint, recipient = b) =>
  anyOf(MsgCommunityPoolSpendSchema, { authority, recipient, amount: [uscrt(amount)] });
const fund = (bench: GovBench, amount: bigint) =>
  bench.run(MsgFundCommunityPoolSchema, { depositor: a, amount: [uscrt(amount)] });

describe("a proposal that passes", () => {
  it("pays deposits back, runs its messages, shows their events, and says that it passed", () => {
    const bench = new GovBench();
    fund(bench, 77n);
    expect(pass(bench, spend(77n))).toEqual([
      `coin_spent{spender=${govAddress},amount=1000000000uscrt}`,
      `coin_received{receiver=${a},amount=1000000000uscrt}`,
      `transfer{recipient=${a},sender=${govAddress},amount=1000000000uscrt}`,
      `message{sender=${govAddress}}`,
      `coin_spent{spender=${distributionAddress},amount=77uscrt}`,
      `coin_received{receiver=${b},amount=77uscrt}`,
      `transfer{recipient=${b},sender=${distributionAddress},amount=77uscrt}`,
      `message{sender=${distributionAddress}}`,
      last,
    ]);
  });

  it("does all or nothing, and keeps why it failed", () => {
    const bench = new GovBench();
    fund(bench, 10n);
    const before = bench.balance(b);
    const reason = "community pool does not have sufficient coins to distribute";
    const events = pass(bench, spend(7n), spend(7n));
    expect(events.at(-1)).toBe(
      failure("/cosmos.distribution.v1beta1.MsgCommunityPoolSpend", reason, 1),
    );
    expect(events.filter((text) => text.includes(b))).toEqual([]);
    expect(bench.balance(b)).toBe(before);
    expect(bench.proposal()).toMatchObject({ status: statuses.failed, failedReason: reason });
  });

  it("spends what the account itself owns", () => {
    const bench = new GovBench();
    const send = anyOf(MsgSendSchema, {
      fromAddress: authority,
      toAddress: b,
      amount: [uscrt(5n)],
    });
    const before = bench.balance(b);
    expect(pass(bench, send).at(-1)).toBe(
      failure(
        "/cosmos.bank.v1beta1.MsgSend",
        "spendable balance 0uscrt is smaller than 5uscrt: insufficient funds",
      ),
    );
    expect(bench.balance(b)).toBe(before);
  });

  it("cannot run a message that the circuit breaker stops", () => {
    const bench = new GovBench();
    const stored = bench.stores.kvStore("circuit");
    const typeUrl = "/cosmos.distribution.v1beta1.MsgCommunityPoolSpend";
    stored.set(Uint8Array.of(2, ...new TextEncoder().encode(typeUrl)), new Uint8Array());
    fund(bench, 10n);
    expect(pass(bench, spend(7n)).at(-1)).toBe(
      failure(typeUrl, `circuit breaker disables execution of this message: ${typeUrl}`),
    );
  });

  it("may propose again, with the account as proposer", () => {
    const bench = new GovBench();
    bench.changeParams({ minDepositRatio: "0.000000000000000000" });
    const proposal = bench.submission({ proposer: authority, initialDeposit: [] });
    const events = pass(bench, anyOf(MsgSubmitProposalSchema, proposal));
    expect(events).toContain(
      `submit_proposal{proposal_id=2,proposal_proposer=${authority},proposal_messages=}`,
    );
    expect(bench.proposal(2n)).toMatchObject({ status: statuses.deposit, proposer: authority });
  });
});

/** A change for each module that governance may change. */
const changes: readonly (readonly [name: string, (bench: GovBench) => Any, store: string])[] = [
  [
    "auth",
    () =>
      anyOf(AuthUpdateSchema, {
        authority,
        params: {
          maxMemoCharacters: 300n,
          txSigLimit: 7n,
          txSizeCostPerByte: 10n,
          sigVerifyCostEd25519: 590n,
          sigVerifyCostSecp256k1: 1000n,
        },
      }),
    "acc",
  ],
  [
    "bank",
    () => anyOf(BankUpdateSchema, { authority, params: { defaultSendEnabled: false } }),
    "bank",
  ],
  [
    "bank",
    () =>
      anyOf(MsgSetSendEnabledSchema, {
        authority,
        sendEnabled: [{ denom: "uscrt", enabled: false }],
      }),
    "bank",
  ],
  [
    "consensus",
    () =>
      anyOf(ConsensusUpdateSchema, {
        authority,
        block: { maxBytes: 1_000_000n, maxGas: 5_000_000n },
        evidence: {
          maxAgeNumBlocks: 10n,
          maxAgeDuration: { seconds: 172_800n, nanos: 0 },
          maxBytes: 1000n,
        },
        validator: { pubKeyTypes: ["ed25519"] },
      }),
    "consensus",
  ],
  [
    "distribution",
    (bench) => changed(bench, DistributionUpdateSchema, { communityTax: "5" }),
    "distribution",
  ],
  [
    "gov",
    (bench) => anyOf(GovUpdateSchema, { authority, params: { ...bench.params, quorum: "0.5" } }),
    "gov",
  ],
  ["mint", (bench) => changed(bench, MintUpdateSchema, { blocksPerYear: 1n }), "mint"],
  [
    "slashing",
    (bench) => changed(bench, SlashingUpdateSchema, { signedBlocksWindow: 7n }),
    "slashing",
  ],
  ["staking", (bench) => changed(bench, StakingUpdateSchema, { maxValidators: 3 }), "staking"],
];

const ofSecret: typeof changes = [
  ["compute", (bench) => changed(bench, ComputeUpdateSchema, { compileCost: "7" }), "compute"],
  [
    "emergencybutton",
    (bench) => changed(bench, ButtonUpdateSchema, { switchStatus: "off" }),
    "emergencybutton",
  ],
  ["cron", (bench) => changed(bench, CronUpdateSchema, { limit: 2n }), "cron"],
];

/** An update of a module whose parameters its query gives. */
function changed(bench: GovBench, schema: DescMessage, changes: Record<string, unknown>): Any {
  const module = schema.typeName.split(".").slice(0, -1).join(".");
  const { method } = bench.composition.queries.handler(`/${module}.Query/Params`)!;
  const { params } = bench.ask(`/${module}.Query/Params`, method.output, new Uint8Array()) as {
    readonly params?: Record<string, unknown>;
  };
  const message = create(schema) as Record<string, unknown>;
  return anyOf(schema, { ...message, authority, params: { ...params, ...changes } } as never);
}

describe("governance", () => {
  it.each([...changes, ...ofSecret])("changes what %s goes by", (_, message, store) => {
    const bench = new GovBench();
    const before = bench.state(store);
    expect(pass(bench, message(bench)).at(-1)).toBe(last);
    expect(bench.proposal()?.status).toBe(statuses.passed);
    if (store !== "gov") expect(bench.state(store)).not.toBe(before);
  });

  it("shows consensus parameters as Go prints them", () => {
    const bench = new GovBench();
    expect(pass(bench, changes[3]![1](bench)).at(-2)).toBe(
      `update_consensus_params{authority=${govAddress},parameters=block:<max_bytes:1000000 max_gas:5000000 > evidence:<max_age_num_blocks:10 max_age_duration:<seconds:172800 > max_bytes:1000 > validator:<pub_key_types:"ed25519" > version:<> }`,
    );
  });

  it.each([
    [StakingUpdateSchema, { maxValidators: 0 }, "max validators must be positive: 0"],
    [StakingUpdateSchema, { bondDenom: "" }, "bond denom cannot be blank"],
    [
      StakingUpdateSchema,
      { minCommissionRate: `2${"0".repeat(18)}` },
      "minimum commission rate cannot be greater than 100%: 2.000000000000000000",
    ],
    [
      StakingUpdateSchema,
      { unbondingTime: { seconds: -1n, nanos: 0 } },
      "unbonding time must be positive: -1000000000",
    ],
    [SlashingUpdateSchema, { signedBlocksWindow: 0n }, "signed blocks window must be positive: 0"],
    [
      SlashingUpdateSchema,
      { downtimeJailDuration: { seconds: -90n, nanos: 0 } },
      "downtime jail duration must be positive: -1m30s",
    ],
    [MintUpdateSchema, { mintDenom: " " }, "mint denom cannot be blank"],
    [MintUpdateSchema, { goalBonded: "" }, "goal bonded must be positive: 0.000000000000000000"],
    [
      DistributionUpdateSchema,
      { communityTax: "-1" },
      "community tax must be positive: -0.000000000000000001",
    ],
  ] as const)("fails with the module's sentence for %s with %o", (schema, bad, reason) => {
    const bench = new GovBench();
    const message = changed(bench, schema, bad);
    expect(pass(bench, message).at(-1)).toBe(failure(message.typeUrl, reason));
    expect(bench.proposal()?.failedReason).toBe(reason);
  });

  it.each([
    [{ minDeposit: [] }, "invalid minimum deposit: "],
    [
      { expeditedMinDeposit: [uscrt(1_000_000_000n)] },
      "expedited minimum deposit must be greater than minimum deposit: 1000000000uscrt",
    ],
    [{ quorum: "" }, "invalid quorum string: decimal string cannot be empty"],
    [{ quorum: "1.1" }, "quorom too large: 1.1"],
    [{ threshold: "0" }, "vote threshold must be positive: 0.000000000000000000"],
    [
      { expeditedThreshold: "0.5" },
      "expedited vote threshold 0.500000000000000000, must be greater than the regular threshold 0.500000000000000000",
    ],
    [
      { vetoThreshold: "x" },
      "invalid vetoThreshold string: failed to set decimal string with base 10: x000000000000000000",
    ],
    [{ votingPeriod: { seconds: 0n, nanos: 0 } }, "voting period must be positive: 0s"],
    [
      { expeditedVotingPeriod: { seconds: 5400n, nanos: 500_000_000 } },
      "expedited voting period 1h30m0.5s must be strictly less that the regular voting period 1m30s",
    ],
    [
      { minInitialDepositRatio: "2" },
      "mininum initial deposit ratio of proposal is too large: 2.000000000000000000",
    ],
    [
      { proposalCancelRatio: "-1" },
      "burn rate of cancel proposal must be positive: -1.000000000000000000",
    ],
    [{ proposalCancelDest: "cosmos1" }, "deposits destination address is invalid: cosmos1"],
  ])("fails with gov's own sentence for %o", (bad, reason) => {
    const bench = new GovBench();
    const params = { ...bench.params, ...bad } as never;
    const message = anyOf(GovUpdateSchema, { authority, params });
    expect(pass(bench, message).at(-1)).toBe(failure(message.typeUrl, reason));
  });
});

describe("an upgrade", () => {
  const plan = (height: bigint) => ({ name: "next", height, info: "why" });
  const upgrade = (height: bigint) =>
    anyOf(MsgSoftwareUpgradeSchema, { authority, plan: plan(height) });

  it("that was voted for stops the node at its height, and says why", () => {
    const bench = new GovBench();
    pass(bench, upgrade(20n));
    bench.height = 19n;
    expect(bench.composition.modules.preBlock(bench.context())).toBe(false);
    bench.height = 20n;
    expect(() => bench.composition.modules.preBlock(bench.context())).toThrow(
      'UPGRADE "next" NEEDED at height: 20: why',
    );
  });

  it("is called off by another proposal", () => {
    const bench = new GovBench();
    pass(bench, upgrade(20n));
    bench.submit({ messages: [anyOf(MsgCancelUpgradeSchema, { authority })] });
    bench.vote(validator, options.yes, 2n);
    bench.endBlockAt(180n);
    bench.height = 20n;
    expect(bench.composition.modules.preBlock(bench.context())).toBe(false);
  });

  it("in the past fails", () => {
    const bench = new GovBench();
    expect(pass(bench, upgrade(3n)).at(-1)).toBe(
      failure(
        "/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade",
        "upgrade cannot be scheduled in the past: invalid request",
      ),
    );
  });
});

describe("what may be proposed", () => {
  const refusal = (messages: readonly (AnyValue & Any)[]) => {
    const bench = new GovBench();
    return bench.failureText(
      MsgSubmitProposalSchema,
      bench.submission({ messages: [...messages] }),
    );
  };

  it("is signed by the module's account and nobody else", () => {
    const send = anyOf(MsgSendSchema, { fromAddress: b, toAddress: a, amount: [uscrt(5n)] });
    expect(refusal([spend(1n), send])).toEqual([
      "gov/13",
      `${b}: expected gov account as only signer for proposal message`,
    ]);
  });

  it("is a message of this network", () => {
    const typeUrl = "/cosmos.crypto.ed25519.PubKey";
    const key = { ...spend(1n), typeUrl, value: new Uint8Array() };
    expect(refusal([key])).toEqual(["undefined/1", `unable to resolve type URL ${typeUrl}`]);
  });

  it("is kept as Go would write it, whatever bytes were sent", () => {
    const bench = new GovBench();
    const message = spend(7n);
    const odd = {
      ...message,
      value: Uint8Array.of(...message.value, 0x12, b.length, ...Buffer.from(b)),
    };
    bench.submit({ messages: [odd] });
    expect(bench.proposal()?.messages[0]?.value).toEqual(message.value);
  });
});
