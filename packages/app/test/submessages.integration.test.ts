/** Messages between contracts, and their replies, on a whole chain in memory. */
import { decodeMessage, fromBase64, toBase64 } from "@tacit/encoding";
import { MsgExecuteContractResponseSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { MsgExecuteContract, MsgMigrateContract, MsgUpdateAdmin } from "secretjs";
import { beforeAll, describe, expect, it } from "vitest";
import { eventTexts } from "./local-chain.ts";
import { nonceOf, openError, ProbeChain, probe, responseOf, write } from "./probe-chain.ts";

let chain: ProbeChain;
beforeAll(async () => {
  chain = await new ProbeChain().prepare();
});

const fails = (message = "as asked") => ({ error: { message } });
const returns = (text: string) => ({ data: { data: toBase64(new TextEncoder().encode(text)) } });

describe("a message to another contract", () => {
  it("runs after its sender, as its sender, with events in their order", async () => {
    const { result } = await chain.steps([
      { plaintext: { key: "who", value: "first" } },
      chain.execute([{ plaintext: { key: "who", value: "second" } }, write("called", "yes")]),
    ]);
    expect(result).toMatchObject({ code: 0, log: "" });
    const texts = eventTexts(result);
    const from = texts.findIndex((text) => text.startsWith("execute{"));
    expect(texts.slice(from)).toEqual([
      `execute{contract_address=${chain.first}}`,
      `wasm{contract_address=${chain.first},who=first}`,
      `execute{contract_address=${chain.second}}`,
      `wasm{contract_address=${chain.second},who=second}`,
    ]);
    expect(await chain.read(chain.second, "called")).toBe("yes");
  });

  it("takes its sender down when it fails, and the sender reads why", async () => {
    const { result, nonce } = await chain.steps([
      write("before", "x"),
      chain.execute([fails("deep inside")]),
    ]);
    expect(result).toMatchObject({ code: 3, codespace: "compute" });
    expect(result.log).toMatch(
      /^failed to execute message; message index: 0: dispatch: submessages: encrypted: \S+: execute contract failed$/,
    );
    expect(await openError(chain, result.log, nonce)).toContain("deep inside");
    expect(await chain.read(chain.first, "before")).toBeNull();
  });

  it("sees what the sender wrote, and moves the sender's coins", async () => {
    await chain.fund(chain.first, 100n);
    const before = await chain.balance(chain.second);
    const { result } = await chain.steps([
      chain.execute([write("paid", "yes")], { funds: [{ denom: "uscrt", amount: "30" }] }),
    ]);
    expect(result.code).toBe(0);
    expect((await chain.balance(chain.second)) - before).toBe(30n);
    const { result: tooMuch } = await chain.steps([
      chain.execute([], { funds: [{ denom: "uscrt", amount: "1000000" }] }),
    ]);
    expect(tooMuch).toMatchObject({ code: 5, codespace: "sdk" });
  });
});

describe("a reply", () => {
  it("tells the sender what its callee answered", async () => {
    const { result } = await chain.steps([
      chain.execute([returns("from second"), { plaintext: { key: "a", value: "b" } }], {
        reply_on: "always",
        id: 11,
      }),
    ]);
    expect(result).toMatchObject({ code: 0, log: "" });
    expect(eventTexts(result)).toContain(`reply{contract_address=${chain.first}}`);
    const reply = await chain.lastReply();
    expect(reply?.id).toBe(11);
    const { ok } = reply!.result as { ok: { data: string; events: { type: string }[] } };
    expect(new TextDecoder().decode(fromBase64(ok.data))).toContain("from second");
    expect(ok.events.map(({ type }) => type)).toEqual(["execute", "wasm"]);
  });

  it("catches a callee's failure, whose writes are gone", async () => {
    const { result } = await chain.steps([
      write("kept", "yes"),
      chain.execute([write("dropped", "x"), fails("caught")], { reply_on: "error", id: 12 }),
    ]);
    expect(result).toMatchObject({ code: 0, log: "" });
    expect(await chain.read(chain.first, "kept")).toBe("yes");
    expect(await chain.read(chain.second, "dropped")).toBeNull();
    const reply = await chain.lastReply();
    expect(reply).toMatchObject({ id: 12, result: { error: expect.stringContaining("caught") } });
  });

  it("comes only when it was asked for", async () => {
    await chain.steps([chain.execute([], { reply_on: "always", id: 13 })]);
    await chain.steps([chain.execute([], { reply_on: "error", id: 14 })]);
    await chain.steps([chain.execute([], { reply_on: "never", id: 15 })]);
    expect((await chain.lastReply())?.id).toBe(13);
    const { result } = await chain.steps([
      chain.execute([fails()], { reply_on: "success", id: 16 }),
    ]);
    expect(result.code).toBe(3);
    expect((await chain.lastReply())?.id).toBe(13);
  });

  it("replaces the data of its sender", async () => {
    const message = chain.call([
      { set_reply_mode: { mode: "return_as_data" } },
      returns("own data"),
      chain.execute([], { reply_on: "always", id: 17 }),
    ]);
    const result = await chain.run(chain.users.a, [message]);
    expect(result).toMatchObject({ code: 0, log: "" });
    const { data } = decodeMessage(MsgExecuteContractResponseSchema, responseOf(result));
    const nonce = await nonceOf(chain.users.a, message);
    const opened = new TextDecoder().decode(await chain.users.a.open(data, nonce));
    const reply = JSON.parse(new TextDecoder().decode(fromBase64(opened)));
    expect(reply).toMatchObject({ id: 17 });
    await chain.steps([{ set_reply_mode: { mode: "succeed" } }]);
  });

  it("that fails takes everything with it", async () => {
    await chain.steps([{ set_reply_mode: { mode: "fail" } }]);
    const { result, nonce } = await chain.steps([
      chain.execute([write("undone", "x")], { reply_on: "always", id: 18 }),
    ]);
    expect(result).toMatchObject({ code: 19, codespace: "compute" });
    expect(await openError(chain, result.log, nonce)).toContain("reply refused as asked");
    expect(await chain.read(chain.second, "undone")).toBeNull();
    await chain.steps([{ set_reply_mode: { mode: "succeed" } }]);
  });

  it("travels through three contracts", async () => {
    const third = await chain.instantiate("third");
    const inner = chain.execute([returns("deep")], { address: third, reply_on: "always", id: 21 });
    const { result } = await chain.steps([chain.execute([inner], { reply_on: "always", id: 22 })]);
    expect(result).toMatchObject({ code: 0, log: "" });
    expect(await chain.lastReply(chain.second)).toMatchObject({ id: 21 });
    expect(await chain.lastReply(chain.first)).toMatchObject({ id: 22 });
  });

  it("is told of the bank too, without events, and of its errors", async () => {
    await chain.fund(chain.first, 100n);
    const send = (amount: string, id: number, replyOn: string) => ({
      bank_send: {
        to: chain.users.b.address,
        amount: [{ denom: "uscrt", amount }],
        id,
        reply_on: replyOn,
      },
    });
    const { result } = await chain.steps([send("1", 31, "always")]);
    expect(result).toMatchObject({ code: 0, log: "" });
    expect(await chain.lastReply()).toEqual({ id: 31, result: { ok: { events: [], data: null } } });
    const { result: poor } = await chain.steps([send("1000000000", 32, "error")]);
    expect(poor).toMatchObject({ code: 0, log: "" });
    expect(await chain.lastReply()).toMatchObject({
      id: 32,
      result: { error: expect.stringContaining("insufficient funds") },
    });
  });

  it("does not tell a contract of an error nobody signed: the transaction ends", async () => {
    const { result } = await chain.steps([
      chain.execute([], {
        reply_on: "error",
        id: 41,
        funds: [{ denom: "uscrt", amount: "1000000000" }],
      }),
    ]);
    expect(result).toMatchObject({ code: 1, codespace: "undefined" });
    expect(result.log).toContain(
      "dispatch: submessages: an sdk error occurred while sending a sub-message: ",
    );
  });
});

describe("a gas limit of a message", () => {
  it("ends the message, and the transaction where nobody can be told", async () => {
    const { result } = await chain.steps([
      chain.execute([{ loop: {} }], { reply_on: "error", id: 51, gas_limit: 60_000 }),
    ]);
    expect(result).toMatchObject({ code: 1, codespace: "undefined" });
    expect(result.log).toContain("SubMsg hit gas limit");
    expect(result.gasUsed).toBeLessThan(200_000n);
  });

  it("above what is left limits nothing", async () => {
    const { result } = await chain.steps([
      chain.execute([write("generous", "yes")], { gas_limit: 100_000_000 }),
    ]);
    expect(result.code).toBe(0);
  });
});

describe("finalize_tx", () => {
  it("lets no later message of the transaction run", async () => {
    const { a } = chain.users;
    const result = await chain.run(a, [
      chain.call([write("last", "x"), { finalize_tx: {} }]),
      chain.call([write("after", "x")]),
    ]);
    expect(result).toMatchObject({ code: 40404, codespace: "sdk" });
    expect(await chain.read(chain.first, "last")).toBeNull();
    const alone = await chain.run(a, [chain.call([write("last", "x"), { finalize_tx: {} }])]);
    expect(alone).toMatchObject({ code: 0, log: "" });
    expect(await chain.read(chain.first, "last")).toBe("x");
  });
});

describe("a contract that makes a contract", () => {
  it("is its creator and hears of its address in the events", async () => {
    const { result } = await chain.steps([
      {
        instantiate: {
          code_id: 1,
          code_hash: probe.hash,
          label: "child",
          msg: toBase64(new TextEncoder().encode("{}")),
          funds: [],
          admin: null,
          id: 61,
          reply_on: "success",
        },
      },
    ]);
    expect(result).toMatchObject({ code: 0, log: "" });
    const reply = await chain.lastReply();
    expect(reply?.id).toBe(61);
    const { ok } = reply!.result as {
      ok: { events: { type: string; attributes: { key: string; value: string }[] }[] };
    };
    const event = ok.events.find(({ type }) => type === "instantiate");
    const child = event?.attributes.find(({ key }) => key === "contract_address")?.value;
    expect(await chain.read(child!, "anything")).toBeNull();
  });
});

describe("an admin", () => {
  const migrate = (sender: string, contract: string, fail = false) =>
    new MsgMigrateContract({
      sender,
      contract_address: contract,
      code_id: 1,
      code_hash: probe.hash,
      msg: { fail },
    });

  it("may migrate, and nobody else", async () => {
    const { a, b } = chain.users;
    const contract = await chain.instantiate("migratable", a.address);
    await chain.steps([write("old", "state")], contract);
    const stranger = await chain.run(b, [migrate(b.address, contract)]);
    expect(stranger).toMatchObject({
      code: 5,
      codespace: "compute",
      log: "failed to execute message; message index: 0: requires migrate from admin: migrate contract failed",
    });
    const result = await chain.run(a, [migrate(a.address, contract)]);
    expect(result).toMatchObject({ code: 0, log: "" });
    const texts = eventTexts(result);
    expect(
      texts
        .slice(texts.findIndex((text) => text.startsWith("message{action=")))
        .map((text) => text.split("{")[0]),
    ).toEqual(["message", "message", "migrate", "wasm"]);
    expect(await chain.read(contract, "old")).toBe("state");
    expect(await chain.read(contract, "migrated")).toBe("yes");
    const failed = await chain.run(a, [migrate(a.address, contract, true)]);
    expect(failed).toMatchObject({ code: 5, codespace: "compute" });
  });

  it("may hand over, after which the next one may", async () => {
    const { a, b } = chain.users;
    const contract = await chain.instantiate("handed over", a.address);
    const hand = (sender: string, newAdmin: string) =>
      new MsgUpdateAdmin({ sender, contract_address: contract, new_admin: newAdmin });
    expect(await chain.run(b, [hand(b.address, a.address)])).toMatchObject({ code: 4 });
    const result = await chain.run(a, [hand(a.address, b.address)]);
    expect(result).toMatchObject({ code: 0, log: "" });
    expect(eventTexts(result).at(-1)).toBe(
      `update_contract_admin{contract_address=${contract},new_admin_address=${b.address}}`,
    );
    expect((await chain.run(a, [migrate(a.address, contract)])).code).toBe(5);
    expect(await chain.run(b, [migrate(b.address, contract)])).toMatchObject({ code: 0 });
  });
});

describe("a block", () => {
  it("gives each transaction its place, and the same result in any company", async () => {
    const { a, b } = chain.users;
    const messageOf = (sender: string) =>
      new MsgExecuteContract({
        sender,
        contract_address: chain.first,
        code_hash: probe.hash,
        msg: { run: { steps: [write(sender, "here")] } },
      });
    const txs = [
      await a.sign([messageOf(a.address)], 200_000),
      await b.sign([messageOf(b.address)], 200_000),
    ];
    const results = chain.block(...txs);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(await chain.read(chain.first, b.address)).toBe("here");
  });
});
