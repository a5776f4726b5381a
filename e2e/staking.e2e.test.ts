/** Staking, distribution, slashing, mint and evidence through unmodified secretjs. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import { type Actor, actor, attribute, txOptions } from "./support/secretjs.ts";

const { home, remove } = temporaryHome();
let node: NodeProcess;
let alice: Actor;
let bob: Actor;
/** Operator of the validator that genesis bonds. */
let first: string;
/** Operator of bob's validator, whose stake is too small for a vote. */
let second: string;

beforeAll(async () => {
  node = await startNodeProcess(home);
  alice = actor("a", node);
  bob = actor("b", node);
  const { validators } = await alice.client.query.staking.validators({ status: "" });
  first = validators?.[0]?.operator_address ?? "";
});

afterAll(async () => {
  await node?.stop();
  remove();
});

const uscrt = (amount: string) => ({ denom: "uscrt", amount });
const options = txOptions(400_000);

describe("stake", () => {
  it("makes a validator, who may change its description", async () => {
    const created = await bob.client.tx.staking.createValidator(
      {
        description: { moniker: "b", identity: "", website: "", security_contact: "", details: "" },
        commission: { rate: 0.1, max_rate: 0.2, max_change_rate: 0.01 },
        min_self_delegation: "1",
        delegator_address: bob.address,
        pubkey: Buffer.alloc(32, 7).toString("base64"),
        initial_delegation: uscrt("500000"),
      },
      options,
    );
    expect(created).toMatchObject({ code: 0, rawLog: "" });
    second = attribute(created, "create_validator", "validator");
    const edited = await bob.client.tx.staking.editValidator(
      {
        validator_address: second,
        description: {
          moniker: "bob",
          identity: "",
          website: "",
          security_contact: "",
          details: "",
        },
      },
      options,
    );
    expect(edited).toMatchObject({ code: 0, rawLog: "" });
    const { validator } = await bob.client.query.staking.validator({ validator_addr: second });
    expect(validator).toMatchObject({ tokens: "500000", description: { moniker: "bob" } });
  });

  it("is delegated, moved, taken away and put back", async () => {
    const delegated = await alice.client.tx.staking.delegate(
      { delegator_address: alice.address, validator_address: first, amount: uscrt("50000000") },
      options,
    );
    expect(delegated).toMatchObject({ code: 0, rawLog: "" });
    const moved = await alice.client.tx.staking.beginRedelegate(
      {
        delegator_address: alice.address,
        validator_src_address: first,
        validator_dst_address: second,
        amount: uscrt("1"),
      },
      options,
    );
    expect(moved).toMatchObject({ code: 0, rawLog: "" });
    const taken = await alice.client.tx.staking.undelegate(
      { delegator_address: alice.address, validator_address: first, amount: uscrt("1000") },
      options,
    );
    expect(taken).toMatchObject({ code: 0, rawLog: "" });
    const pair = { delegator_addr: alice.address, validator_addr: first };
    const { unbond } = await alice.client.query.staking.unbondingDelegation(pair);
    expect(unbond?.entries?.[0]).toMatchObject({ balance: "1000" });
    const { delegation_response: held } = await alice.client.query.staking.delegation(pair);
    expect(held?.balance).toEqual(uscrt("49998999"));
  });
});

describe("rewards", () => {
  it("accrue, are paid, go where they are sent and into the pool of all", async () => {
    const { rewards } = await alice.client.query.distribution.delegationRewards({
      delegator_address: alice.address,
      validator_address: first,
    });
    expect(rewards).toBeDefined();
    const redirected = await alice.client.tx.distribution.setWithdrawAddress(
      { delegator_address: alice.address, withdraw_address: bob.address },
      options,
    );
    expect(redirected).toMatchObject({ code: 0, rawLog: "" });
    const paid = await alice.client.tx.distribution.withdrawDelegatorReward(
      { delegator_address: alice.address, validator_address: first },
      options,
    );
    expect(paid).toMatchObject({ code: 0, rawLog: "" });
    const funded = await alice.client.tx.distribution.fundCommunityPool(
      { depositor: alice.address, amount: [uscrt("77")] },
      options,
    );
    expect(funded).toMatchObject({ code: 0, rawLog: "" });
    const { pool } = await alice.client.query.distribution.communityPool({});
    expect(Number(pool?.[0]?.amount)).toBeGreaterThan(77);
  });

  it("are staked again by themselves where a delegation is large enough", async () => {
    const restake = (enabled: boolean, validator: string) =>
      alice.client.tx.distribution.setAutoRestake(
        { delegator_address: alice.address, validator_address: validator, enabled },
        options,
      );
    expect(await restake(true, first)).toMatchObject({ code: 0, rawLog: "" });
    expect(await restake(true, second)).toMatchObject({ code: 201 });
    const entries = await alice.client.query.distribution.restakingEntries({
      delegator: alice.address,
    });
    expect(entries.validators).toEqual([first]);
    expect(await restake(false, first)).toMatchObject({ code: 0, rawLog: "" });
    expect(await restake(false, first)).toMatchObject({ code: 38 });
  });
});

describe("the other questions", () => {
  it("are answered", async () => {
    const { query } = alice.client;
    expect((await query.mint.params({})).params?.mint_denom).toBe("uscrt");
    expect(Number((await query.mint.inflation({})).inflation)).toBeGreaterThan(0);
    expect(Number((await query.mint.annualProvisions({})).annual_provisions)).toBeGreaterThan(0);
    expect((await query.slashing.params({})).params?.signed_blocks_window).toBe("100");
    expect((await query.slashing.signingInfos({})).info?.length).toBe(1);
    expect((await query.evidence.allEvidence({})).evidence).toEqual([]);
    expect((await query.staking.pool({})).pool?.bonded_tokens).toBeDefined();
    expect((await query.distribution.params({})).params?.withdraw_addr_enabled).toBe(true);
  });

  it("refuse to free a validator that is not jailed", async () => {
    const tx = await bob.client.tx.slashing.unjail({ validator_addr: second }, options);
    expect(tx).toMatchObject({ code: 5 });
  });
});
