/** What Secret's fork adds to distribution: the foundation's tax, and rewards that are staked again. */
import { moduleAddress, truncatedHashAddress } from "@tacit/crypto";
import {
  QueryBalanceRequestSchema,
  QueryBalanceResponseSchema,
} from "@tacit/encoding/proto/cosmos/bank/v1beta1/query";
import {
  QueryCommunityPoolRequestSchema,
  QueryCommunityPoolResponseSchema,
  QueryRestakeEntriesRequestSchema,
  QueryRestakingEntriesResponseSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/query";
import {
  QueryDelegationRequestSchema,
  QueryDelegationResponseSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/query";
import { type AbciEvent, createAddressCodec, type VoteInfo } from "@tacit/sdk";
import {
  type Msg,
  MsgDelegate,
  MsgSend,
  MsgSetAutoRestake,
  MsgSetWithdrawAddress,
  MsgUndelegate,
} from "secretjs";
import { describe, expect, it } from "vitest";
import { LocalChain, type LocalUser } from "./local-chain.ts";

const operator = "secretvaloper14aj08vd2ntty7dvskdmdu4zhf23mcwgtdvh6qt";
const addresses = createAddressCodec("secret");
const foundation = addresses.toText(new Uint8Array(20).fill(9));
const votes: readonly VoteInfo[] = [
  { address: truncatedHashAddress(new Uint8Array(32).fill(5)), power: 10n ** 11n, blockIdFlag: 2 },
];
const whole = 10n ** 18n;

/** A chain whose one validator signs from its third block on; earlier fees are shared out. */
function chainWith(params: Record<string, string>): LocalChain {
  const chain = new LocalChain(
    {},
    {
      genesis: (state) => ({
        ...state,
        distribution: {
          ...state.distribution,
          params: { ...state.distribution.params, ...params },
        },
      }),
    },
  );
  chain.block();
  chain.votes = votes;
  return chain;
}

function balanceOf(chain: LocalChain, address: string): bigint {
  const { balance } = chain.query(
    "/cosmos.bank.v1beta1.Query/Balance",
    { input: QueryBalanceRequestSchema, output: QueryBalanceResponseSchema },
    { address, denom: "uscrt" },
  );
  return BigInt(balance?.amount ?? "0");
}

/** Atoms of 10^-18 uscrt. */
function communityPool(chain: LocalChain): bigint {
  const { pool } = chain.query(
    "/cosmos.distribution.v1beta1.Query/CommunityPool",
    { input: QueryCommunityPoolRequestSchema, output: QueryCommunityPoolResponseSchema },
    {},
  );
  return BigInt(pool.find(({ denom }) => denom === "uscrt")?.amount ?? "0");
}

function entriesOf(chain: LocalChain, delegator: string): readonly string[] {
  return chain.query(
    "/cosmos.distribution.v1beta1.Query/RestakingEntries",
    { input: QueryRestakeEntriesRequestSchema, output: QueryRestakingEntriesResponseSchema },
    { delegator },
  ).validators;
}

function stakeOf(chain: LocalChain, delegator: string): bigint {
  const { delegationResponse } = chain.query(
    "/cosmos.staking.v1beta1.Query/Delegation",
    { input: QueryDelegationRequestSchema, output: QueryDelegationResponseSchema },
    { delegatorAddr: delegator, validatorAddr: operator },
  );
  return BigInt(delegationResponse?.balance?.amount ?? "0");
}

const attributeOf = (event: AbciEvent, name: string) =>
  event.attributes.find(({ key }) => key === name)?.value;

/** What was minted in a block: without fees, that is what is shared out in it. */
function minted(events: readonly AbciEvent[]): bigint {
  const mint = events.find(({ type }) => type === "mint");
  return BigInt(mint === undefined ? 0 : (attributeOf(mint, "amount") ?? 0));
}

const short = (event: AbciEvent) =>
  `${event.type}{${event.attributes
    .filter(({ key }) => key !== "mode")
    .map(({ key, value }) => `${key}=${value}`)
    .join(",")}}`;

describe("the foundation's tax", () => {
  const params = {
    secret_foundation_tax: "0.150000000000000000",
    secret_foundation_address: foundation,
  };

  it("goes to the foundation before voters and community share the rest", () => {
    const chain = chainWith(params);
    const poolBefore = communityPool(chain);
    const events = chain.eventsOf();
    const fees = minted(events) * whole;
    const tax = (fees * 15n) / 100n;
    // Community tax 0.02, foundation 0.15: voters get 0.83; all products cut to 18 places.
    const reward = (fees * 83n) / 100n;
    expect(balanceOf(chain, foundation)).toBe(tax / whole);
    const rest = fees - tax - reward + (tax % whole);
    expect(communityPool(chain) - poolBefore).toBe(rest);
  });

  it("is sent after the events of commission and rewards", () => {
    const chain = chainWith(params);
    const events = chain.eventsOf();
    const from = events.findIndex(({ type }) => type === "commission");
    const amount = `${(minted(events) * 15n) / 100n}uscrt`;
    const distribution = addresses.toText(moduleAddress("distribution"));
    expect(events.slice(from + 1, from + 6).map(short)).toEqual([
      expect.stringMatching(/^rewards\{/),
      `coin_spent{spender=${distribution},amount=${amount}}`,
      `coin_received{receiver=${foundation},amount=${amount}}`,
      `transfer{recipient=${foundation},sender=${distribution},amount=${amount}}`,
      `message{sender=${distribution}}`,
    ]);
  });

  it("below one coin is sent as nothing, and its fraction goes to the community", () => {
    const chain = chainWith({ ...params, secret_foundation_tax: "0.000000000000001000" });
    const poolBefore = communityPool(chain);
    const events = chain.eventsOf();
    const fees = minted(events) * whole;
    const tax = fees / 10n ** 15n;
    expect(tax > 0n && tax < whole).toBe(true);
    const reward = (fees * (98n * 10n ** 13n - 1n)) / 10n ** 15n;
    expect(communityPool(chain) - poolBefore).toBe(fees - reward);
    expect(events.map(short)).toContain(
      `transfer{recipient=${foundation},sender=${addresses.toText(moduleAddress("distribution"))},amount=}`,
    );
  });

  it.each([
    ["without an address", { ...params, secret_foundation_address: "" }],
    ["with an address that is none", { ...params, secret_foundation_address: "nobody" }],
    ["of zero", { ...params, secret_foundation_tax: "0.000000000000000000" }],
  ])("%s is none", (_, changed) => {
    const chain = chainWith(changed);
    const poolBefore = communityPool(chain);
    const fees = minted(chain.eventsOf()) * whole;
    expect(communityPool(chain) - poolBefore).toBe(fees - (fees * 98n) / 100n);
    expect(balanceOf(chain, foundation)).toBe(0n);
  });

  it("is none in a block that nobody voted for: the community gets all", () => {
    const chain = chainWith(params);
    chain.votes = [];
    const poolBefore = communityPool(chain);
    const fees = minted(chain.eventsOf()) * whole;
    expect(communityPool(chain) - poolBefore).toBe(fees);
    expect(balanceOf(chain, foundation)).toBe(0n);
  });

  it("for an account that may receive nothing stops the chain", () => {
    const blocked = addresses.toText(moduleAddress("mint"));
    const chain = chainWith({ ...params, secret_foundation_address: blocked });
    expect(() => chain.block()).toThrow("is not allowed to receive funds");
  });
});

const period = 10n;
const uscrt = (amount: string) => ({ denom: "uscrt", amount });

/** Account a restakes; the chain stands before the block of the pass. */
async function restakingChain(...more: readonly ((user: LocalUser) => Msg)[]): Promise<LocalChain> {
  const chain = chainWith({ restake_period: `${period}` });
  const { a } = chain.users;
  const own = { delegator_address: a.address, validator_address: operator };
  const messages: Msg[] = [
    new MsgDelegate({ ...own, amount: uscrt("50000000000") }),
    new MsgSetAutoRestake({ ...own, enabled: true }),
    ...more.map((make) => make(a)),
  ];
  for (const message of messages) {
    expect(await chain.run(a, [message], 300_000)).toMatchObject({ log: "", code: 0 });
  }
  while (BigInt(chain.made.length) < period - 1n) chain.block();
  return chain;
}

describe("restaking", () => {
  it("stakes what was earned, in the block of the period and no other", async () => {
    const chain = await restakingChain();
    const { address } = chain.users.a;
    const stake = stakeOf(chain, address);
    const balance = balanceOf(chain, address);
    expect(stake).toBe(50_000_000_000n);
    const events = chain.eventsOf();
    const earned = stakeOf(chain, address) - stake;
    expect(earned > 0n).toBe(true);
    expect(balanceOf(chain, address)).toBe(balance);
    expect(entriesOf(chain, address)).toEqual([operator]);
    expect(events.some(({ type }) => type === "delegate")).toBe(false);
    const paid = events.filter(({ type }) => type === "withdraw_rewards").map(short);
    const of = `validator=${operator},delegator=${address}`;
    expect(paid).toEqual([
      `withdraw_rewards{amount=${earned}uscrt,${of}}`,
      `withdraw_rewards{amount=0stake,${of}}`,
    ]);
    chain.block();
    expect(stakeOf(chain, address) - stake).toBe(earned);
  });

  it("takes no look at the threshold again", async () => {
    const chain = await restakingChain(
      ({ address }) =>
        new MsgUndelegate({
          delegator_address: address,
          validator_address: operator,
          amount: uscrt("49999000000"),
        }),
    );
    const { address } = chain.users.a;
    const stake = stakeOf(chain, address);
    expect(stake < 10_000_000n).toBe(true);
    chain.block();
    expect(stakeOf(chain, address) > stake).toBe(true);
    expect(entriesOf(chain, address)).toEqual([operator]);
  });

  it("drops an entry whose delegation is gone", async () => {
    const chain = await restakingChain(
      ({ address }) =>
        new MsgUndelegate({
          delegator_address: address,
          validator_address: operator,
          amount: uscrt("50000000000"),
        }),
    );
    const { address } = chain.users.a;
    expect(entriesOf(chain, address)).toEqual([operator]);
    chain.block();
    expect(entriesOf(chain, address)).toEqual([]);
  });

  it("drops an entry that earned nothing", async () => {
    const chain = await restakingChain();
    const { address } = chain.users.a;
    chain.block();
    chain.votes = [];
    const stake = stakeOf(chain, address);
    expect(entriesOf(chain, address)).toEqual([operator]);
    for (let blocks = 0n; blocks < period; blocks += 1n) chain.block();
    expect(stakeOf(chain, address)).toBe(stake);
    expect(entriesOf(chain, address)).toEqual([]);
  });

  it("pays to the withdraw address, stakes own coins, and keeps the payout where those are short", async () => {
    const chain = await restakingChain(
      ({ address }) =>
        new MsgSetWithdrawAddress({ delegator_address: address, withdraw_address: foundation }),
      ({ address }) =>
        new MsgSend({
          from_address: address,
          to_address: foundation,
          amount: [uscrt("999999949999880000")],
        }),
    );
    const { address } = chain.users.a;
    expect(balanceOf(chain, address) < 1_000n).toBe(true);
    const stake = stakeOf(chain, address);
    const atFoundation = balanceOf(chain, foundation);
    chain.block();
    expect(balanceOf(chain, foundation) > atFoundation).toBe(true);
    expect(stakeOf(chain, address)).toBe(stake);
    expect(entriesOf(chain, address)).toEqual([]);
  });

  it("of a withdraw address elsewhere stakes the same amount of own coins", async () => {
    const chain = await restakingChain(
      ({ address }) =>
        new MsgSetWithdrawAddress({ delegator_address: address, withdraw_address: foundation }),
    );
    const { address } = chain.users.a;
    const before = { own: balanceOf(chain, address), stake: stakeOf(chain, address) };
    chain.block();
    const earned = balanceOf(chain, foundation);
    expect(earned > 0n).toBe(true);
    expect(stakeOf(chain, address)).toBe(before.stake + earned);
    expect(balanceOf(chain, address)).toBe(before.own - earned);
  });
});
