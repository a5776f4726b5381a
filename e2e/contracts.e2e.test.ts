/** What contracts may do and what becomes of those that misbehave, as secretjs shows it. */
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
let codeId: string;
let probe: Contract;
let other: Contract;

beforeAll(async () => {
  node = await startNodeProcess(home);
  alice = actor("a", node);
  codeId = await upload(alice, artifact("host_probe"));
  probe = await instantiate(alice, codeId, {}, alice.address);
  other = await instantiate(alice, codeId, {});
});

afterAll(async () => {
  await node?.stop();
  remove();
});

const b64 = (text: string) => Buffer.from(text).toString("base64");
const json = (value: unknown) => b64(JSON.stringify(value));
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");
const run = (steps: object[], gas = 500_000) => execute(alice, probe, { run: { steps } }, { gas });
const callOther = (steps: object[], reply_on: string, id = 7) => ({
  execute: {
    address: other.contract_address,
    code_hash: other.code_hash,
    msg: json({ run: { steps } }),
    funds: [],
    id,
    reply_on,
    gas_limit: null,
  },
});

describe("a contract that misbehaves", () => {
  it.each([
    ["panics", { panic: { message: "as asked" } }, /panic/i],
    ["traps", { unreachable: {} }, /panic|unreachable|trap/i],
    ["loops without end", { loop: {} }, /out of gas|OutOfGas/i],
    ["recurses without end", { recurse: {} }, /Enclave/],
    ["grows its memory without end", { grow_memory: { pages: null } }, /Enclave|out of gas/i],
  ])("%s: the transaction fails, the chain goes on", async (_, step, reason) => {
    const before = await height();
    const tx = await run([{ write: { key: b64("never"), value: b64("kept") } }, step], 1_000_000);
    expect(tx.code).not.toBe(0);
    expect(tx.rawLog).toMatch(reason);
    expect(await ask(alice, probe, { get: { key: b64("never") } })).toBeNull();
    expect(await height()).toBeGreaterThan(before);
  });

  it("returns errors that only the sender reads", async () => {
    const secret = "a reason that stays between us";
    const tx = await run([{ error: { message: secret } }]);
    expect(tx).toMatchObject({ code: 3, codespace: "compute" });
    expect(tx.rawLog).toContain(secret);
    const answer = await fetch(`${node.urls.rest}/cosmos/tx/v1beta1/txs/${tx.transactionHash}`);
    expect(await answer.text()).not.toContain(secret);
  });

  it("cannot be instantiated when its first call fails", async () => {
    const steps = [{ error: { message: "no start" } }];
    await expect(instantiate(alice, codeId, { steps })).rejects.toThrow("no start");
  });

  it.each([
    ["panics", { panic: { message: "as asked" } }],
    ["loops", { loop: {} }],
    ["recurses", { recurse: {} }],
    ["writes", { write_anyway: {} }],
  ])("that %s in a query only fails that query", async (_, query) => {
    const answer = await ask<unknown>(alice, probe, query).catch((error) => error);
    expect(JSON.stringify(answer) + String(answer)).toMatch(/error|Enclave|out of gas/i);
    expect(await ask(alice, probe, { get: { key: b64("nothing") } })).toBeNull();
  });

  it("answers a query's error in words for who asked", async () => {
    const answer = await ask<string>(alice, probe, { error: { message: "not today" } });
    expect(answer).toContain("not today");
  });
});

describe("a contract's output", () => {
  it("has encrypted attributes, plain ones, events and data", async () => {
    const tx = await run([
      { encrypted: { key: "hidden_key", value: "hidden value" } },
      { plaintext: { key: "open_key", value: "open value" } },
      { event: { kind: "shout", attributes: [["loud", "yes"]], plaintext: true } },
      { data: { data: b64("bytes for the sender") } },
    ]);
    expect(tx.code).toBe(0);
    expect(attribute(tx, "wasm", "hidden_key")).toBe("hidden value");
    expect(attribute(tx, "wasm", "open_key")).toBe("open value");
    expect(attribute(tx, "wasm-shout", "loud")).toBe("yes");
    expect(text(dataOf(tx))).toBe("bytes for the sender");
    const answer = await fetch(`${node.urls.rest}/cosmos/tx/v1beta1/txs/${tx.transactionHash}`);
    const seen = await answer.text();
    expect(seen).not.toContain("hidden");
    expect(seen).toContain("open value");
  });

  it("knows the block, the transaction, the sender and its funds", async () => {
    const funds = [{ denom: "uscrt", amount: "17" }];
    const info = await execute(alice, probe, { run: { steps: [{ info_as_data: {} }] } }, { funds });
    expect(JSON.parse(text(dataOf(info)))).toEqual({ sender: alice.address, funds });
    const tx = await run([{ env_as_data: {} }]);
    const env = JSON.parse(text(dataOf(tx)));
    expect(env).toMatchObject({
      block: { height: tx.height, chain_id: node.chainId },
      transaction: { index: 0, hash: tx.transactionHash },
      contract: { address: probe.contract_address, code_hash: probe.code_hash },
    });
  });

  it("gets randomness that differs from call to call", async () => {
    const first = dataOf(await run([{ random_as_data: {} }]));
    const second = dataOf(await run([{ random_as_data: {} }]));
    expect(first).toHaveLength(32);
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(false);
  });
});

describe("a contract that calls another", () => {
  it("reads it in the middle of a transaction", async () => {
    const stored = { run: { steps: [{ write: { key: b64("k"), value: b64("v") } }] } };
    await execute(alice, other, stored);
    const query = {
      query_as_data: {
        address: other.contract_address,
        code_hash: other.code_hash,
        msg: json({ get: { key: b64("k") } }),
      },
    };
    expect(text(dataOf(await run([query])))).toBe(JSON.stringify(b64("v")));
  });

  it("sends it a message and hears of its success", async () => {
    const tx = await run([
      { set_reply_mode: { mode: "succeed" } },
      callOther([{ data: { data: b64("answer") } }], "always"),
    ]);
    expect(tx.code).toBe(0);
    expect(attribute(tx, "wasm", "reply_id")).toBe("7");
    const reply = await lastReply();
    expect(reply).toMatchObject({ id: 7, result: { ok: { data: b64("answer") } } });
  });

  it("survives its failure when it asked to hear of it", async () => {
    const steps = [callOther([{ error: { message: "inner" } }], "error")];
    const tx = await run([{ write: { key: b64("kept"), value: b64("yes") } }, ...steps]);
    expect(tx.code).toBe(0);
    expect(JSON.stringify(await lastReply())).toContain("error");
    expect(await ask(alice, probe, { get: { key: b64("kept") } })).toBe(b64("yes"));
  });

  it("fails with it when it did not", async () => {
    const tx = await run([
      { write: { key: b64("lost"), value: b64("yes") } },
      callOther([{ error: { message: "inner reason" } }], "never"),
    ]);
    expect(tx.code).not.toBe(0);
    expect(tx.rawLog).toContain("inner reason");
    expect(await ask(alice, probe, { get: { key: b64("lost") } })).toBeNull();
  });

  it("may return the reply's data as its own, or refuse in the reply", async () => {
    const tx = await run([
      { set_reply_mode: { mode: "return_as_data" } },
      callOther([{ data: { data: b64("deep") } }], "success"),
    ]);
    expect(JSON.parse(text(dataOf(tx)))).toMatchObject({ result: { ok: { data: b64("deep") } } });
    const refused = await run([{ set_reply_mode: { mode: "fail" } }, callOther([], "success")]);
    expect(refused.code).not.toBe(0);
    expect(refused.rawLog).toContain("reply refused as asked");
  });

  it("pays from its own coins and sees its balance", async () => {
    const funds = [{ denom: "uscrt", amount: "100" }];
    const pay = {
      bank_send: {
        to: other.contract_address,
        amount: [{ denom: "uscrt", amount: "60" }],
        id: 0,
        reply_on: "never",
      },
    };
    const tx = await execute(alice, probe, { run: { steps: [pay] } }, { funds });
    expect(tx.code).toBe(0);
    const query = { balance: { address: other.contract_address, denom: "uscrt" } };
    expect(await ask(alice, probe, query)).toEqual({ denom: "uscrt", amount: "60" });
  });

  it("receives tokens with a message", async () => {
    const tokenCode = await upload(alice, artifact("snip20"));
    const token = await instantiate(alice, tokenCode, {
      name: "Sent token",
      symbol: "SENT",
      decimals: 0,
      prng_seed: b64("s"),
      initial_balances: [{ address: alice.address, amount: "10" }],
    });
    const send = {
      recipient: probe.contract_address,
      recipient_code_hash: probe.code_hash,
      amount: "4",
      msg: json({ hello: 1 }),
      memo: "with care",
    };
    const tx = await execute(alice, token, { send });
    expect(tx.code).toBe(0);
    const received = await ask<string>(alice, probe, { get: { key: b64("received") } });
    expect(Buffer.from(received, "base64").toString()).toBe(
      `${alice.address} ${alice.address} 4 with care ${json({ hello: 1 })}`,
    );
  });
});

describe("a contract's admin", () => {
  it("moves it to other code, which nobody else can", async () => {
    const next = await upload(alice, artifact("host_probe"));
    const migrate = (by: Actor) =>
      by.client.tx.compute.migrateContract(
        { sender: by.address, ...probe, code_id: next, msg: { fail: false } },
        txOptions(500_000),
      );
    expect((await migrate(actor("b", node))).code).not.toBe(0);
    expect((await migrate(alice)).code).toBe(0);
    expect(await ask(alice, probe, { get: { key: b64("migrated") } })).toBe(b64("yes"));
  });
});

describe("code that is none", () => {
  const bytes = (...values: number[]) =>
    Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...values]);

  it.each([
    ["empty", bytes()],
    ["not WebAssembly", Buffer.from("not wasm at all")],
    [
      "with a start function",
      bytes(1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 4, 1, 2, 0, 0x0b),
    ],
  ])("is refused when it is %s", async (_, wasm) => {
    await expect(upload(alice, wasm)).rejects.toThrow();
  });

  it("is refused when it is cut short anywhere", async () => {
    const whole = artifact("counter");
    for (const part of [0.1, 0.5, 0.999]) {
      const cut = whole.slice(0, Math.floor(whole.length * part));
      await expect(upload(alice, cut)).rejects.toThrow();
    }
  });
});

async function lastReply(): Promise<unknown> {
  const stored = await ask<string>(alice, probe, { last_reply: {} });
  return JSON.parse(Buffer.from(stored, "base64").toString("utf8"));
}

async function height(): Promise<number> {
  const { block } = await alice.client.query.tendermint.getLatestBlock({});
  return Number(block?.header?.height);
}
