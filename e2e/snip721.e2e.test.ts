/** Private non-fungible tokens with secretjs's own helpers: minting, viewing, moving, burning. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytes, call, fromB64, queried, text } from "./support/host-interface.ts";
import { type NodeProcess, startNodeProcess, temporaryHome } from "./support/node-process.ts";
import {
  type Actor,
  actor,
  artifact,
  ask,
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
let carol: Actor;
let art: Contract;

beforeAll(async () => {
  node = await startNodeProcess(home);
  alice = actor("a", node);
  bob = actor("b", node);
  carol = actor("c", node);
  const config = { enable_burn: true, owner_may_update_metadata: true };
  const init = { name: "Art", symbol: "ART", entropy: "any", config };
  art = await instantiate(alice, await upload(alice, artifact("snip721")), init);
  for (const who of [alice, bob, carol]) {
    const key = await execute(who, art, { set_viewing_key: { key: `key of ${who.address}` } });
    expect(key.rawLog).toBe("");
  }
});

afterAll(async () => {
  await node?.stop();
  remove();
});

const contract = () => ({ address: art.contract_address, codeHash: art.code_hash });
const viewer = (who: Actor) => ({ address: who.address, viewing_key: `key of ${who.address}` });
const permit = (who: Actor, permissions: ("owner" | "balance")[]) =>
  who.client.utils.accessControl.permit.sign(
    who.address,
    node.chainId,
    "for the gallery",
    [art.contract_address],
    permissions,
    false,
  );
const question = (who: Actor, query: object) => ask<Record<string, never>>(who, art, query);
const owner = async (token_id: string, by: Actor) =>
  question(by, { owner_of: { token_id, viewer: viewer(by) } });

describe("a collection", () => {
  it("lets minters mint, with secretjs's helpers", async () => {
    const minted = await alice.client.tx.snip721.mint(
      {
        sender: alice.address,
        ...art,
        msg: {
          mint_nft: {
            token_id: "one",
            owner: bob.address,
            public_metadata: { extension: { name: "Number one", protected_attributes: [] } },
            private_metadata: { token_uri: "ipfs://secret-place" },
            memo: "first",
          },
        },
      },
      txOptions(300_000),
    );
    expect(minted.rawLog).toBe("");
    expect(JSON.parse(text(dataOf(minted)))).toEqual({ mint_nft: { token_id: "one" } });
    const refused = await execute(bob, art, { mint_nft: { token_id: "two" } });
    expect(refused.rawLog).toContain("Only designated minters are allowed to mint");
    const added = await alice.client.tx.snip721.addMinter(
      { sender: alice.address, ...art, msg: { add_minters: { minters: [bob.address] } } },
      txOptions(300_000),
    );
    expect(added.rawLog).toBe("");
    const batch = await execute(bob, art, {
      batch_mint_nft: { mints: [{ token_id: "two" }, { owner: carol.address }] },
    });
    expect(JSON.parse(text(dataOf(batch)))).toEqual({
      batch_mint_nft: { token_ids: ["two", "2"] },
    });
    const twice = await execute(bob, art, { mint_nft: { token_id: "two" } });
    expect(twice.rawLog).toContain("already in use");
  });

  it("shows tokens by viewing key and by permit, through secretjs's helpers", async () => {
    const byKey = await bob.client.query.snip721.GetOwnedTokens({
      contract: contract(),
      auth: { viewer: viewer(bob) },
      owner: bob.address,
    });
    expect(byKey.token_list.tokens).toEqual(["one", "two"]);
    const byPermit = await bob.client.query.snip721.GetOwnedTokens({
      contract: contract(),
      auth: { permit: await permit(bob, ["owner"]) },
      owner: bob.address,
    });
    expect(byPermit).toEqual(byKey);
    const info = await bob.client.query.snip721.GetTokenInfo({
      contract: contract(),
      auth: { permit: await permit(bob, ["owner"]) },
      token_id: "one",
    });
    expect(info.all_nft_info).toMatchObject({
      access: { owner: bob.address },
      info: { extension: { name: "Number one" } },
    });
  });

  it("shows to others only what is public", async () => {
    const info = await question(carol, {
      all_nft_info: { token_id: "one", viewer: viewer(carol) },
    });
    expect(info).toMatchObject({ all_nft_info: { access: { owner: null, approvals: [] } } });
    expect(await question(carol, { nft_info: { token_id: "one" } })).toMatchObject({
      nft_info: { extension: { name: "Number one" } },
    });
    const dossier = await question(carol, { nft_dossier: { token_id: "one" } });
    expect(dossier).toMatchObject({ nft_dossier: { owner: null, private_metadata: null } });
    expect(JSON.stringify(await owner("one", carol))).toContain("You are not authorized");
    expect(JSON.stringify(await question(carol, { num_tokens: {} }))).toContain("private");
    expect(await question(bob, { num_tokens: { viewer: viewer(bob) } })).toEqual({
      num_tokens: { count: 3 },
    });
  });

  it("refuses wrong viewing keys and permits", async () => {
    const wrongKey = { address: bob.address, viewing_key: "a guess" };
    const guessed = await question(carol, {
      private_metadata: { token_id: "one", viewer: wrongKey },
    });
    expect(JSON.stringify(guessed)).toContain("Wrong viewing key");
    const weak = await permit(bob, ["balance"]);
    const query = { private_metadata: { token_id: "one" } };
    const ungranted = await question(bob, { with_permit: { permit: weak, query } });
    expect(JSON.stringify(ungranted)).toContain("does not grant");
    const others = await permit(carol, ["owner"]);
    const unowned = await question(carol, { with_permit: { permit: others, query } });
    expect(JSON.stringify(unowned)).toContain("You are not authorized");
    const signed = await permit(bob, ["owner"]);
    expect(await question(bob, { with_permit: { permit: signed, query } })).toMatchObject({
      private_metadata: { token_uri: "ipfs://secret-place" },
    });
    await execute(bob, art, { revoke_permit: { permit_name: "for the gallery" } });
    const revoked = await question(bob, { with_permit: { permit: signed, query } });
    expect(JSON.stringify(revoked)).toContain("was revoked");
  });

  it("shows private metadata to whom the owner admits, until the token moves on", async () => {
    const query = { private_metadata: { token_id: "one", viewer: viewer(carol) } };
    expect(JSON.stringify(await question(carol, query))).toContain("You are not authorized");
    const admit = {
      address: carol.address,
      token_id: "one",
      view_private_metadata: "approve_token",
      view_owner: "approve_token",
    };
    const byStranger = await execute(carol, art, { set_whitelisted_approval: admit });
    expect(byStranger.rawLog).toContain("You are not authorized");
    expect((await execute(bob, art, { set_whitelisted_approval: admit })).rawLog).toBe("");
    expect(await question(carol, query)).toMatchObject({
      private_metadata: { token_uri: "ipfs://secret-place" },
    });
    expect(await owner("one", carol)).toMatchObject({ owner_of: { owner: bob.address } });
    const transfer = { transfer_nft: { recipient: alice.address, token_id: "one" } };
    expect((await execute(carol, art, transfer)).rawLog).toContain("You are not authorized");
    expect((await execute(bob, art, transfer)).rawLog).toBe("");
    expect(JSON.stringify(await question(carol, query))).toContain("You are not authorized");
    expect(await owner("one", alice)).toMatchObject({ owner_of: { owner: alice.address } });
  });

  it("lets approved spenders and operators transfer, and nobody after a revocation", async () => {
    const take = (token_id: string) => ({
      transfer_nft: { recipient: carol.address, token_id },
    });
    await execute(alice, art, { approve: { spender: bob.address, token_id: "one" } });
    const spender = await question(alice, { owner_of: { token_id: "one", viewer: viewer(alice) } });
    expect(spender).toMatchObject({
      owner_of: { approvals: [{ spender: bob.address, expires: "never" }] },
    });
    await execute(alice, art, { revoke: { spender: bob.address, token_id: "one" } });
    expect((await execute(bob, art, take("one"))).rawLog).toContain("You are not authorized");
    const { height } = await execute(alice, art, {
      approve_all: { operator: bob.address, expires: { at_height: 1 } },
    });
    expect(height).toBeGreaterThan(1);
    expect((await execute(bob, art, take("one"))).rawLog).toContain("You are not authorized");
    await execute(alice, art, { approve_all: { operator: bob.address } });
    expect((await execute(bob, art, take("one"))).rawLog).toBe("");
    expect(await owner("one", carol)).toMatchObject({ owner_of: { owner: carol.address } });
  });

  it("sends tokens to contracts and tells them", async () => {
    const deaf = await instantiate(alice, await upload(alice, artifact("host_probe")), {});
    const receiver = await instantiate(alice, await upload(alice, artifact("host_interface")), {});
    const send = (to: Contract) =>
      bob.client.tx.snip721.send(
        {
          sender: bob.address,
          ...art,
          msg: {
            send_nft: {
              contract: to.contract_address,
              token_id: "two",
              receiver_info: { recipient_code_hash: to.code_hash },
            },
          },
        },
        txOptions(400_000),
      );
    expect((await send(deaf)).rawLog).toContain("receive_nft");
    expect(await owner("two", bob)).toMatchObject({ owner_of: { owner: bob.address } });
    expect((await send(receiver)).rawLog).toBe("");
    expect(JSON.stringify(await owner("two", bob))).toContain("You are not authorized");
    const calls = [call("db_read", bytes("info:execute"))];
    const [told] = await queried(alice, receiver, ...calls);
    expect(JSON.parse(text(fromB64(told?.bytes ?? null)))).toMatchObject({
      sender: art.contract_address,
    });
  });

  it("changes metadata and burns for owners only", async () => {
    const change = {
      set_metadata: { token_id: "one", private_metadata: { token_uri: "ipfs://moved" } },
    };
    expect((await execute(bob, art, change)).rawLog).toContain("You are not authorized");
    expect((await execute(carol, art, change)).rawLog).toBe("");
    const burn = { burn_nft: { token_id: "one" } };
    expect((await execute(bob, art, burn)).rawLog).toContain("You are not authorized");
    expect((await execute(carol, art, burn)).rawLog).toBe("");
    expect(await question(bob, { num_tokens: { viewer: viewer(bob) } })).toEqual({
      num_tokens: { count: 2 },
    });
  });

  it("remembers for each holder what came and went", async () => {
    const query = { address: alice.address, viewing_key: viewer(alice).viewing_key };
    const history = await question(alice, { transaction_history: { ...query, page_size: 2 } });
    expect(history).toMatchObject({
      transaction_history: {
        total: 3,
        txs: [
          { token_id: "one", action: { transfer: { sender: bob.address } } },
          { token_id: "one", action: { transfer: { from: bob.address, sender: null } } },
        ],
      },
    });
    const first = await question(alice, {
      transaction_history: { ...query, page: 1, page_size: 2 },
    });
    const mint = { minter: alice.address, recipient: bob.address };
    expect(first).toMatchObject({
      transaction_history: { txs: [{ action: { mint }, memo: "first" }] },
    });
    const guess = { address: alice.address, viewing_key: "a guess" };
    const guessed = await question(bob, { transaction_history: guess });
    expect(JSON.stringify(guessed)).toContain("Wrong viewing key");
  });

  it("is governed by its admin, who can pass that on and stop everything", async () => {
    const stop = { set_contract_status: { level: "stop_transactions" } };
    expect((await execute(bob, art, stop)).rawLog).toContain("admin command");
    expect((await execute(alice, art, { change_admin: { address: bob.address } })).rawLog).toBe("");
    expect((await execute(alice, art, stop)).rawLog).toContain("admin command");
    expect((await execute(bob, art, stop)).rawLog).toBe("");
    const key = { set_viewing_key: { key: "x" } };
    expect((await execute(carol, art, key)).rawLog).toContain("temporarily disabled");
  });

  it("lets owners hide where owners are public", async () => {
    const config = { public_owner: true, public_token_supply: true };
    const init = { name: "Open", symbol: "OPEN", entropy: "any", config };
    const open = await instantiate(alice, await upload(alice, artifact("snip721")), init);
    await execute(alice, open, { mint_nft: { token_id: "x" } });
    const ownerOf = { owner_of: { token_id: "x" } };
    expect(await ask(carol, open, ownerOf)).toMatchObject({ owner_of: { owner: alice.address } });
    await execute(alice, open, { make_ownership_private: {} });
    expect(JSON.stringify(await ask(carol, open, ownerOf))).toContain("You are not authorized");
    expect(await ask(carol, open, { all_tokens: {} })).toEqual({ token_list: { tokens: ["x"] } });
  });
});
