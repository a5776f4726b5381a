/** Unmodified secretjs against a node over its real ports. */
import { DEV_ACCOUNTS } from "@tacit/cli/dev-accounts";
import { SecretNetworkClient } from "secretjs";
import { AminoWallet } from "secretjs/dist/wallet_amino.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import {
  type Actor,
  actor,
  artifact,
  ask,
  attribute,
  type Contract,
  dataOf,
  execute,
  instantiate,
  txOptions,
  upload,
} from "./support/secretjs.ts";

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

const utf8 = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8").trim();
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("coins", () => {
  it("move by a transaction signed directly", async () => {
    const before = await balance(bob.address);
    const tx = await alice.client.tx.bank.send(
      {
        from_address: alice.address,
        to_address: bob.address,
        amount: [{ denom: "uscrt", amount: "1234567" }],
      },
      txOptions(60_000),
    );
    expect(tx).toMatchObject({ code: 0, rawLog: "" });
    expect(await balance(bob.address)).toBe(before + 1_234_567n);
    const found = await alice.client.query.getTx(tx.transactionHash);
    expect(found).toMatchObject({ height: tx.height, gasUsed: tx.gasUsed });
    const [listed] = await alice.client.query.txsQuery(`tx.height=${tx.height}`);
    expect(listed?.transactionHash).toBe(tx.transactionHash);
  });

  it("move by a transaction signed as amino JSON", async () => {
    const account = DEV_ACCOUNTS.find(({ name }) => name === "c");
    const wallet = new AminoWallet(account?.mnemonic ?? "");
    const client = new SecretNetworkClient({
      url: node.urls.rest,
      chainId: node.chainId,
      wallet,
      walletAddress: wallet.address,
    });
    const tx = await client.tx.bank.send(
      {
        from_address: wallet.address,
        to_address: bob.address,
        amount: [{ denom: "uscrt", amount: "1" }],
      },
      { ...txOptions(60_000), memo: "<b>&'quoted\" ☃</b>" },
    );
    expect(tx).toMatchObject({ code: 0 });
  });

  it("stay when the sender has too few, with the SDK's code", async () => {
    const tx = await alice.client.tx.bank.send(
      {
        from_address: alice.address,
        to_address: bob.address,
        amount: [{ denom: "uscrt", amount: "9".repeat(30) }],
      },
      txOptions(60_000),
    );
    expect(tx).toMatchObject({ code: 5, codespace: "sdk" });
  });

  it("stay when the sequence was used, or the fee is too low", async () => {
    const send = (options: object) =>
      alice.client.tx.bank.send(
        {
          from_address: alice.address,
          to_address: bob.address,
          amount: [{ denom: "uscrt", amount: "1" }],
        },
        { ...txOptions(60_000), ...options },
      );
    const { account } = (await alice.client.query.auth.account({ address: alice.address })) as {
      account: { account_number: string };
    };
    const accountNumber = Number(account.account_number);
    const explicitSignerData = { accountNumber, sequence: 0, chainId: node.chainId };
    await expect(send({ explicitSignerData })).rejects.toThrow(/code 32.*sequence mismatch/s);
    await expect(send({ gasPriceInFeeDenom: 0.001 })).rejects.toThrow(/code 13.*insufficient fee/s);
  });

  it("come from the faucet", async () => {
    const { address } = actor("d", node);
    const before = await balance(address);
    const response = await fetch(`${node.urls.faucet}/faucet?address=${address}`);
    const { txhash } = (await response.json()) as { txhash: string };
    expect(txhash).toMatch(/^[0-9A-F]{64}$/);
    expect(await balance(address)).toBe(before + 1_000_000_000n);
    const wrong = await fetch(`${node.urls.faucet}/faucet?address=secret1nobody`);
    expect(wrong.status).toBe(400);
  });

  it("are estimated without moving", async () => {
    const before = await balance(bob.address);
    const estimate = await alice.client.tx.bank.send.simulate({
      from_address: alice.address,
      to_address: bob.address,
      amount: [{ denom: "uscrt", amount: "5" }],
    });
    expect(Number(estimate.gas_info?.gas_used)).toBeGreaterThan(10_000);
    expect(await balance(bob.address)).toBe(before);
  });
});

async function balance(address: string): Promise<bigint> {
  const { balance } = await alice.client.query.bank.balance({ address, denom: "uscrt" });
  return BigInt(balance?.amount ?? "0");
}

describe("a counter", () => {
  let codeId: string;
  let counter: Contract;

  it("is uploaded and made, and its code has the hash of the file", async () => {
    codeId = await upload(alice, artifact("counter"));
    counter = await instantiate(alice, codeId, { count: 41 });
    const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(artifact("counter")));
    expect(counter.code_hash).toBe(Buffer.from(digest).toString("hex"));
    expect(await ask(alice, counter, { get_count: {} })).toEqual({ count: 41 });
  });

  it("counts, and its answer and attributes are decrypted by who sent the message", async () => {
    const tx = await execute(bob, counter, { increment: {} });
    expect(tx.code).toBe(0);
    expect(JSON.parse(utf8(dataOf(tx)))).toEqual({ count: 42 });
    expect(attribute(tx, "wasm", "count")).toBe("42");
    expect(await ask(alice, counter, { get_count: {} })).toEqual({ count: 42 });
    const stranger = await alice.client.query.getTx(tx.transactionHash);
    expect(attribute(stranger as typeof tx, "wasm", "count")).toBe("");
  });

  it("refuses what its code refuses, in words only the sender can read", async () => {
    const tx = await execute(bob, counter, { reset: { count: 0 } });
    expect(tx).toMatchObject({ code: 3, codespace: "compute" });
    expect(tx.rawLog).toContain("only the owner may reset the count");
    const stranger = await alice.client.query.getTx(tx.transactionHash);
    expect(stranger?.rawLog).not.toContain("only the owner");
    expect(await ask(alice, counter, { get_count: {} })).toEqual({ count: 42 });
  });

  it("runs several messages of one transaction in order, or none of them", async () => {
    const { MsgExecuteContract } = await import("secretjs");
    const message = (msg: object) =>
      new MsgExecuteContract({ sender: alice.address, ...counter, msg, sent_funds: [] });
    const both = await alice.client.tx.broadcast(
      [message({ reset: { count: 10 } }), message({ increment: {} })],
      txOptions(600_000),
    );
    expect(both.code).toBe(0);
    expect(JSON.parse(utf8(dataOf(both, 1)))).toEqual({ count: 11 });
    const second = await alice.client.tx.broadcast(
      [message({ reset: { count: 99 } }), message({ nonsense: {} })],
      txOptions(600_000),
    );
    expect(second.code).toBe(3);
    expect(second.rawLog).toContain("message index: 1");
    expect(await ask(alice, counter, { get_count: {} })).toEqual({ count: 11 });
  });

  it("cannot be simulated: nobody may try what a contract would do", async () => {
    const attempt = alice.client.tx.compute.executeContract.simulate({
      sender: alice.address,
      ...counter,
      msg: { increment: {} },
      sent_funds: [],
    });
    await expect(attempt).rejects.toBeDefined();
  });

  it("is found by its label and its code", async () => {
    const { contract_info } = await alice.client.query.compute.contractInfo({
      contract_address: counter.contract_address,
    });
    expect(contract_info).toMatchObject({ code_id: codeId, creator: alice.address });
    const { contract_address } = await alice.client.query.compute.addressByLabel({
      label: contract_info?.label ?? "",
    });
    expect(contract_address).toBe(counter.contract_address);
    const { contract_infos } = await alice.client.query.compute.contractsByCodeId({
      code_id: codeId,
    });
    expect(contract_infos?.map((info) => info.contract_address)).toEqual([contract_address]);
  });

  it("answers a query of another shape with its own error", async () => {
    const answer = await ask<string>(alice, counter, { no_such_query: {} });
    expect(answer).toMatch(/unknown variant/);
  });
});

describe("a token", () => {
  let token: Contract;
  const auth = { key: "alice's viewing key" };

  beforeAll(async () => {
    const codeId = await upload(alice, artifact("snip20"));
    token = await instantiate(alice, codeId, {
      name: "Test token",
      symbol: "TEST",
      decimals: 6,
      prng_seed: base64("seed"),
      initial_balances: [{ address: alice.address, amount: "1000000" }],
      config: { public_total_supply: true, enable_deposit: true, enable_redeem: true },
    });
  });

  const contract = () => ({ address: token.contract_address, code_hash: token.code_hash });
  const permit = (by: Actor, permissions: ("balance" | "history" | "allowance")[]) =>
    by.client.utils.accessControl.permit.sign(
      by.address,
      node.chainId,
      "test",
      [token.contract_address],
      permissions,
      false,
    );

  it("moves between accounts, seen by viewing key and by permit", async () => {
    const sent = await alice.client.tx.snip20.transfer(
      {
        sender: alice.address,
        ...token,
        msg: { transfer: { recipient: bob.address, amount: "250000" } },
      },
      txOptions(150_000),
    );
    expect(sent.code).toBe(0);
    expect(JSON.parse(utf8(dataOf(sent)))).toEqual({ transfer: { status: "success" } });
    const key = await alice.client.tx.snip20.setViewingKey(
      { sender: alice.address, ...token, msg: { set_viewing_key: { key: auth.key } } },
      txOptions(150_000),
    );
    expect(key.code).toBe(0);
    const byKey = await alice.client.query.snip20.getBalance({
      contract: contract(),
      address: alice.address,
      auth,
    });
    expect(byKey).toEqual({ balance: { amount: "750000" } });
    const byPermit = await bob.client.query.snip20.getBalance({
      contract: contract(),
      address: bob.address,
      auth: { permit: await permit(bob, ["balance"]) },
    });
    expect(byPermit).toEqual({ balance: { amount: "250000" } });
  });

  it("shows its history to its holders", async () => {
    const history = await bob.client.query.snip20.getTransactionHistory({
      contract: contract(),
      address: bob.address,
      auth: { permit: await permit(bob, ["history"]) },
      page_size: 10,
    });
    expect(history.transaction_history).toMatchObject({
      total: 1,
      txs: [
        {
          action: {
            transfer: { from: alice.address, sender: alice.address, recipient: bob.address },
          },
          coins: { denom: "TEST", amount: "250000" },
        },
      ],
    });
  });

  it("tells nobody else", async () => {
    const wrongKey = await bob.client.query.snip20.getBalance({
      contract: contract(),
      address: alice.address,
      auth: { key: "a guess" },
    });
    expect(wrongKey).toHaveProperty("viewing_key_error");
    const wrongPermission = await bob.client.query.snip20.getBalance({
      contract: contract(),
      address: bob.address,
      auth: { permit: await permit(bob, ["history"]) },
    });
    expect(JSON.stringify(wrongPermission)).toContain("does not grant");
    const signed = await permit(bob, ["balance"]);
    const forged = { ...signed, params: { ...signed.params, permit_name: "other" } };
    const wrongSignature = await bob.client.query.snip20.getBalance({
      contract: contract(),
      address: bob.address,
      auth: { permit: forged },
    });
    expect(JSON.stringify(wrongSignature)).toContain("Failed to verify signatures");
  });

  it("lets others spend what its holder allows", async () => {
    const allowed = await alice.client.tx.snip20.increaseAllowance(
      {
        sender: alice.address,
        ...token,
        msg: { increase_allowance: { spender: bob.address, amount: "100" } },
      },
      txOptions(150_000),
    );
    expect(allowed.code).toBe(0);
    const spend = (amount: string) =>
      execute(bob, token, {
        transfer_from: { owner: alice.address, recipient: bob.address, amount },
      });
    expect((await spend("60")).code).toBe(0);
    const tooMuch = await spend("60");
    expect(tooMuch.code).toBe(3);
    expect(tooMuch.rawLog).toContain("insufficient allowance: allowance=40, required=60");
    const { allowance } = await alice.client.query.snip20.GetAllowance({
      contract: contract(),
      owner: alice.address,
      spender: bob.address,
      auth,
    });
    expect(allowance.allowance).toBe("40");
  });

  it("wraps and returns the native coin", async () => {
    const funds = [{ denom: "uscrt", amount: "5000" }];
    expect((await execute(bob, token, { deposit: {} }, { funds })).code).toBe(0);
    const held = await balance(token.contract_address);
    expect(held).toBe(5_000n);
    expect((await execute(bob, token, { redeem: { amount: "2000" } })).code).toBe(0);
    expect(await balance(token.contract_address)).toBe(3_000n);
  });
});

describe("the node", () => {
  it("continues where it was after it was stopped, and after it was killed", async () => {
    const codeId = await upload(alice, artifact("counter"));
    const counter = await instantiate(alice, codeId, { count: 1 });
    for (const end of [() => node.stop(), () => node.kill()]) {
      const before = await height();
      await end();
      node = await startNodeProcess(home);
      alice = actor("a", node);
      bob = actor("b", node);
      expect(node.startHeight).toBeGreaterThanOrEqual(before);
      const tx = await execute(bob, counter, { increment: {} });
      expect(tx.code).toBe(0);
      expect(tx.height).toBeGreaterThan(before);
    }
    expect(await ask(alice, counter, { get_count: {} })).toEqual({ count: 3 });
  });

  it("says so when its directory or a port is in use", async () => {
    await expect(startNodeProcess(home)).rejects.toThrow(/already|another/);
    const other = temporaryHome();
    const port = new URL(node.urls.rest).port;
    await expect(startNodeProcess(other.home, ["--rest-port", port])).rejects.toThrow(
      new RegExp(`127.0.0.1:${port} is taken`),
    );
    other.remove();
  });
});

async function height(): Promise<number> {
  const { block } = await alice.client.query.tendermint.getLatestBlock({});
  return Number(block?.header?.height);
}
