import {
  type ContractRequest,
  connectInProcess,
  type OutputSubMessage,
  transferTimedOutJson,
} from "@tacit/enclave-channel";
import { fromBase64, toBase64, toHex } from "@tacit/encoding";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  account,
  type CallAnswer,
  contractCode,
  outputOf,
  SEALING_KEY,
  TestChain,
} from "../test/chain.ts";
import { b64, bytes, type ExecuteRequest, HostInterface, text } from "../test/host-interface.ts";
import { timeoutMessage } from "../test/ibc.ts";
import { type Client, secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";

const alice = account(1);
const relayer = account(2);
const enclave = createEnclave({ sealingKey: SEALING_KEY });
const chain = new TestChain(connectInProcess(enclave.createEngine()));
const codeHash = chain.storeCode(contractCode("host_interface"));
let client: Client;
/** The first is called in plaintext mode, by the end of a transfer, and sends to the second. */
let first: HostInterface;
let second: HostInterface;

beforeAll(async () => {
  client = secretjsClient(chain.start().info.ioPublicKey);
  first = await HostInterface.instantiate(chain, client, alice, codeHash);
  second = await HostInterface.instantiate(chain, client, alice, codeHash);
});

const failureOf = (answer: CallAnswer) => ("failure" in answer.result ? answer.result.failure : {});
const badSignature = { kind: "enclave", code: "enclave/bad_signature" };

/** Runs `sudo` of the first contract, which follows the script; leaves block and transaction open. */
async function runSudo(script: object): Promise<CallAnswer> {
  await first.prepare("sudo", script);
  const memo = JSON.stringify({ ibc_callback: first.address });
  const transfer = { denom: "u", amount: "1", sender: first.address, receiver: "x", memo };
  const packet = {
    data: bytes(JSON.stringify(transfer)),
    source: { portId: "transfer", channelId: "channel-1" },
    destination: { portId: "transfer", channelId: "channel-2" },
    sequence: 1n,
    timeoutHeight: { revision: 0n, height: 0n },
    timeoutTimestamp: 1n,
  };
  first.begin(relayer, [timeoutMessage(relayer, packet)]);
  return chain.call(first.systemRequest("hook_timeout", transferTimedOutJson(packet)));
}

interface Execution {
  readonly message?: string;
  readonly replyOn?: string;
  readonly funds?: readonly object[];
}

/** A message to the second contract. */
const executing = ({ message = "{}", replyOn = "never", funds = [] }: Execution = {}) =>
  JSON.stringify([
    {
      id: 7,
      msg: {
        wasm: {
          execute: {
            contract_addr: second.address,
            code_hash: toHex(codeHash),
            msg: b64(message),
            send: funds,
          },
        },
      },
      gas_limit: null,
      reply_on: replyOn,
    },
  ]);

/** The call that an honest host makes of it. */
function callOf(sub: OutputSubMessage): ExecuteRequest {
  const { wasm } = JSON.parse(text(sub.message)) as { wasm: { execute: { msg: string } } };
  return {
    ...chain.executeRequest({
      sender: alice,
      ...second.target,
      message: fromBase64(wasm.execute.msg),
    }),
    sender: first.target.contract,
    authorization: { kind: "callback", signature: sub.callbackSignature! },
  };
}

function replyOf(changes: object = {}): Extract<ContractRequest, { kind: "reply" }> {
  return {
    ...chain.executeRequest({ sender: alice, ...first.target, message: new Uint8Array(0) }),
    kind: "reply",
    sender: first.target.contract,
    authorization: { kind: "callback", signature: new Uint8Array(0) },
    originalMessage: new Uint8Array(0),
    reply: {
      id: bytes("7"),
      result: { ok: { events: [], data: bytes("data") } },
      wasOriginalMessageEncrypted: false,
      isEncrypted: false,
      ...changes,
    },
  };
}

describe("a call in plaintext mode", () => {
  it("answers in the clear, even where the contract asks for encryption", async () => {
    const attributes = JSON.stringify([{ key: "k", value: "v", encrypted: true }]);
    const events = JSON.stringify([{ type: "made", attributes: [{ key: "a", value: "b" }] }]);
    const output = outputOf(await runSudo({ attributes, events, data: b64("plain") }));
    expect(output).toMatchObject({
      data: bytes("plain"),
      attributes: [{ key: "k", value: "v" }],
      events: [{ type: "made", attributes: [{ key: "a", value: "b" }] }],
      replyProof: undefined,
    });
    first.end();
  });

  it("fails in the clear", async () => {
    expect(failureOf(await runSudo({ error: "no such luck" }))).toEqual({
      kind: "contract_plain",
      text: "no such luck",
    });
    first.end();
  });

  it("has no data that is not base64, as no call has", async () => {
    const raw = '{"Ok":{"messages":[],"attributes":[],"events":[],"data":"not base64!"}}';
    expect(failureOf(await runSudo({ raw }))).toMatchObject({ code: "enclave/bad_output" });
    first.end();
  });

  it("asks other contracts under a key that only enclaves have", async () => {
    const question = { data: b64("secret of the second") };
    const request = {
      wasm: {
        smart: {
          contract_addr: second.address,
          callback_code_hash: toHex(codeHash),
          msg: b64(JSON.stringify(question)),
        },
      },
    };
    let seen = "";
    chain.onChainQuery = (asked, depth) => {
      seen = text(asked);
      const { msg } = JSON.parse(seen).wasm.smart;
      const answer = chain.ask({
        kind: "query",
        ...second.target,
        message: fromBase64(msg),
        gasLimit: 1_000_000n,
        depth,
        height: chain.height,
        timeNs: 1n,
        view: undefined,
      });
      if (answer.kind !== "query" || !("ok" in answer.result)) throw new TypeError(answer.kind);
      seen += toBase64(answer.result.ok);
      const ok = { Ok: { Ok: toBase64(answer.result.ok) } };
      return {
        kind: "chain_query",
        answer: bytes(JSON.stringify(ok)),
        gasUsed: 0n,
        outOfGas: false,
      };
    };
    const calls = [{ import: "query_chain", args: [{ bytes: b64(JSON.stringify(request)) }] }];
    const output = outputOf(await runSudo({ calls }));
    first.end();
    const [result] = JSON.parse(text(output.data!)) as [{ bytes: string }];
    const { Ok } = JSON.parse(text(fromBase64(result.bytes)));
    expect(text(fromBase64(Ok.Ok))).toBe("secret of the second");
    expect(seen).not.toContain(b64("secret of the second"));
    expect(seen).not.toContain(b64(JSON.stringify(question)).slice(0, 20));
  });
});

describe("a message of a contract in plaintext mode", () => {
  it("goes as it is, keeps its id, and runs in plaintext mode with the contract as sender", async () => {
    const message = JSON.stringify({ data: b64("from the second") });
    const output = outputOf(await runSudo({ messages: executing({ message }) }));
    const [sub] = output.messages;
    expect(sub).toMatchObject({ id: 7n, wasMessageEncrypted: false });
    const request = callOf(sub!);
    expect(text(request.message)).toBe(message);
    expect(text(outputOf(chain.call(request)).data!)).toBe("from the second");
    expect(failureOf(chain.call(request))).toMatchObject(badSignature);
    first.end();
    const info = JSON.parse((await second.kept("info:execute"))!);
    expect(info).toEqual({ sender: first.address, funds: [] });
  });

  it("cannot be changed, redirected or taken for encrypted", async () => {
    const funds = [{ denom: "uscrt", amount: "5" }];
    const output = outputOf(await runSudo({ messages: executing({ funds }) }));
    const honest: ExecuteRequest = {
      ...callOf(output.messages[0]!),
      funds: [{ denom: "uscrt", amount: "5" }],
    };
    const padded = new Uint8Array(64 + honest.message.length);
    padded.set(honest.message, 64);
    const lies: readonly ExecuteRequest[] = [
      { ...honest, message: bytes('{"panic":true}') },
      { ...honest, message: padded },
      { ...honest, funds: [] },
      { ...honest, sender: second.target.contract },
      { ...honest, contract: first.target.contract },
      { ...honest, authorization: { kind: "signed" } },
    ];
    for (const lie of lies) expect(failureOf(chain.call(lie))).toMatchObject(badSignature);
    outputOf(chain.call(honest));
    first.end();
  });

  it("instantiates only with the code's hash in front, and never migrates", async () => {
    const wasm = (variant: string, fields: object) =>
      JSON.stringify([
        {
          id: 1,
          msg: { wasm: { [variant]: { code_hash: toHex(codeHash), send: [], ...fields } } },
          gas_limit: null,
          reply_on: "never",
        },
      ]);
    for (const [msg, expected] of [
      [`${toHex(codeHash)}{}`, {}],
      ["{}", { code: "enclave/wrong_code_hash" }],
    ] as const) {
      const fields = { code_id: 1, label: `made by sudo: ${msg}`, msg: b64(msg) };
      const output = outputOf(await runSudo({ messages: wasm("instantiate", fields) }));
      const request = chain.instantiateRequest({
        sender: { ...alice, address: first.target.contract },
        codeHash,
        message: bytes(msg),
        label: fields.label,
      });
      const signature = output.messages[0]!.callbackSignature!;
      const answer = chain.call({ ...request, authorization: { kind: "callback", signature } });
      expect(failureOf(answer)).toMatchObject(expected);
      first.end();
    }
  });

  it("is not for users: theirs must be encrypted", () => {
    const message = bytes('{"data":"AA=="}');
    first.begin(alice, [first.executeMessage(message)]);
    const request = chain.executeRequest({ sender: alice, ...first.target, message });
    expect(failureOf(chain.call(request))).toMatchObject(badSignature);
    first.end();
  });
});

describe("a reply in plaintext mode", () => {
  beforeEach(async () => {
    await first.prepare("reply", { attributes: '[{"key":"replied","value":"yes"}]' });
    const output = outputOf(await runSudo({ messages: executing({ replyOn: "always" }) }));
    outputOf(chain.call(callOf(output.messages[0]!)));
    return () => first.end();
  });

  it("is what the host says of the message, in the clear and once", () => {
    const output = outputOf(chain.call(replyOf()));
    expect(output.attributes).toEqual([{ key: "replied", value: "yes" }]);
    expect(failureOf(chain.call(replyOf()))).toMatchObject(badSignature);
  });

  it("is none under another id, of an encrypted call, or in another transaction", async () => {
    expect(failureOf(chain.call(replyOf({ id: bytes("8") })))).toMatchObject(badSignature);
    expect(failureOf(chain.call(replyOf({ isEncrypted: true })))).toMatchObject(badSignature);
    const originalMessage = await client.encrypt(codeHash, {});
    const asEncrypted = { ...replyOf({ wasOriginalMessageEncrypted: true }), originalMessage };
    expect(failureOf(chain.call(asEncrypted))).toMatchObject(badSignature);
    chain.endTx(true);
    chain.beginTx({ txBytes: bytes("another"), signers: [] });
    expect(failureOf(chain.call(replyOf()))).toMatchObject(badSignature);
  });
});

describe("a key that no client has", () => {
  it("opens nothing that a client sealed under it", async () => {
    const message = await client.encrypt(codeHash, {});
    message.fill(0, 32, 64);
    first.begin(alice, [first.executeMessage(message)]);
    const request = chain.executeRequest({ sender: alice, ...first.target, message });
    expect(failureOf(chain.call(request))).toMatchObject(badSignature);
    first.end();
  });
});
