/** Unmodified secretjs and permission from account to account: feegrant, authz, vesting. */
import { MsgGrantAuthorization, MsgSend, SecretNetworkClient, Wallet } from "secretjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import { type Actor, actor, txOptions } from "./support/secretjs.ts";

const { home, remove } = temporaryHome();
let node: NodeProcess;
let alice: Actor;
let bob: Actor;

beforeAll(async () => {
  node = await startNodeProcess(home);
  alice = actor("a", node);
  bob = actor("b", node);
});

afterAll(async () => {
  await node?.stop();
  remove();
});

const coins = (amount: string) => [{ denom: "uscrt", amount }];

function newcomer(wallet: Wallet) {
  const client = new SecretNetworkClient({
    url: node.urls.rest,
    chainId: node.chainId,
    wallet,
    walletAddress: wallet.address,
  });
  return { address: wallet.address, client };
}

async function balance(address: string): Promise<bigint> {
  const answer = await alice.client.query.bank.balance({ address, denom: "uscrt" });
  return BigInt(answer.balance?.amount ?? "0");
}

describe("fees", () => {
  it("are paid by a granter, within what is granted, until it is revoked", async () => {
    const poor = newcomer(new Wallet());
    const granted = await alice.client.tx.feegrant.grantAllowance(
      {
        granter: alice.address,
        grantee: poor.address,
        allowance: { spend_limit: coins("10000"), expiration: undefined },
      },
      txOptions(100_000),
    );
    expect(granted).toMatchObject({ code: 0, rawLog: "" });
    const send = (amount: string) =>
      poor.client.tx.bank.send(
        { from_address: poor.address, to_address: bob.address, amount: coins(amount) },
        { ...txOptions(60_000), feeGranter: alice.address },
      );
    await alice.client.tx.bank.send(
      { from_address: alice.address, to_address: poor.address, amount: coins("5") },
      txOptions(60_000),
    );
    expect(await send("3")).toMatchObject({ code: 0 });
    expect(await balance(poor.address)).toBe(2n);
    const { allowance } = await alice.client.query.feegrant.allowance({
      granter: alice.address,
      grantee: poor.address,
    });
    expect(allowance).toMatchObject({
      granter: alice.address,
      allowance: {
        "@type": "/cosmos.feegrant.v1beta1.BasicAllowance",
        spend_limit: coins("4000"),
        expiration: null,
      },
    });
    const { allowances } = await alice.client.query.feegrant.allowancesByGranter({
      granter: alice.address,
    });
    expect(allowances).toHaveLength(1);
    const revoked = await alice.client.tx.feegrant.revokeAllowance(
      { granter: alice.address, grantee: poor.address },
      txOptions(100_000),
    );
    expect(revoked).toMatchObject({ code: 0 });
    await expect(send("1")).rejects.toThrow("fee-grant not found");
  });
});

describe("grants", () => {
  it("let one account send for another, up to a limit", async () => {
    const granted = await alice.client.tx.authz.grant(
      {
        granter: alice.address,
        grantee: bob.address,
        authorization: { spend_limit: coins("100"), allow_list: [] },
        expiration: 4_000_000_000,
      },
      txOptions(100_000),
    );
    expect(granted).toMatchObject({ code: 0, rawLog: "" });
    const exec = (amount: string) =>
      bob.client.tx.authz.exec(
        {
          grantee: bob.address,
          msgs: [
            new MsgSend({
              from_address: alice.address,
              to_address: bob.address,
              amount: coins(amount),
            }),
          ],
        },
        txOptions(100_000),
      );
    expect(await exec("40")).toMatchObject({ code: 0 });
    const refused = await exec("61");
    expect(refused.code).toBe(5);
    expect(refused.rawLog).toContain("requested amount is more than spend limit");
    const { grants } = await alice.client.query.authz.granterGrants({ granter: alice.address });
    expect(grants).toMatchObject([
      {
        grantee: bob.address,
        authorization: {
          "@type": "/cosmos.bank.v1beta1.SendAuthorization",
          spend_limit: coins("60"),
        },
        expiration: "2096-10-02T07:06:40Z",
      },
    ]);
    const revoked = await alice.client.tx.authz.revoke(
      { granter: alice.address, grantee: bob.address, msg: MsgGrantAuthorization.MsgSend },
      txOptions(100_000),
    );
    expect(revoked).toMatchObject({ code: 0 });
    expect((await exec("1")).rawLog).toContain("authorization not found");
  });
});

describe("vesting accounts", () => {
  it("keep what has not vested", async () => {
    const locked = newcomer(new Wallet());
    const made = await alice.client.tx.vesting.createVestingAccount(
      {
        from_address: alice.address,
        to_address: locked.address,
        amount: coins("1000000"),
        end_time: "4000000000",
        delayed: true,
      },
      txOptions(100_000),
    );
    expect(made).toMatchObject({ code: 0, rawLog: "" });
    const { account } = await alice.client.query.auth.account({ address: locked.address });
    expect(account).toMatchObject({
      "@type": "/cosmos.vesting.v1beta1.DelayedVestingAccount",
      base_vesting_account: { original_vesting: coins("1000000"), end_time: "4000000000" },
    });
    await alice.client.tx.bank.send(
      { from_address: alice.address, to_address: locked.address, amount: coins("20000") },
      txOptions(60_000),
    );
    const sent = await locked.client.tx.bank.send(
      { from_address: locked.address, to_address: bob.address, amount: coins("20000") },
      txOptions(60_000),
    );
    expect(sent.code).toBe(5);
    expect(sent.rawLog).toContain("spendable balance 14000uscrt is smaller than 20000uscrt");
  });
});

describe("the network", () => {
  it("tells who may upgrade it, and that nothing is planned", async () => {
    const { upgrade, auth } = alice.client.query;
    const { address } = await upgrade.authority({});
    const { account } = await auth.moduleAccountByName({ name: "gov" });
    expect(account).toMatchObject({ base_account: { address } });
    expect((await upgrade.currentPlan({})).plan ?? null).toBeNull();
    const { module_versions } = await upgrade.moduleVersions({ module_name: "bank" });
    expect(module_versions).toEqual([{ name: "bank", version: "4" }]);
  });
});
