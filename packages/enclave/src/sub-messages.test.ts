import {
  type ContractRequest,
  connectInProcess,
  type OutputSubMessage,
} from "@tacit/enclave-channel";
import { fromBase64, toBase64, toBech32, toHex } from "@tacit/encoding";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  account,
  type CallAnswer,
  contractCode,
  executeMessage,
  outputOf,
  SEALING_KEY,
  signTx,
  TestChain,
} from "../test/chain.ts";
import { type Client, secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";

const alice = account(1);
const enclave = createEnclave({ sealingKey: SEALING_KEY });
const chain = new TestChain(connectInProcess(enclave.createEngine()));
const codeHash = chain.storeCode(contractCode("host_probe"));
let client: Client;
/** Two contracts of the same code: the first sends to the second. */
let first: { readonly contract: Uint8Array; readonly codeHash: Uint8Array };
let second: { readonly contract: Uint8Array; readonly codeHash: Uint8Array };
let message: Uint8Array;

beforeAll(async () => {
  client = secretjsClient(chain.start().info.ioPublicKey);
  const init = await client.encrypt(codeHash, {});
  first = { contract: chain.instantiate(alice, codeHash, init).contract, codeHash };
  second = { contract: chain.instantiate(alice, codeHash, init).contract, codeHash };
});

/** Alice's transaction that makes the first contract take `steps`; leaves block and transaction open. */
async function begin(steps: readonly object[]): Promise<CallAnswer> {
  message = await client.encrypt(codeHash, { run: { steps } });
  const { contract } = first;
  chain.beginBlock();
  chain.beginTx(signTx(alice, [executeMessage({ sender: alice.address, contract, message })]));
  return chain.call(chain.executeRequest({ sender: alice, ...first, message }));
}

function end(): void {
  chain.endTx(true);
  chain.endBlock();
}

const json = (value: object) => toBase64(new TextEncoder().encode(JSON.stringify(value)));

function executeStep(steps: readonly object[], replyOn = "never", id = 7): object {
  return {
    execute: {
      address: toBech32("secret", second.contract),
      code_hash: toHex(codeHash),
      msg: json({ run: { steps } }),
      funds: [],
      id,
      reply_on: replyOn,
      gas_limit: null,
    },
  };
}

/** The call that an honest host makes of a sub-message to a contract. */
function callOf(sub: OutputSubMessage): Extract<ContractRequest, { kind: "execute" }> {
  const { wasm } = JSON.parse(new TextDecoder().decode(sub.message)) as {
    wasm: { execute: { msg: string } };
  };
  return {
    ...chain.executeRequest({ sender: alice, ...second, message: fromBase64(wasm.execute.msg) }),
    sender: first.contract,
    authorization: { kind: "callback", signature: sub.callbackSignature! },
    txIndex: 1,
  };
}

/** The call of the first contract's `reply` with what the second answered. */
function replyOf(answer: CallAnswer): Extract<ContractRequest, { kind: "reply" }> {
  const { result } = answer;
  const isOk = "ok" in result;
  const failure = isOk ? undefined : result.failure;
  if (failure !== undefined && failure.kind !== "contract") throw new TypeError(failure.kind);
  const proof = isOk ? result.ok.replyProof : failure?.replyProof;
  return {
    ...chain.executeRequest({ sender: alice, ...first, message: new Uint8Array(0) }),
    kind: "reply",
    sender: new Uint8Array(0),
    authorization: { kind: "callback", signature: proof!.enclaveSignature },
    originalMessage: message,
    reply: {
      id: proof!.messageId,
      result: isOk ? { ok: { events: [], data: result.ok.data } } : { error: failure!.encrypted },
      wasOriginalMessageEncrypted: true,
      isEncrypted: true,
    },
  };
}

async function lastReply(): Promise<unknown> {
  const query = await client.encrypt(codeHash, { last_reply: {} });
  const answer = chain.query(first, query);
  if (answer.kind !== "query" || !("ok" in answer.result)) throw new TypeError(answer.kind);
  const text = await client.decryptText(answer.result.ok, query);
  const inner = JSON.parse(Buffer.from(text, "base64").toString()) as string;
  return JSON.parse(Buffer.from(inner, "base64").toString());
}

const failureOf = (answer: CallAnswer) => ("failure" in answer.result ? answer.result.failure : {});

describe("a message from contract to contract", () => {
  it("runs with its callback signature, and its sender is the contract", async () => {
    const output = outputOf(await begin([executeStep([{ info_as_data: {} }])]));
    const [sub] = output.messages;
    expect(sub).toMatchObject({ id: 0n, replyOn: "never", wasMessageEncrypted: true });
    const { data, replyProof } = outputOf(chain.call(callOf(sub!)));
    expect(replyProof).toBeUndefined();
    const info = Buffer.from(await client.decryptText(data!, message), "base64").toString();
    expect(JSON.parse(info)).toEqual({ sender: toBech32("secret", first.contract), funds: [] });
    end();
  });

  it("replies with the second's data, as bytes the first asked for", async () => {
    const steps = [{ data: { data: json({ hello: 1 }) } }];
    const output = outputOf(await begin([executeStep(steps, "always")]));
    const answer = chain.call(callOf(output.messages[0]!));
    const reply = outputOf(chain.call(replyOf(answer)));
    const [attribute] = reply.attributes;
    const replyId = await client.decryptText(fromBase64(attribute!.value), message);
    expect(replyId.trim()).toBe("7");
    end();
    expect(await lastReply()).toMatchObject({
      id: 7,
      result: { ok: { events: [], data: json({ hello: 1 }) } },
    });
  });

  it("replies with the second's error", async () => {
    const output = outputOf(
      await begin([executeStep([{ error: { message: "no" } }], "always", 9)]),
    );
    chain.client.notify({ kind: "branch" });
    const answer = chain.call(callOf(output.messages[0]!));
    chain.client.notify({ kind: "revert" });
    expect(failureOf(answer)).toMatchObject({ kind: "contract" });
    outputOf(chain.call(replyOf(answer)));
    end();
    expect(await lastReply()).toEqual({ id: 9, result: { error: "Generic error: no" } });
  });

  it("carries ids beyond 2^53", async () => {
    const steps = JSON.stringify([executeStep([], "always", 0)]).replace(
      '"id":0',
      '"id":18446744073709551615',
    );
    message = await encryptRaw(`{"run":{"steps":${steps}}}`);
    const { contract } = first;
    chain.beginBlock();
    chain.beginTx(signTx(alice, [executeMessage({ sender: alice.address, contract, message })]));
    const output = outputOf(chain.call(chain.executeRequest({ sender: alice, ...first, message })));
    const answer = chain.call(callOf(output.messages[0]!));
    const reply = outputOf(chain.call(replyOf(answer)));
    const id = await client.decryptText(fromBase64(reply.attributes[0]!.value), message);
    expect(id.trim()).toBe("18446744073709551615");
    end();
  });
});

/** secretjs would write the number as a double. */
async function encryptRaw(text: string): Promise<Uint8Array> {
  const stringify = JSON.stringify;
  JSON.stringify = () => text;
  try {
    return await client.encrypt(codeHash, {});
  } finally {
    JSON.stringify = stringify;
  }
}

describe("a message to a module", () => {
  const bankSend = {
    bank_send: {
      to: toBech32("secret", alice.address),
      amount: [{ denom: "uscrt", amount: "5" }],
      id: 3,
      reply_on: "always",
    },
  };

  function moduleReply(
    id: string,
    isEncrypted = true,
  ): Extract<ContractRequest, { kind: "reply" }> {
    return {
      ...chain.executeRequest({ sender: alice, ...first, message: new Uint8Array(0) }),
      kind: "reply",
      sender: new Uint8Array(0),
      authorization: { kind: "callback", signature: new Uint8Array(0) },
      originalMessage: message,
      reply: {
        id: new TextEncoder().encode(id),
        result: { ok: { events: [], data: undefined } },
        wasOriginalMessageEncrypted: isEncrypted,
        isEncrypted: false,
      },
    };
  }

  it("stays plain, keeps its id, and its reply comes once", async () => {
    const [sub] = outputOf(await begin([bankSend])).messages;
    expect(sub).toMatchObject({ id: 3n, callbackSignature: undefined });
    expect(JSON.parse(new TextDecoder().decode(sub!.message))).toHaveProperty("bank.send");
    outputOf(chain.call(moduleReply("3")));
    expect(failureOf(chain.call(moduleReply("3")))).toMatchObject({
      code: "enclave/bad_signature",
    });
    end();
    expect(await lastReply()).toEqual({ id: 3, result: { ok: { events: [], data: null } } });
  });

  it("has no reply that nobody waits for, under another id, or with plain output", async () => {
    await begin([bankSend]);
    const bad = { code: "enclave/bad_signature" };
    expect(failureOf(chain.call(moduleReply("4")))).toMatchObject(bad);

    expect(failureOf(chain.call(moduleReply("3", false)))).toMatchObject(bad);
    const forged = { ...moduleReply("3"), originalMessage: new Uint8Array(64).fill(9) };
    expect(failureOf(chain.call(forged))).toMatchObject(bad);
    end();
  });
});

describe("a host that lies about messages between contracts", () => {
  let sub: OutputSubMessage;
  beforeEach(async () => {
    const output = outputOf(await begin([executeStep([{ data: { data: "" } }], "always")]));
    sub = output.messages[0]!;
    return end;
  });

  const changes: readonly (readonly [string, (request: ReturnType<typeof callOf>) => object])[] = [
    ["another sender", () => ({ sender: second.contract })],
    ["other funds", () => ({ funds: [{ denom: "uscrt", amount: "1" }] })],
    ["another contract", () => ({ contract: first.contract })],
    ["another message", (request) => ({ message: flip(request.message, 70) })],
    ["another signature", () => ({ authorization: callback(new Uint8Array(32)) })],
    ["no signature", () => ({ authorization: callback(new Uint8Array(0)) })],
    ["a user's authorization", () => ({ authorization: { kind: "signed" } })],
  ];

  const callback = (signature: Uint8Array) => ({ kind: "callback", signature });

  it.each(changes)("cannot run one with %s", (_what, change) => {
    const request = callOf(sub);
    const answer = chain.call({ ...request, ...change(request) } as ContractRequest);
    expect(failureOf(answer)).toMatchObject({ code: "enclave/bad_signature" });
    outputOf(chain.call(request));
  });

  it("cannot run one twice, or in another transaction", async () => {
    const request = callOf(sub);
    outputOf(chain.call(request));
    const bad = { code: "enclave/bad_signature" };
    expect(failureOf(chain.call(request))).toMatchObject(bad);
    end();
    chain.beginBlock();
    chain.beginTx(signTx(alice, []));
    expect(failureOf(chain.call(request))).toMatchObject(bad);
  });

  it("cannot make up an answer, change one, or turn an error into one", () => {
    const reply = replyOf(chain.call(callOf(sub)));
    const bad = { code: "enclave/bad_signature" };
    const data = "ok" in reply.reply.result ? reply.reply.result.ok.data : undefined;
    const variants: readonly object[] = [
      { result: { ok: { events: [], data: undefined } } },
      { result: { ok: { events: [], data: flip(data!, 20) } } },
      { result: { error: toBase64(data!) } },
      { id: flip(reply.reply.id, 0) },
    ];
    for (const change of variants) {
      const forged = { ...reply, reply: { ...reply.reply, ...change } };
      expect(failureOf(chain.call(forged))).toMatchObject(bad);
    }
    const otherContract = { ...reply, contract: second.contract };
    expect(failureOf(chain.call(otherContract))).toMatchObject(bad);
    outputOf(chain.call(reply));
    expect(failureOf(chain.call(reply))).toMatchObject(bad);
  });
});

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at]! ^= 1;
  return changed;
}
