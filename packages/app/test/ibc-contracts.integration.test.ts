/** Contracts called by the chain itself: packets, hooks of transfers, `sudo`, on a whole chain in memory. */
import { decodeMessage, fromBase64, toBase64 } from "@tacit/encoding";
import {
  SimulateRequestSchema,
  SimulateResponseSchema,
} from "@tacit/encoding/proto/cosmos/tx/v1beta1/service";
import { MsgInstantiateContractResponseSchema } from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import {
  QueryByContractAddressRequestSchema,
  QueryContractInfoResponseSchema,
  QuerySecretContractRequestSchema,
  QuerySecretContractResponseSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/query";
import type { ExecTxResult } from "@tacit/sdk";
import {
  MsgExecuteContract,
  MsgInstantiateContract,
  MsgMigrateContract,
  MsgSend,
  MsgStoreCode,
} from "secretjs";
import { beforeAll, describe, expect, it } from "vitest";
import { acknowledge, receive, registerRelay, type SentPacket } from "./ibc-relay.ts";
import { eventTexts, LocalChain, readContract } from "./local-chain.ts";
import { compute, probe, responseOf } from "./probe-chain.ts";

const code = readContract("host_interface");
const bytes = (value: string) => new TextEncoder().encode(value);
const text = (value: Uint8Array) => new TextDecoder().decode(value);
const b64 = (value: string) => toBase64(bytes(value));
const zeroAddress = "secret1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq3x5k6p";

let chain: LocalChain;
let acknowledgements: Uint8Array[];
let first: string;
let second: string;

async function instantiate(label: string): Promise<string> {
  const { a } = chain.users;
  const init = {
    sender: a.address,
    code_id: 1,
    code_hash: code.hash,
    label,
    init_msg: {},
    admin: a.address,
  };
  const result = await chain.run(a, [new MsgInstantiateContract(init)]);
  expect(result).toMatchObject({ code: 0, log: "" });
  return decodeMessage(MsgInstantiateContractResponseSchema, responseOf(result)).address;
}

async function prepare(entryPoint: string, script: object, contract = first): Promise<void> {
  const { a } = chain.users;
  const message = new MsgExecuteContract({
    sender: a.address,
    contract_address: contract,
    code_hash: code.hash,
    msg: { prepare: [{ entry_point: entryPoint, script }] },
    sent_funds: [],
  });
  expect(await chain.run(a, [message])).toMatchObject({ code: 0, log: "" });
}

/** What the contract keeps under a name: `msg:sudo`, `info:execute`. */
async function kept(name: string, contract = first): Promise<string> {
  const { encryption } = chain.users.a;
  const call = { import: "db_read", args: [{ bytes: b64(name) }] };
  const sealed = await encryption.encrypt(code.hash, { calls: [call] });
  const { data } = chain.query(
    `${compute}/QuerySecretContract`,
    { input: QuerySecretContractRequestSchema, output: QuerySecretContractResponseSchema },
    { contractAddress: contract, query: sealed },
  );
  const answer = text(await encryption.decrypt(data, sealed.slice(0, 32)));
  const [result] = JSON.parse(text(fromBase64(answer))) as [{ readonly bytes: string }];
  return text(fromBase64(result.bytes));
}

const infoOf = (contract: string) =>
  chain.query(
    `${compute}/ContractInfo`,
    { input: QueryByContractAddressRequestSchema, output: QueryContractInfoResponseSchema },
    { contractAddress: contract },
  ).contractInfo;

beforeAll(async () => {
  chain = new LocalChain();
  acknowledgements = registerRelay(chain.chain.composition);
  const { a } = chain.users;
  for (const { wasm } of [code, probe]) {
    const upload = { sender: a.address, wasm_byte_code: wasm, source: "", builder: "" };
    expect(await chain.run(a, [new MsgStoreCode(upload)], 5_000_000)).toMatchObject({ code: 0 });
  }
  first = await instantiate("first");
  second = await instantiate("second");
});

const packet = (data: Uint8Array, contract = first): SentPacket => ({
  data,
  source: { portId: "theirs", channelId: "channel-1" },
  destination: { portId: `wasm.${contract}`, channelId: "channel-2" },
});

async function relay(message: ReturnType<typeof receive>): Promise<ExecTxResult> {
  return await chain.run(chain.users.b, [message]);
}

const received = (fields: object = {}) => ({
  raw: JSON.stringify({
    Ok: {
      acknowledgement: b64("ack"),
      messages: [],
      attributes: [{ key: "k", value: "v" }],
      events: [],
      ...fields,
    },
  }),
});

const executing = (script: object, replyOn = "never") => ({
  id: 7,
  msg: {
    wasm: {
      execute: {
        contract_addr: second,
        code_hash: code.hash,
        msg: b64(JSON.stringify(script)),
        send: [],
      },
    },
  },
  gas_limit: null,
  reply_on: replyOn,
});

const sending = (amount: string, replyOn: string) => ({
  id: 8,
  msg: { bank: { send: { to_address: zeroAddress, amount: [{ denom: "uscrt", amount }] } } },
  gas_limit: null,
  reply_on: replyOn,
});

describe("a contract with the entry points of IBC", () => {
  it("has a port by its address, and keeps its entry points when it migrates", async () => {
    expect(infoOf(first)?.ibcPortId).toBe(`wasm.${first}`);
    const { a } = chain.users;
    const migrate = new MsgMigrateContract({
      sender: a.address,
      contract_address: first,
      code_id: 2,
      code_hash: probe.hash,
      msg: {},
    });
    expect(await chain.run(a, [migrate])).toMatchObject({
      codespace: "compute",
      code: 5,
      log: expect.stringContaining("requires ibc callbacks: migrate contract failed"),
    });
  });

  it("acknowledges a packet; events are plain", async () => {
    await prepare("ibc_packet_receive", received());
    const result = await relay(receive(packet(bytes("{}")), chain.users.b.address));
    expect(result).toMatchObject({ code: 0, log: "" });
    expect(text(acknowledgements.at(-1)!)).toBe("ack");
    expect(eventTexts(result).at(-1)).toBe(`wasm{contract_address=${first},k=v}`);
    expect(JSON.parse(await kept("msg:ibc_packet_receive"))).toMatchObject({
      packet: { data: b64("{}"), sequence: 1, timeout: { block: { revision: 1, height: 10 } } },
      relayer: chain.users.b.address,
    });
  });

  it("sends on in plaintext mode and hears of it, errors included", async () => {
    const callee = { data: b64("from the second"), attributes: '[{"key":"x","value":"y"}]' };
    await prepare("reply", { data: b64("ack of the reply") });
    await prepare("ibc_packet_receive", received({ messages: [executing(callee, "always")] }));
    const message = receive(packet(bytes("{}")), chain.users.b.address);
    const result = await relay(message);
    expect(result).toMatchObject({ code: 0, log: "" });
    expect(text(acknowledgements.at(-1)!)).toBe("ack of the reply");
    const events = eventTexts(result).filter((event) => !event.startsWith("tx{"));
    expect(events.slice(-5)).toEqual([
      `wasm{contract_address=${first},k=v}`,
      `execute{contract_address=${second}}`,
      `wasm{contract_address=${second},x=y}`,
      `reply{contract_address=${first}}`,
      `wasm{contract_address=${first}}`,
    ]);
    const told = JSON.parse(await kept("msg:reply"));
    expect(told).toMatchObject({
      id: 7,
      result: { ok: { events: [{ type: "execute" }, { type: "wasm" }] } },
    });
    expect(JSON.parse(await kept("info:execute", second))).toEqual({ sender: first, funds: [] });

    await prepare(
      "ibc_packet_receive",
      received({ messages: [executing({ error: "no" }, "error")] }),
    );
    expect(await relay(message)).toMatchObject({ code: 0, log: "" });
    expect(JSON.parse(await kept("msg:reply")).result).toEqual({ error: "no" });

    await prepare("ibc_packet_receive", received({ messages: [sending("5", "always")] }));
    expect(await relay(message)).toMatchObject({ code: 0, log: "" });
    expect(JSON.parse(await kept("msg:reply"))).toMatchObject({
      id: 8,
      result: { error: expect.stringContaining("insufficient funds") },
    });
  });

  it("is encrypted to who encrypted the packet, its messages and replies too", async () => {
    const { encryption } = chain.users.a;
    const data = await encryption.encrypt(code.hash, { private: 1 });
    const callee = { data: b64("secret of the second") };
    await prepare("reply", { data: b64("secret ack") });
    await prepare("ibc_packet_receive", received({ messages: [executing(callee, "success")] }));
    const result = await relay(receive(packet(data), chain.users.b.address));
    expect(result).toMatchObject({ code: 0, log: "" });
    const opened = text(await encryption.decrypt(acknowledgements.at(-1)!, data.slice(0, 32)));
    expect(text(fromBase64(opened))).toBe("secret ack");
    expect(JSON.stringify(result.events)).not.toContain(b64("secret of the second"));
    expect(JSON.parse(await kept("msg:reply")).result.ok.data).toBe(b64("secret of the second"));
  });

  it("fails in the clear, and leaves nothing behind", async () => {
    await prepare("ibc_packet_receive", { error: "not today" });
    const result = await relay(receive(packet(bytes("{}")), chain.users.b.address));
    expect(result).toMatchObject({
      codespace: "compute",
      code: 3,
      log: "failed to execute message; message index: 0: encrypted: not today: execute contract failed",
    });
  });
});

describe("hooks of transfers", () => {
  const home = { portId: "transfer", channelId: "channel-1" };

  it("execute with the coins that came to the zero address, from nobody", async () => {
    const { b } = chain.users;
    const script = { data: b64("hooked") };
    const memo = JSON.stringify({ wasm: { contract: first, msg: script } });
    const transfer = {
      denom: "transfer/channel-1/uscrt",
      amount: "5",
      sender: "cosmos1",
      receiver: first,
      memo,
    };
    const sent = {
      data: bytes(JSON.stringify(transfer)),
      source: home,
      destination: { portId: "transfer", channelId: "channel-2" },
    };
    const result = await chain.run(b, [
      new MsgSend({
        from_address: b.address,
        to_address: zeroAddress,
        amount: [{ denom: "uscrt", amount: "5" }],
      }),
      receive(sent, b.address),
    ]);
    expect(result).toMatchObject({ code: 0, log: "" });
    expect(text(acknowledgements.at(-1)!)).toBe("hooked");
    const info = { sender: "", funds: [{ denom: "uscrt", amount: "5" }] };
    expect(JSON.parse(await kept("info:execute"))).toEqual(info);
    expect(eventTexts(result)).toContain(`execute{contract_address=${first}}`);
  });

  it("tell the sender of a transfer through sudo", async () => {
    const { b } = chain.users;
    const memo = JSON.stringify({ ibc_callback: first });
    const transfer = { denom: "uscrt", amount: "5", sender: first, receiver: "cosmos1", memo };
    const sent = {
      data: bytes(JSON.stringify(transfer)),
      source: home,
      destination: { portId: "transfer", channelId: "channel-2" },
    };
    await prepare("sudo", { attributes: '[{"key":"told","value":"yes"}]' });
    const result = await relay(acknowledge(sent, bytes('{"result":"AQ=="}'), b.address));
    expect(result).toMatchObject({ code: 0, log: "" });
    expect(eventTexts(result).slice(-2)).toEqual([
      `execute{contract_address=${first}}`,
      `wasm{contract_address=${first},told=yes}`,
    ]);
    expect(await kept("msg:sudo")).toContain('"success":true');
  });
});

describe("a simulation of a relayer's transaction", () => {
  it("runs no contract, and counts a flat price for it", async () => {
    const { b } = chain.users;
    await prepare("ibc_packet_receive", { error: "would fail" });
    const tx = await b.sign([receive(packet(bytes("{}")), b.address)], 2_000_000);
    b.sequence -= 1;
    const { gasInfo } = chain.query(
      "/cosmos.tx.v1beta1.Service/Simulate",
      { input: SimulateRequestSchema, output: SimulateResponseSchema },
      { txBytes: tx },
    );
    expect(gasInfo?.gasUsed).toBeGreaterThan(320_000n);
  });
});
