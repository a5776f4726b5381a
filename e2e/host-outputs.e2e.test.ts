/** What contracts are told, what they may answer, and every message they may send. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Arg,
  b64,
  bytes,
  type CallResult,
  call,
  fromB64,
  queried,
  text,
} from "./support/host-interface.ts";
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
let codeId: string;
let contract: Contract;
let other: Contract;

beforeAll(async () => {
  node = await startNodeProcess(home);
  alice = actor("a", node);
  bob = actor("b", node);
  codeId = await upload(alice, artifact("host_interface"));
  contract = await instantiate(alice, codeId, {}, alice.address);
  other = await instantiate(alice, codeId, {});
});

afterAll(async () => {
  await node?.stop();
  remove();
});

const run = (script: object, gas = 500_000) => execute(alice, contract, script, { gas });
const one = async (name: string, ...args: Arg[]): Promise<CallResult> =>
  (await queried(alice, contract, call(name, ...args)))[0] as CallResult;
const returned = async (name: string, ...args: Arg[]) => (await one(name, ...args)).returned;
const stored = async (key: string) => fromB64((await one("db_read", bytes(key))).bytes);

describe("the environment", () => {
  const json = (part: string) => stored(part).then((value) => JSON.parse(text(value)));

  it("of a message has a random, of a query a zero in its place", async () => {
    const tx = await run({});
    const env = await json("env:execute");
    expect(env).toMatchObject({
      block: { height: tx.height, chain_id: node.chainId },
      transaction: { index: 0, hash: tx.transactionHash },
      contract: { address: contract.contract_address, code_hash: contract.code_hash },
    });
    expect(fromB64(env.block.random)).toHaveLength(32);
    expect(await json("info:execute")).toEqual({ sender: alice.address, funds: [] });
    const inQuery = await ask<object>(alice, contract, { data: b64("env") });
    expect(inQuery).toMatchObject({ block: { random: "AA==" }, transaction: null });
  });

  it("of a migration is that of the new code", async () => {
    const tx = await alice.client.tx.compute.migrateContract(
      {
        sender: alice.address,
        contract_address: contract.contract_address,
        code_id: codeId,
        code_hash: contract.code_hash,
        msg: { attributes: '[{"key":"moved","value":"yes"}]' },
      },
      txOptions(500_000),
    );
    expect(tx.code).toBe(0);
    expect(attribute(tx, "wasm", "moved")).toBe("yes");
    expect(await json("env:migrate")).toMatchObject({
      contract: { code_hash: contract.code_hash },
    });
  });
});

describe("an output", () => {
  it.each([
    ["is no JSON", "nonsense"],
    ["is empty", ""],
    [
      "has an unknown field",
      '{"Ok":{"messages":[],"attributes":[],"events":[],"data":null,"x":1}}',
    ],
    ["has a message of two variants", response('{"bank":{},"wasm":{}}')],
    ["asks for a reply in an unknown case", response('{"bank":{}}', "sometimes")],
  ])("that %s fails the call", async (_, raw) => {
    const tx = await run({ raw });
    expect(tx.code).not.toBe(0);
    expect(tx.rawLog).toContain("Enclave");
  });

  it("with an error is an error, after which nothing stays", async () => {
    const calls = [call("db_write", bytes("gone"), bytes("x"))];
    const tx = await run({ calls, error: 'reason with "quotes"' });
    expect(tx).toMatchObject({ code: 3, codespace: "compute" });
    expect(tx.rawLog).toContain("reason with");
    expect(await returned("db_read", bytes("gone"))).toBe("0");
  });

  it("with a panic is an error of the enclave", async () => {
    const tx = await run({ panic: true });
    expect(tx.rawLog).toMatch(/the contract panicked/);
  });
});

function response(msg: string, replyOn = "never"): string {
  const message = `{"id":1,"msg":${msg},"gas_limit":null,"reply_on":"${replyOn}"}`;
  return `{"Ok":{"messages":[${message}],"attributes":[],"events":[],"data":null}}`;
}

describe("a message of a contract", () => {
  const sub = (msg: object, replyOn = "never", id = 5) =>
    JSON.stringify([{ id, msg, gas_limit: null, reply_on: replyOn }]);
  const send = (amount: string) => ({
    bank: { send: { to_address: bob.address, amount: [{ denom: "uscrt", amount }] } },
  });
  const tell = (script: object) => ({
    wasm: {
      execute: {
        contract_addr: other.contract_address,
        code_hash: other.code_hash,
        msg: b64(JSON.stringify(script)),
        send: [],
      },
    },
  });
  const lastReply = async () => JSON.parse(text(await stored("msg:reply")));

  it.each(["always", "success"])("that succeeds is replied to on %s", async (replyOn) => {
    const messages = sub(tell({ data: b64("answer") }), replyOn, 11);
    const tx = await run({ messages });
    expect(tx.rawLog).toBe("");
    expect(await lastReply()).toMatchObject({ id: 11, result: { ok: { data: b64("answer") } } });
  });

  it.each(["always", "error"])("that fails is replied to on %s", async (replyOn) => {
    const tx = await run({ messages: sub(tell({ error: "as asked" }), replyOn, 12) });
    expect(tx.code).toBe(0);
    const reply = await lastReply();
    expect(reply).toMatchObject({ id: 12, result: { error: expect.stringContaining("as asked") } });
  });

  it("may move coins, which is replied to with its own number", async () => {
    const funded = await execute(alice, contract, {}, { funds: [{ denom: "uscrt", amount: "9" }] });
    expect(funded.code).toBe(0);
    expect((await run({ messages: sub(send("4"), "always", 13) })).code).toBe(0);
    expect(await lastReply()).toMatchObject({ id: 13 });
    expect((await run({ messages: sub(send("1000"), "error", 14) })).code).toBe(0);
    expect(await lastReply()).toMatchObject({ id: 14, result: { error: expect.any(String) } });
    expect((await run({ messages: sub(send("1000")) })).code).not.toBe(0);
  });

  it("may start, migrate and re-own another contract", async () => {
    const start = {
      wasm: {
        instantiate: {
          admin: contract.contract_address,
          code_id: Number(codeId),
          code_hash: contract.code_hash,
          msg: b64("{}"),
          send: [],
          label: "a child",
        },
      },
    };
    const tx = await run({ messages: sub(start) }, 1_000_000);
    expect(tx.rawLog).toBe("");
    const child = attribute(tx, "instantiate", "contract_address");
    expect(child).toMatch(/^secret1/);
    const migrate = {
      wasm: {
        migrate: {
          contract_addr: child,
          code_id: Number(codeId),
          code_hash: contract.code_hash,
          msg: b64("{}"),
        },
      },
    };
    expect((await run({ messages: sub(migrate) }, 1_000_000)).rawLog).toBe("");
    const handOver = { wasm: { update_admin: { contract_addr: child, admin: bob.address } } };
    expect((await run({ messages: sub(handOver) })).rawLog).toBe("");
    const clear = { wasm: { clear_admin: { contract_addr: child } } };
    expect((await run({ messages: sub(clear) })).code).not.toBe(0);
  });

  it.each([
    ["burns coins", { bank: { burn: { amount: [{ denom: "uscrt", amount: "1" }] } } }],
    ["is a custom one", { custom: {} }],
    ["is of no known module", { unknown: {} }],
    ["has a type that nobody handles", { stargate: { type_url: "/no.such.Msg", value: "" } }],
    [
      "delegates to nobody",
      { staking: { delegate: { validator: "x", amount: { denom: "uscrt", amount: "1" } } } },
    ],
    [
      "undelegates from nobody",
      { staking: { undelegate: { validator: "x", amount: { denom: "uscrt", amount: "1" } } } },
    ],
    ["withdraws from nobody", { distribution: { withdraw_delegator_reward: { validator: "x" } } }],
    ["votes on nothing", { gov: { vote: { proposal_id: 99, vote: "yes" } } }],
    [
      "sends over no channel",
      {
        ibc: {
          transfer: {
            channel_id: "channel-9",
            to_address: "x",
            amount: { denom: "uscrt", amount: "1" },
            timeout: { block: null, timestamp: "1" },
          },
        },
      },
    ],
    ["closes no channel", { ibc: { close_channel: { channel_id: "channel-9" } } }],
  ])("that %s fails the transaction", async (_, msg) => {
    const tx = await run({ messages: sub(msg) });
    expect(tx.code).not.toBe(0);
  });

  it("cannot follow the marker of the last one", async () => {
    const last = sub({ finalize_tx: {} });
    const list = [tell({ messages: last }), tell({})].map((msg) => JSON.parse(sub(msg))[0]);
    const tx = await run({ messages: JSON.stringify(list) });
    expect(tx.code).not.toBe(0);
    expect(tx.rawLog).toContain("after last tx marker was set");
    expect((await run({ messages: last })).code).toBe(0);
  });

  it("hands the reply to a script, whose data comes last", async () => {
    const prepare = [{ entry_point: "reply", script: { data: b64("from the reply") } }];
    const messages = sub(tell({ data: b64("from the other") }), "always");
    const tx = await run({ prepare, messages, data: b64("own") });
    expect(text(dataOf(tx))).toBe("from the reply");
    const refusing = [{ entry_point: "reply", script: { error: "the reply refuses" } }];
    const refused = await run({ prepare: refusing, messages });
    expect(refused.rawLog).toContain("the reply refuses");
  });

  it("may be given less gas than there is, and fails when that was too little", async () => {
    const burn = { calls: [call("gas_evaporate", { number: 100_000 })] };
    const limited = (gas_limit: number) => {
      const [message] = JSON.parse(sub(tell(burn), "error", 31));
      return { messages: JSON.stringify([{ ...message, gas_limit }]) };
    };
    const enough = await run(limited(200_000));
    expect(enough.rawLog).toBe("");
    expect(Number(enough.gasUsed)).toBeGreaterThan(100_000);
    // No error of the callee's own, so it ends the transaction instead of reaching the reply.
    const little = await run(limited(50_000));
    expect(little.code).not.toBe(0);
    expect(little.rawLog).toContain("SubMsg hit gas limit");
    expect(Number(little.gasUsed)).toBeLessThan(Number(enough.gasUsed));
  });
});

describe("a question that asks on", () => {
  const balance = { bank: { balance: { address: "", denom: "uscrt" } } };
  const asks = (request: object) => ({
    calls: [call("query_chain", bytes(JSON.stringify(request)))],
  });
  const nested = (levels: number): object => {
    if (levels === 1) return asks(balance);
    const { contract_address: contract_addr, code_hash: callback_code_hash } = other;
    const msg = b64(JSON.stringify(nested(levels - 1)));
    return asks({ wasm: { smart: { contract_addr, callback_code_hash, msg } } });
  };

  /** What the innermost contract heard, unwrapped from all that passed it on. */
  const innermost = (data: Uint8Array, levels: number): unknown => {
    const [result] = JSON.parse(text(data)) as CallResult[];
    const answer = JSON.parse(text(fromB64(result?.bytes ?? null)));
    if (levels === 1 || answer.Ok?.Ok === undefined) return answer;
    return innermost(fromB64(answer.Ok.Ok), levels - 1);
  };

  it("is answered nine contracts deep, and refused at the tenth", async () => {
    const nine = await run(nested(9), 5_000_000);
    expect(JSON.stringify(innermost(dataOf(nine), 9))).not.toContain("exceeded_recursion_limit");
    const ten = await run(nested(10), 5_000_000);
    expect(innermost(dataOf(ten), 10)).toEqual({ Err: { exceeded_recursion_limit: {} } });
  });
});
