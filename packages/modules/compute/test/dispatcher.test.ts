import type { CallOutput, OutputSubMessage } from "@tacit/enclave-channel";
import { encodeMessage, toBase64 } from "@tacit/encoding";
import { MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { type BranchObserver, createGasMeter, utf8Bytes } from "@tacit/sdk";
import { describe, expect, it } from "vitest";
import { Dispatcher } from "../src/dispatch/dispatcher.ts";
import type { ReplyCall } from "../src/dispatch/reply-input.ts";
import { addresses, scopeOf, setUp } from "./harness.ts";

const contract = new Uint8Array(20).fill(1);
const victim = new Uint8Array(20).fill(2);
const [contractText, victimText] = [addresses.toText(contract), addresses.toText(victim)];

function subMessage(json: unknown, changes: Partial<OutputSubMessage> = {}): OutputSubMessage {
  return {
    id: 5n,
    message: utf8Bytes(JSON.stringify(json)),
    gasLimit: undefined,
    replyOn: "never",
    wasMessageEncrypted: true,
    callbackSignature: undefined,
    finalizeTx: false,
    ...changes,
  };
}

const send = (amount: string) => ({
  bank: { send: { to_address: victimText, amount: [{ denom: "uscrt", amount }] } },
});

/** A contract with 100 coins that answers with `messages`; replies are collected. */
function answering(messages: readonly OutputSubMessage[], replyData?: Uint8Array) {
  const chain = setUp();
  const observed: string[] = [];
  const observer: BranchObserver = {
    branch: () => observed.push("branch"),
    commit: () => observed.push("commit"),
    revert: () => observed.push("revert"),
  };
  const scope = scopeOf(victim);
  const context = chain.context({ scope, observer, gasMeter: createGasMeter(1_000_000n) });
  chain.bankModule.initGenesis?.(context, {
    params: { default_send_enabled: true },
    balances: [contractText, victimText].map((address) => ({
      address,
      coins: [{ denom: "uscrt", amount: "100" }],
    })),
  });
  const replies: ReplyCall[] = [];
  const dispatcher = new Dispatcher(chain.options, {
    messages: chain.messages,
    types: chain.types,
    reply: (_context, call) => {
      replies.push(call);
      return replyData;
    },
  });
  const output: CallOutput = {
    data: utf8Bytes("own"),
    messages,
    attributes: [],
    events: [],
    abi: "v1",
    hasIbcEntryPoints: false,
    replyProof: undefined,
  };
  const followUp = () =>
    dispatcher.followUp(context, { contract, originalMessage: new Uint8Array(64), output });
  const balance = () => chain.collaborators.bank.getBalance(context, victim, "uscrt");
  return { followUp, replies, context, scope, observed, balance };
}

describe("the dispatcher", () => {
  it("sends in order and passes events on, but for the messages' own", () => {
    const { followUp, balance, context, observed } = answering([
      subMessage(send("1")),
      subMessage(send("2")),
    ]);
    expect(followUp()).toEqual(utf8Bytes("own"));
    expect(balance()).toBe(103n);
    expect(observed).toEqual(["branch", "commit", "branch", "commit"]);
    const types = context.events.events.map(({ type }) => type);
    expect(types).toEqual([
      "wasm",
      ...["coin_spent", "coin_received", "transfer"],
      ...["coin_spent", "coin_received", "transfer"],
    ]);
  });

  it("lets a contract sign for itself alone", () => {
    const theft = encodeMessage(MsgSendSchema, {
      fromAddress: victimText,
      toAddress: contractText,
      amount: [{ denom: "uscrt", amount: "100" }],
    });
    const stargate = { type_url: "/cosmos.bank.v1beta1.MsgSend", value: toBase64(theft) };
    const { followUp, balance, observed } = answering([subMessage({ stargate })]);
    expect(followUp).toThrow(
      expect.objectContaining({
        code: "sdk/4",
        message: "submessages: contract doesn't have permission: unauthorized",
      }),
    );
    expect(balance()).toBe(100n);
    expect(observed).toEqual(["branch", "revert"]);
  });

  it("refuses modules that this chain does not have", () => {
    const vote = { gov: { vote: { proposal_id: 1, vote: "yes" } } };
    expect(answering([subMessage(vote)]).followUp).toThrow(
      expect.objectContaining({ code: "sdk/6" }),
    );
  });

  it("keeps what was sent before the message that failed, if its failure is taken", () => {
    const { followUp, balance, replies, observed } = answering([
      subMessage(send("1")),
      subMessage(send("1000"), { replyOn: "error" }),
      subMessage(send("2")),
    ]);
    followUp();
    expect(balance()).toBe(103n);
    expect(observed).toEqual(["branch", "commit", "branch", "revert", "branch", "commit"]);
    expect(replies).toHaveLength(1);
  });

  it("tells contracts only the code of what failed, where texts are not for them", () => {
    const { followUp, replies } = answering([subMessage(send("1000"), { replyOn: "always" })]);
    followUp();
    expect(replies[0]).toMatchObject({
      contract,
      reply: {
        id: utf8Bytes("5"),
        isEncrypted: false,
        wasOriginalMessageEncrypted: true,
        result: {
          error:
            "the error was redacted (codespace: sdk, code: 5). For more info use latest localsecret and reproduce the issue",
        },
      },
    });
  });

  it("tells of a module's success without its events, and takes the reply's data", () => {
    const data = utf8Bytes("replied");
    const { followUp, replies } = answering([subMessage(send("1"), { replyOn: "success" })], data);
    expect(followUp()).toEqual(data);
    expect(replies[0]?.reply.result).toEqual({ ok: { events: [], data: undefined } });
  });

  it("stops at the message that says it is the last, and remembers", () => {
    const { followUp, balance, scope } = answering([
      subMessage(send("1")),
      subMessage({ finalize_tx: {} }, { finalizeTx: true }),
      subMessage(send("2")),
    ]);
    followUp();
    expect(balance()).toBe(101n);
    expect(scope.lastMessageMarked).toBe(true);
    expect(followUp).toThrow(expect.objectContaining({ code: "sdk/40404" }));
  });

  it("charges a message that hits its gas limit for all of it, and no more", () => {
    const { followUp, context, replies } = answering([
      subMessage(send("1"), { gasLimit: 100n, replyOn: "error" }),
    ]);
    const before = context.gasMeter.consumed;
    followUp();
    expect(context.gasMeter.consumed - before).toBe(100n);
    expect(replies[0]?.reply.result).toEqual({
      error: expect.stringContaining("codespace: sdk, code: 11"),
    });
  });

  it("does nothing for an empty transfer, but replies", () => {
    const empty = { bank: { send: { to_address: victimText, amount: [] } } };
    const { followUp, replies, balance } = answering([subMessage(empty, { replyOn: "always" })]);
    followUp();
    expect(balance()).toBe(100n);
    expect(replies[0]?.reply.result).toEqual({ ok: { events: [], data: undefined } });
  });
});
