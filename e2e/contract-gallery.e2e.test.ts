/** The example contracts, each with its story and with what it refuses. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { b64, fromB64, text } from "./support/host-interface.ts";
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
  upload,
} from "./support/secretjs.ts";

const { home, remove } = temporaryHome();
let node: NodeProcess;
let alice: Actor;
let bob: Actor;
let carol: Actor;
let dora: Actor;
let token: Contract;
/** Seconds since 1970, in the chain's time; auctions and votes end then. */
let endsAt: number;
let lamp: Contract;
let tokenAuction: Contract;
let listVote: Contract;
let tokenVote: Contract;

beforeAll(async () => {
  node = await startNodeProcess(home, ["--block-interval", "250"]);
  [alice, bob, carol, dora] = ["a", "b", "c", "d"].map((name) => actor(name, node)) as [
    Actor,
    Actor,
    Actor,
    Actor,
  ];
  token = await instantiate(alice, await upload(alice, artifact("snip20")), {
    name: "Test token",
    symbol: "TEST",
    decimals: 6,
    prng_seed: b64("seed"),
    initial_balances: [bob, carol].map(({ address }) => ({ address, amount: "1000" })),
  });
  const auction = await upload(alice, artifact("auction"));
  const voting = await upload(alice, artifact("voting"));
  endsAt = (await chainTime()) + 20;
  const sale = { item: "a lamp", minimum_bid: "10", ends_at: endsAt };
  const snip20 = { address: token.contract_address, code_hash: token.code_hash };
  const currency = { native: { denom: "uscrt" } };
  lamp = await instantiate(alice, auction, { ...sale, currency });
  tokenAuction = await instantiate(alice, auction, { ...sale, currency: { snip20 } });
  const poll = { question: "Tea?", options: ["yes", "no"], ends_at: endsAt };
  const voters = [alice, bob].map(({ address }, i) => ({ address, weight: String(i + 2) }));
  listVote = await instantiate(alice, voting, { ...poll, weights: { list: { voters } } });
  tokenVote = await instantiate(alice, voting, { ...poll, weights: { snip20 } });
});

afterAll(async () => {
  await node?.stop();
  remove();
});

const uscrt = (amount: number) => [{ denom: "uscrt", amount: String(amount) }];
const viewer = (who: Actor) => ({ address: who.address, viewing_key: `key of ${who.address}` });
const setKey = (who: Actor, contract: Contract) =>
  execute(who, contract, { set_viewing_key: { key: viewer(who).viewing_key } });
const send = (from: Actor, to: Contract, amount: string) =>
  execute(from, token, {
    send: { recipient: to.contract_address, recipient_code_hash: to.code_hash, amount },
  });
const said = (answer: unknown) => JSON.stringify(answer);

async function balance(address: string): Promise<bigint> {
  const answer = await alice.client.query.bank.balance({ address, denom: "uscrt" });
  return BigInt(answer.balance?.amount ?? "0");
}

async function tokens(who: Actor): Promise<string> {
  await setKey(who, token);
  const query = { balance: { address: who.address, key: viewer(who).viewing_key } };
  const answer = await ask<{ balance: { amount: string } }>(who, token, query);
  return answer.balance.amount;
}

async function latestBlock(): Promise<{ readonly height: number; readonly time: number }> {
  const { block } = await alice.client.query.tendermint.getLatestBlock({});
  const time = Math.floor(Date.parse(String(block?.header?.time)) / 1000);
  return { height: Number(block?.header?.height), time };
}
const chainTime = async () => (await latestBlock()).time;

/** Blocks come by themselves; this asks until one is far enough. */
async function blockWhere(isReached: (block: { height: number; time: number }) => boolean) {
  while (!isReached(await latestBlock()));
}

describe("an auction that is open", () => {
  it("takes bids in coins, and refuses low ones and wrong money", async () => {
    const bid = (who: Actor, amount: number) =>
      execute(who, lamp, { bid: {} }, { funds: uscrt(amount) });
    expect((await bid(bob, 5)).rawLog).toContain("below the minimum of 10");
    const first = await bid(bob, 20);
    expect(attribute(first, "wasm", "your_bid")).toBe("20");
    expect((await bid(carol, 30)).rawLog).toBe("");
    expect(attribute(await bid(bob, 5), "wasm", "your_bid")).toBe("25");
    expect((await execute(dora, lamp, { bid: {} })).rawLog).toContain("a bid is one amount");
    expect((await bid(dora, 99)).rawLog).toBe("");
    expect((await execute(dora, lamp, { retract: {} })).rawLog).toBe("");
    expect((await execute(dora, lamp, { retract: {} })).rawLog).toContain("no bid to retract");
    expect(await balance(lamp.contract_address)).toBe(55n);
  });

  it("takes bids in tokens from the token alone", async () => {
    expect((await send(bob, tokenAuction, "100")).rawLog).toBe("");
    expect((await send(carol, tokenAuction, "70")).rawLog).toBe("");
    expect((await send(carol, tokenAuction, "2000")).rawLog).toContain("insufficient funds");
    const forged = { sender: dora.address, from: dora.address, amount: "5000" };
    const tx = await execute(dora, tokenAuction, { receive: forged });
    expect(tx.rawLog).toContain("only the auction's token");
    expect(await tokens(bob)).toBe("900");
  });

  it("shows a bid to its bidder only", async () => {
    await setKey(bob, lamp);
    expect(await ask(bob, lamp, { my_bid: { viewer: viewer(bob) } })).toEqual({ amount: "25" });
    const guess = { address: bob.address, viewing_key: "a guess" };
    expect(said(await ask(carol, lamp, { my_bid: { viewer: guess } }))).toContain(
      "Wrong viewing key",
    );
    expect(await ask(carol, lamp, { status: {} })).toMatchObject({ item: "a lamp", outcome: null });
  });

  it("cannot be finalised", async () => {
    expect((await execute(alice, lamp, { finalize: {} })).rawLog).toContain("still open");
  });
});

describe("a vote that is open", () => {
  it("takes one vote from each on its list", async () => {
    const vote = (who: Actor, option: number) => execute(who, listVote, { vote: { option } });
    expect((await vote(alice, 2)).rawLog).toContain("no such option");
    expect((await vote(alice, 0)).rawLog).toBe("");
    expect((await vote(alice, 1)).rawLog).toContain("voted already");
    expect((await vote(carol, 1)).rawLog).toContain("no weight");
  });

  it("weighs by tokens that the voter shows", async () => {
    await setKey(carol, token);
    const vote = (who: Actor, option: number, token_viewing_key?: string) =>
      execute(who, tokenVote, { vote: { option, token_viewing_key } });
    expect((await vote(carol, 1)).rawLog).toContain("needs your viewing key");
    expect((await vote(carol, 1, "a guess")).rawLog).toContain("Wrong viewing key");
    const tx = await vote(carol, 1, viewer(carol).viewing_key);
    expect(attribute(tx, "wasm", "weight")).toBe("930");
    await setKey(dora, token);
    expect((await vote(dora, 1, viewer(dora).viewing_key)).rawLog).toContain("no weight");
  });

  it("keeps the tally and each vote secret", async () => {
    expect(said(await ask(bob, listVote, { tally: {} }))).toContain("secret until");
    await setKey(alice, listVote);
    const mine = { my_vote: { viewer: viewer(alice) } };
    expect(await ask(alice, listVote, mine)).toEqual({ option: 0, weight: "2" });
    const guess = { address: alice.address, viewing_key: "a guess" };
    expect(said(await ask(bob, listVote, { my_vote: { viewer: guess } }))).toContain(
      "Wrong viewing key",
    );
  });
});

describe("a lottery", () => {
  it("sells tickets, then pays the pot to one holder, once", async () => {
    const sellsUntil = (await latestBlock()).height + 25;
    const init = { ticket_price: uscrt(5)[0], ends_at_height: sellsUntil };
    const lottery = await instantiate(alice, await upload(alice, artifact("lottery")), init);
    const buy = (who: Actor, amount: number) =>
      execute(who, lottery, { buy_tickets: {} }, { funds: uscrt(amount) });
    expect((await buy(bob, 7)).rawLog).toContain("a ticket costs 5");
    expect(attribute(await buy(bob, 10), "wasm", "tickets")).toBe("2");
    expect(attribute(await buy(carol, 15), "wasm", "first_ticket")).toBe("2");
    expect((await execute(dora, lottery, { draw: {} })).rawLog).toContain("still sold");
    await setKey(bob, lottery);
    expect(await ask(bob, lottery, { my_tickets: { viewer: viewer(bob) } })).toEqual({ count: 2 });
    await blockWhere(({ height }) => height >= sellsUntil);
    expect((await buy(bob, 5)).rawLog).toContain("the sale is over");
    const before = new Map<string, bigint>();
    for (const { address } of [bob, carol]) before.set(address, await balance(address));
    const drawn = await execute(dora, lottery, { draw: {} });
    const outcome = JSON.parse(text(dataOf(drawn))) as { ticket: number; winner: string };
    expect(outcome.winner).toBe(outcome.ticket < 2 ? bob.address : carol.address);
    const won = (await balance(outcome.winner)) - (before.get(outcome.winner) ?? 0n);
    expect(won).toBe(25n);
    expect(await balance(lottery.contract_address)).toBe(0n);
    expect((await execute(dora, lottery, { draw: {} })).rawLog).toContain("drawn already");
    expect(await ask(dora, lottery, { status: {} })).toMatchObject({ outcome, pot: "25" });
  });
});

describe("a vault of content keys", () => {
  it("gives a key to its owner and to whom it is granted", async () => {
    const vault = await instantiate(alice, await upload(alice, artifact("vault")), {});
    const add = { add_item: { name: "film", location: "ipfs://film", content_key: null } };
    const added = await execute(alice, vault, add);
    const content = JSON.parse(text(dataOf(added))) as { content_key: string };
    expect(fromB64(content.content_key)).toHaveLength(32);
    expect((await execute(bob, vault, add)).rawLog).toContain("there is an item of this name");
    const signed = (who: Actor) =>
      who.client.utils.accessControl.permit.sign(
        who.address,
        node.chainId,
        "vault",
        [vault.contract_address],
        ["owner"],
        false,
      );
    const read = async (who: Actor) => {
      const query = { content: { name: "film" } };
      return ask(who, vault, { with_permit: { permit: await signed(who), query } });
    };
    expect(await read(alice)).toEqual(content);
    expect(said(await read(bob))).toContain("no such item for you");
    const grant = { grant: { name: "film", address: bob.address } };
    expect((await execute(bob, vault, grant)).rawLog).toContain("no such item for you");
    expect((await execute(alice, vault, grant)).rawLog).toBe("");
    expect(await read(bob)).toEqual(content);
    const past = { grant: { name: "film", address: carol.address, until: 1 } };
    expect((await execute(alice, vault, past)).rawLog).toBe("");
    expect(said(await read(carol))).toContain("no such item for you");
    const revoke = { revoke: { name: "film", address: bob.address } };
    expect((await execute(alice, vault, revoke)).rawLog).toBe("");
    expect(said(await read(bob))).toContain("no such item for you");
    const key = b64("a new key");
    const replace = { replace_key: { name: "film", location: "ipfs://2", content_key: key } };
    expect((await execute(bob, vault, replace)).rawLog).toContain("no such item for you");
    expect((await execute(alice, vault, replace)).rawLog).toBe("");
    expect(await read(alice)).toEqual({ location: "ipfs://2", content_key: key });
    await execute(alice, vault, { revoke_permit: { permit_name: "vault" } });
    expect(said(await read(alice))).toContain("was revoked");
  });
});

describe("a wallet of several owners", () => {
  let wallet: Contract;
  const tell = (who: Actor, msg: object) => execute(who, wallet, msg, { gas: 600_000 });
  const pay = (amount: number) => ({ send: { to: dora.address, amount: uscrt(amount) } });
  const shown = (who: Actor, proposal: number) =>
    ask<object>(who, wallet, { proposal: { proposal, viewer: viewer(who) } });

  beforeAll(async () => {
    const owners = [alice, bob, carol].map(({ address }) => address);
    const code = await upload(alice, artifact("multisig"));
    wallet = await instantiate(alice, code, { owners, threshold: 2 });
    for (const who of [alice, dora]) await setKey(who, wallet);
  });

  it("sends what two of three approved, once, and hears of it", async () => {
    const propose = { propose: { title: "pay dora", actions: [pay(7)] } };
    expect((await tell(dora, propose)).rawLog).toContain("only the wallet's owners");
    expect(attribute(await tell(alice, propose), "wasm", "proposal")).toBe("0");
    expect((await tell(alice, { execute: { proposal: 0 } })).rawLog).toContain("1 of 2 approvals");
    expect((await tell(alice, { approve: { proposal: 0 } })).rawLog).toContain(
      "approved it already",
    );
    expect((await tell(bob, { approve: { proposal: 0 } })).rawLog).toBe("");
    const unfunded = await tell(bob, { execute: { proposal: 0 } });
    expect(unfunded.code).not.toBe(0);
    expect(await shown(alice, 0)).toMatchObject({ is_executed: false, outcomes: [] });
    await execute(
      alice,
      wallet,
      { set_viewing_key: { key: viewer(alice).viewing_key } },
      { funds: uscrt(10) },
    );
    const before = await balance(dora.address);
    expect((await tell(bob, { execute: { proposal: 0 } })).rawLog).toBe("");
    expect((await balance(dora.address)) - before).toBe(7n);
    expect((await tell(bob, { execute: { proposal: 0 } })).rawLog).toContain("executed already");
    expect(await shown(alice, 0)).toMatchObject({ outcomes: [{ action: 0, ok: true }] });
    expect(said(await shown(dora, 0))).toContain("only the wallet's owners");
  });

  it("keeps the outcomes of messages that fail, if the proposal says so", async () => {
    const transfer = {
      execute: {
        contract: token.contract_address,
        code_hash: token.code_hash,
        msg: b64(said({ transfer: { recipient: dora.address, amount: "1" } })),
        funds: [],
      },
    };
    const rules = { set_owners: { owners: [alice.address, bob.address], threshold: 1 } };
    const actions = [transfer, pay(1), rules];
    await tell(bob, { propose: { title: "mixed", actions, keep_going: true } });
    await tell(carol, { approve: { proposal: 1 } });
    expect((await tell(carol, { execute: { proposal: 1 } })).rawLog).toBe("");
    expect(await shown(alice, 1)).toMatchObject({
      outcomes: [
        { action: 0, ok: false, error: expect.stringContaining("insufficient funds") },
        { action: 1, ok: true },
      ],
    });
    expect((await tell(carol, { propose: { title: "x", actions: [pay(1)] } })).rawLog).toContain(
      "only the wallet's owners",
    );
    expect(await ask(dora, wallet, { owners: {} })).toMatchObject({ threshold: 1, proposals: 2 });
  });
});

describe("after the end", () => {
  beforeAll(async () => blockWhere(({ time }) => time >= endsAt), 60_000);

  it("an auction in coins pays the seller, returns the rest, and takes nothing more", async () => {
    const late = await execute(dora, lamp, { bid: {} }, { funds: uscrt(500) });
    expect(late.rawLog).toContain("bidding is over");
    const before = await Promise.all([alice, bob].map(({ address }) => balance(address)));
    const tx = await execute(dora, lamp, { finalize: {} });
    expect(JSON.parse(text(dataOf(tx)))).toEqual({ winner: carol.address, price: "30" });
    const after = await Promise.all([alice, bob].map(({ address }) => balance(address)));
    expect(after.map((amount, i) => amount - (before[i] ?? 0n))).toEqual([30n, 25n]);
    expect(await balance(lamp.contract_address)).toBe(0n);
    expect((await execute(dora, lamp, { finalize: {} })).rawLog).toContain("finalised already");
    expect(await ask(dora, lamp, { status: {} })).toMatchObject({
      outcome: { winner: carol.address, price: "30" },
    });
  });

  it("an auction in tokens does the same", async () => {
    expect((await execute(dora, tokenAuction, { finalize: {} }, { gas: 1_000_000 })).rawLog).toBe(
      "",
    );
    expect(await Promise.all([tokens(alice), tokens(bob), tokens(carol)])).toEqual([
      "100",
      "900",
      "1000",
    ]);
    expect((await send(carol, tokenAuction, "500")).rawLog).toContain("bidding is over");
  });

  it("votes are counted for all to see, and taken no more", async () => {
    const late = await execute(bob, listVote, { vote: { option: 1 } });
    expect(late.rawLog).toContain("the vote is over");
    expect(await ask(dora, listVote, { tally: {} })).toEqual({ weights: ["2", "0"] });
    expect(await ask(dora, tokenVote, { tally: {} })).toEqual({ weights: ["0", "930"] });
  });
});
