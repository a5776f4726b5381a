/** Unmodified CosmJS against a node over its real ports: accounts, sending, proofs, WebSocket. */
import * as confio from "@confio/ics23";
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { stringToPath } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { GasPrice, SigningStargateClient, StargateClient } from "@cosmjs/stargate";
import { Comet38Client, type comet38 } from "@cosmjs/tendermint-rpc";
import { DEV_ACCOUNTS } from "@tacit/cli/dev-accounts";
import { fromAccountAddress } from "@tacit/encoding";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import { queryStore } from "./support/proofs.ts";

const { home, remove } = temporaryHome();
const options = { prefix: "secret", hdPaths: [stringToPath("m/44'/529'/0'/0/0")] };
const coins = [{ denom: "uscrt", amount: "4321" }];
const fee = { amount: [{ denom: "uscrt", amount: "10000" }], gas: "100000" };
const addressOf = (name: string) => accountOf(name).address;
let node: NodeProcess;
let comet: Comet38Client;

beforeAll(async () => {
  node = await startNodeProcess(home, ["--block-interval", "200"]);
  comet = await Comet38Client.connect(node.urls.rpc);
});

afterAll(async () => {
  comet?.disconnect();
  await node?.stop();
  remove();
});

function accountOf(name: string) {
  const account = DEV_ACCOUNTS.find((dev) => dev.name === name);
  if (account === undefined) throw new RangeError(name);
  return account;
}

describe("StargateClient", () => {
  it("connects and reads chain, height, accounts and balances", async () => {
    const client = await StargateClient.connect(node.urls.rpc);
    expect(await client.getChainId()).toBe(node.chainId);
    expect(await client.getHeight()).toBeGreaterThan(0);
    expect(await client.getBlock(1)).toMatchObject({ header: { height: 1 } });
    expect(await client.getAccount(addressOf("d"))).toMatchObject({ address: addressOf("d") });
    const balance = await client.getBalance(addressOf("d"), "uscrt");
    expect(BigInt(balance.amount)).toBeGreaterThanOrEqual(10n ** 18n);
    expect(await client.getAllBalances(addressOf("d"))).toEqual([balance]);
    client.disconnect();
  });

  it.each([
    ["directly", () => DirectSecp256k1HdWallet.fromMnemonic(accountOf("a").mnemonic, options)],
    ["as amino JSON", () => Secp256k1HdWallet.fromMnemonic(accountOf("b").mnemonic, options)],
  ])("sends what is signed %s and finds the transaction", async (_, wallet) => {
    const signer = await wallet();
    const [account] = await signer.getAccounts();
    const from = account?.address ?? "";
    const client = await SigningStargateClient.connectWithSigner(node.urls.rpc, signer, {
      gasPrice: GasPrice.fromString("0.1uscrt"),
      broadcastPollIntervalMs: 50,
    });
    const before = BigInt((await client.getBalance(addressOf("c"), "uscrt")).amount);
    const gas = await client.simulate(from, [sendMessage(from)], "");
    expect(gas).toBeGreaterThan(10_000);
    const result = await client.sendTokens(from, addressOf("c"), coins, fee, "from CosmJS");
    expect(result).toMatchObject({ code: 0, gasWanted: 100_000n });
    const after = BigInt((await client.getBalance(addressOf("c"), "uscrt")).amount);
    expect(after - before).toBe(4_321n);
    expect((await client.getTx(result.transactionHash))?.height).toBe(result.height);
    const found = await client.searchTx([{ key: "transfer.sender", value: from }]);
    expect(found.map(({ hash }) => hash)).toContain(result.transactionHash);
    client.disconnect();
  });

  it("is told the code of a transaction that fails", async () => {
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(accountOf("a").mnemonic, options);
    const client = await SigningStargateClient.connectWithSigner(node.urls.rpc, wallet, {
      broadcastPollIntervalMs: 50,
    });
    const tooMany = [{ denom: "uscrt", amount: "9".repeat(30) }];
    const result = await client.sendTokens(addressOf("a"), addressOf("b"), tooMany, fee);
    expect(result.code).toBe(5);
    const cheap = { amount: [{ denom: "uscrt", amount: "1" }], gas: "100000" };
    const refused = client.sendTokens(addressOf("a"), addressOf("b"), coins, cheap);
    await expect(refused).rejects.toThrow(/insufficient fee/);
    client.disconnect();
  });
});

function sendMessage(from: string) {
  return {
    typeUrl: "/cosmos.bank.v1beta1.MsgSend",
    value: { fromAddress: from, toAddress: addressOf("c"), amount: coins },
  };
}

describe("proofs", () => {
  const balanceKey = (address: string) => {
    const bytes = fromAccountAddress(address);
    return Uint8Array.from([2, bytes.length, ...bytes, ...Buffer.from("uscrt")]);
  };

  it("hold for a balance, up to the app hash of the next header", async () => {
    const key = balanceKey(addressOf("d"));
    const answer = await queryStore(comet, "bank", key);
    expect(Buffer.from(answer.value).toString()).toMatch(/^[0-9]{18,}$/);
    const { tree, simple, storeRoot, appHash } = answer;
    expect(
      confio.verifyMembership(tree, confio.iavlSpec, storeRoot, answer.key, answer.value),
    ).toBe(true);
    const name = Buffer.from("bank");
    expect(confio.verifyMembership(simple, confio.tendermintSpec, appHash, name, storeRoot)).toBe(
      true,
    );
    const other = Uint8Array.from([...answer.value, 0x30]);
    expect(confio.verifyMembership(tree, confio.iavlSpec, storeRoot, answer.key, other)).toBe(
      false,
    );
  });

  it("hold for the absence of a balance", async () => {
    const key = balanceKey("secret17xpfvakm2amg962yls6f84z3kell8c5ljuhfkp").with(10, 77);
    const { value, tree, simple, storeRoot, appHash } = await queryStore(comet, "bank", key);
    expect(value).toHaveLength(0);
    expect(confio.verifyNonMembership(tree, confio.iavlSpec, storeRoot, key)).toBe(true);
    const name = Buffer.from("bank");
    expect(confio.verifyMembership(simple, confio.tendermintSpec, appHash, name, storeRoot)).toBe(
      true,
    );
  });
});

function webSocketUrl(): string {
  return node.urls.rpc.replace("http", "ws");
}

describe("WebSocket", () => {
  it("tells of blocks and of the transactions asked for", async () => {
    const client = await Comet38Client.connect(webSocketUrl());
    const query = `tm.event='Tx' AND transfer.recipient='${addressOf("d")}'`;
    const event = new Promise<comet38.TxEvent>((resolve, reject) => {
      client.subscribeTx(query.replace("tm.event='Tx' AND ", "")).addListener({
        next: resolve,
        error: reject,
      });
    });
    const wallet = await DirectSecp256k1HdWallet.fromMnemonic(accountOf("c").mnemonic, options);
    const signing = await SigningStargateClient.createWithSigner(client, wallet, {
      broadcastPollIntervalMs: 50,
    });
    const result = await signing.sendTokens(addressOf("c"), addressOf("d"), coins, fee);
    const { hash, height } = await event;
    expect(Buffer.from(hash).toString("hex").toUpperCase()).toBe(result.transactionHash);
    expect(height).toBe(result.height);
    client.disconnect();
  });
});
