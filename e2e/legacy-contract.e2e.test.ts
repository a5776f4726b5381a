/** A contract of the interface before CosmWasm 1.0, alone and together with contracts of 1.0. */
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
let legacyCode: string;
let modernCode: string;
let book: Contract;
let otherBook: Contract;
/** `host_interface`, a contract of the v1 interface. */
let modern: Contract;

beforeAll(async () => {
  node = await startNodeProcess(home);
  alice = actor("a", node);
  bob = actor("b", node);
  legacyCode = await upload(alice, artifact("legacy"));
  modernCode = await upload(alice, artifact("host_interface"));
  book = await instantiate(alice, legacyCode, { title: "visitors" });
  otherBook = await instantiate(alice, legacyCode, { title: "neighbours" });
  modern = await instantiate(alice, modernCode, {});
});

afterAll(async () => {
  await node?.stop();
  remove();
});

const json = (value: unknown) => b64(JSON.stringify(value));
const call = (contract: Contract, msg: object) => ({
  call: { contract: contract.contract_address, code_hash: contract.code_hash, msg: json(msg) },
});
const lastCallback = (of: Contract) => ask<unknown>(alice, of, { last_callback: {} });

describe("a v0.10 contract", () => {
  it("keeps state and answers with data and a log, some of it in the open", async () => {
    const tx = await execute(alice, book, { sign: { line: "hello from alice" } });
    expect(tx.code).toBe(0);
    expect(attribute(tx, "wasm", "line")).toBe("hello from alice");
    expect(attribute(tx, "wasm", "signed_at")).toBe(String(tx.height));
    expect(text(dataOf(tx))).toBe("signed");
    const seen = await fetch(`${node.urls.rest}/cosmos/tx/v1beta1/txs/${tx.transactionHash}`);
    const onChain = await seen.text();
    expect(onChain).not.toContain("hello from alice");
    expect(onChain).toContain("signed_at");
    const line = { line: { address: alice.address } };
    expect(await ask(alice, book, line)).toBe("hello from alice");
    expect(await ask(alice, book, { line: { address: bob.address } })).toBeNull();
    expect((await execute(alice, book, { erase: {} })).code).toBe(0);
    expect(await ask(alice, book, line)).toBeNull();
  });

  it("has no events of the newer interface", async () => {
    const tx = await execute(alice, book, { sign: { line: "x" } });
    expect(attribute(tx, "wasm", "contract_address")).toBe(book.contract_address);
    expect(tx.arrayLog?.some((entry) => entry.type === "execute")).toBe(false);
  });

  it("translates addresses, spaces around them included", async () => {
    const human = ` ${alice.address} `;
    const canonical = await ask<string>(alice, book, { canonical: { human } });
    expect(fromB64(canonical)).toHaveLength(20);
    expect(await ask(alice, book, { human: { canonical } })).toBe(alice.address);
    const empty = await ask(alice, book, { canonical: { human: "  " } });
    expect(JSON.stringify(empty)).toContain("input is empty");
    const foreign = "cosmos1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqnrql8a";
    const refused = await ask(alice, book, { canonical: { human: foreign } });
    expect(JSON.stringify(refused)).toContain("wrong address prefix");
  });

  it.each([
    ["generic", { generic_err: { msg: 'asked to fail with "generic"' } }],
    ["invalid_base64", { invalid_base64: { msg: "as asked" } }],
    ["invalid_utf8", { invalid_utf8: { msg: "as asked" } }],
    ["not_found", { not_found: { kind: "what was asked for" } }],
    ["null_pointer", { null_pointer: {} }],
    ["parse_err", { parse_err: { target: "a target", msg: "as asked" } }],
    ["serialize_err", { serialize_err: { source: "a source", msg: "as asked" } }],
    ["unauthorized", { unauthorized: {} }],
    ["underflow", { underflow: { minuend: "1", subtrahend: "2" } }],
  ])("fails with %s as an object that its sender reads", async (kind, expected) => {
    const tx = await execute(alice, book, { fail: { kind } });
    expect(tx).toMatchObject({ code: 3, codespace: "compute", jsonLog: expected });
  });

  it("cannot be started with what it refuses", async () => {
    await expect(instantiate(alice, legacyCode, { title: "" })).rejects.toThrow(
      "the guest book needs a title",
    );
    await expect(instantiate(alice, legacyCode, {})).rejects.toThrow("parse_err");
  });

  it("sends its own coins and nobody else's", async () => {
    const coins = (amount: string) => [{ denom: "uscrt", amount }];
    const before = await balance(bob);
    const pay = { pay: { to: bob.address, amount: coins("7") } };
    const tx = await execute(alice, book, pay, { funds: coins("7") });
    expect(tx.rawLog).toBe("");
    expect((await balance(bob)) - before).toBe(7n);
    expect((await execute(alice, book, pay)).code).not.toBe(0);
  });

  it("can mark the last message", async () => {
    expect((await execute(alice, book, { finish: {} })).rawLog).toBe("");
  });
});

describe("contracts of both interfaces", () => {
  it("call each other: v0.10 to v0.10", async () => {
    const tx = await execute(alice, book, call(otherBook, { callback: { text: "old to old" } }));
    expect(tx.rawLog).toBe("");
    expect(attribute(tx, "wasm", "called_back")).toBe("old to old");
    expect(await lastCallback(otherBook)).toEqual({
      sender: book.contract_address,
      text: "old to old",
      height: tx.height,
      funds: [],
    });
  });

  it("call each other: v1 to v0.10, with a reply to its answer and to its error", async () => {
    const tell = (msg: object, id: number) => ({
      messages: JSON.stringify([
        {
          id,
          msg: {
            wasm: {
              execute: {
                contract_addr: book.contract_address,
                code_hash: book.code_hash,
                msg: json(msg),
                send: [],
              },
            },
          },
          gas_limit: null,
          reply_on: "always",
        },
      ]),
    });
    const tx = await execute(alice, modern, tell({ sign: { line: "from a contract" } }, 21));
    expect(tx.rawLog).toBe("");
    expect(await ask(alice, book, { line: { address: modern.contract_address } })).toBe(
      "from a contract",
    );
    expect(await lastReply()).toMatchObject({ id: 21, result: { ok: { data: b64("signed") } } });
    const failing = await execute(alice, modern, tell({ fail: { kind: "unauthorized" } }, 22));
    expect(failing.rawLog).toBe("");
    const reply = await lastReply();
    expect(reply).toMatchObject({ id: 22 });
    expect(JSON.stringify(reply)).toContain("unauthorized");
  });

  it("call each other: v0.10 to v1 and back", async () => {
    const back = {
      id: 0,
      msg: {
        wasm: {
          execute: {
            contract_addr: otherBook.contract_address,
            code_hash: otherBook.code_hash,
            msg: json({ callback: { text: "there and back" } }),
            send: [],
          },
        },
      },
      gas_limit: null,
      reply_on: "never",
    };
    const tx = await execute(alice, book, call(modern, { messages: JSON.stringify([back]) }));
    expect(tx.rawLog).toBe("");
    const sender = modern.contract_address;
    expect(await lastCallback(otherBook)).toMatchObject({ sender, text: "there and back" });
  });

  it("fail together", async () => {
    const inner = await execute(alice, book, call(modern, { error: "the newer one refuses" }));
    expect(inner.code).not.toBe(0);
    expect(inner.rawLog).toContain("the newer one refuses");
    const old = await execute(alice, book, call(otherBook, { fail: { kind: "not_found" } }));
    expect(old.jsonLog).toEqual({ not_found: { kind: "what was asked for" } });
  });

  it("start each other", async () => {
    const create = {
      create: {
        code_id: Number(modernCode),
        code_hash: modern.code_hash,
        msg: json({ attributes: '[{"key":"born","value":"yes"}]' }),
        label: "a newer child",
      },
    };
    const tx = await execute(alice, book, create, { gas: 1_000_000 });
    expect(tx.rawLog).toBe("");
    expect(attribute(tx, "wasm", "born")).toBe("yes");
    expect(attribute(tx, "instantiate", "contract_address")).toMatch(/^secret1/);
  });

  it("ask each other", async () => {
    const smart = (of: Contract, msg: object) =>
      JSON.stringify({
        wasm: {
          smart: {
            contract_addr: of.contract_address,
            callback_code_hash: of.code_hash,
            msg: json(msg),
          },
        },
      });
    const relay = (request: string) => ask<object>(alice, book, { relay: { request } });
    expect(await relay(smart(otherBook, { title: {} }))).toEqual({
      Ok: { Ok: json("neighbours") },
    });
    expect(await relay(smart(modern, { data: json("modern answer") }))).toEqual({
      Ok: { Ok: json("modern answer") },
    });
    expect(await relay(smart(otherBook, { canonical: { human: "" } }))).toEqual({
      Ok: { Err: { generic_err: { msg: "input is empty" } } },
    });
    expect(await relay(smart(modern, { error: "no" }))).toHaveProperty("Err.invalid_response");
  });
});

async function lastReply(): Promise<unknown> {
  const calls = [{ import: "db_read", args: [{ bytes: b64("msg:reply") }] }];
  const [result] = await ask<{ bytes: string }[]>(alice, modern, { calls });
  return JSON.parse(text(fromB64(result?.bytes ?? "")));
}

async function balance(of: Actor): Promise<bigint> {
  const answer = await alice.client.query.bank.balance({ address: of.address, denom: "uscrt" });
  return BigInt(answer.balance?.amount ?? "0");
}
