import { sha256 } from "@tacit/crypto";
import {
  acknowledgementJson,
  channelJson,
  connectInProcess,
  type IbcChannel,
  type IbcPacket,
  packetJson,
  SYSTEM_ENTRY_POINTS,
  transferAcknowledgedJson,
  transferTimedOutJson,
} from "@tacit/enclave-channel";
import { fromBase64, toBase64, toHex } from "@tacit/encoding";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  account,
  type CallAnswer,
  contractCode,
  outputOf,
  SEALING_KEY,
  signTx,
  TestChain,
} from "../test/chain.ts";
import { b64, bytes, HostInterface, type SystemRequest, text } from "../test/host-interface.ts";
import {
  ackMessage,
  bech32,
  closeInitMessage,
  openAckMessage,
  openInitMessage,
  receiveMessage,
  timeoutMessage,
} from "../test/ibc.ts";
import { type Client, secretjsClient } from "../test/secretjs.ts";
import { createEnclave } from "./index.ts";

const alice = account(1);
const relayer = account(2);
const mallory = account(3);
const relayerText = bech32(relayer.address);
const zeroAddress = bech32(new Uint8Array(20));
const enclave = createEnclave({ sealingKey: SEALING_KEY });
const chain = new TestChain(connectInProcess(enclave.createEngine()));
const codeHash = chain.storeCode(contractCode("host_interface"));
let client: Client;
let contract: HostInterface;
let other: HostInterface;

beforeAll(async () => {
  client = secretjsClient(chain.start().info.ioPublicKey);
  contract = await HostInterface.instantiate(chain, client, alice, codeHash);
  other = await HostInterface.instantiate(chain, client, alice, codeHash);
  const raw = (value: object) => ({ raw: JSON.stringify(value) });
  const attributes = [{ key: "seen", value: "by all" }];
  const empty = { messages: [], attributes: [], events: [] };
  for (const each of [contract, other]) {
    await each.prepare("ibc_channel_open", raw({ Ok: { version: "v-1" } }));
    const acknowledgement = b64("got it");
    const received = { Ok: { ...empty, attributes, acknowledgement } };
    await each.prepare("ibc_packet_receive", raw(received));
  }
});

const channel = (): IbcChannel => ({
  endpoint: { portId: contract.port, channelId: "channel-7" },
  counterparty: { portId: "transfer", channelId: "channel-1" },
  order: "ORDER_UNORDERED",
  version: "v-1",
  connectionId: "connection-0",
});

/** A packet to the contract. */
const incoming = (changes: Partial<IbcPacket> = {}): IbcPacket => ({
  data: bytes('{"hello":1}'),
  source: { portId: "their-port", channelId: "channel-1" },
  destination: { portId: contract.port, channelId: "channel-7" },
  sequence: 2n ** 60n,
  timeoutHeight: { revision: 1n, height: 99n },
  timeoutTimestamp: 1_700_000_000_000_000_001n,
  ...changes,
});

/** A packet of the contract. */
const outgoing = (changes: Partial<IbcPacket> = {}): IbcPacket => {
  const { source, destination } = incoming();
  return incoming({ source: destination, destination: source, ...changes });
};

interface Transfer {
  readonly denom: string;
  readonly amount: string;
  readonly sender: string;
  readonly receiver: string;
  readonly memo: string;
}

const hookMemo = (message: object) =>
  JSON.stringify({ wasm: { contract: contract.address, msg: message } });

const transferPacket = (changes: Partial<Transfer>, isOutgoing = false): IbcPacket => {
  const transfer = {
    denom: "uatom",
    amount: "5",
    sender: "cosmos1sender",
    receiver: contract.address,
    memo: "",
    ...changes,
  };
  const endpoint = { portId: "transfer", channelId: "channel-7" };
  const data = bytes(JSON.stringify(transfer));
  if (isOutgoing) return outgoing({ data, source: endpoint });
  return incoming({
    data,
    source: { portId: "transfer", channelId: "channel-1" },
    destination: endpoint,
  });
};

const failureOf = (answer: CallAnswer) => ("failure" in answer.result ? answer.result.failure : {});
const badSignature = { kind: "enclave", code: "enclave/bad_signature" };

/** The transaction with these messages, in which the chain makes one call. */
function runOne(messages: Parameters<HostInterface["begin"]>[1], request: SystemRequest) {
  contract.begin(relayer, messages);
  const answer = chain.call(request);
  contract.end();
  return answer;
}

describe("a channel", () => {
  it("opens with the version that the contract names", async () => {
    const message = channelJson(channel(), { step: "open_init" });
    const request = contract.systemRequest("ibc_channel_open", message);
    const output = outputOf(runOne([openInitMessage(relayer, contract.port)], request));
    expect(text(output.data!)).toBe("v-1");
    expect(output.hasIbcEntryPoints).toBe(true);
    expect(await contract.kept("msg:ibc_channel_open")).toBe(message);
    const env = JSON.parse((await contract.kept("env:ibc_channel_open"))!);
    expect(env).toMatchObject({
      contract: { address: contract.address },
      transaction: { index: 0 },
    });
  });

  it("is connected and closed in the network's words, however the host orders them and adds", async () => {
    const fields = { portId: contract.port, channelId: "channel-7", counterpartyVersion: "v-9" };
    const connected = channelJson(channel(), { step: "open_ack", counterpartyVersion: "v-9" });
    const { channel: told, ...more } = JSON.parse(connected).open_ack;
    const reversed = Object.fromEntries(Object.entries({ ...told, more: "words" }).reverse());
    const mixed = JSON.stringify({ open_ack: { ...more, channel: reversed } });
    const connect = contract.systemRequest("ibc_channel_connect", mixed);
    expect(outputOf(runOne([openAckMessage(relayer, fields)], connect)).data).toBeUndefined();
    expect(await contract.kept("msg:ibc_channel_connect")).toBe(connected);
    const closed = channelJson(channel(), { step: "close_init" });
    const close = contract.systemRequest("ibc_channel_close", closed);
    outputOf(runOne([closeInitMessage(relayer, contract.port, "channel-7")], close));
    expect(await contract.kept("msg:ibc_channel_close")).toBe(closed);
  });

  it("is none that the host invents, renames, or hands to another contract", () => {
    const fields = { portId: contract.port, channelId: "channel-7", counterpartyVersion: "v-9" };
    const honest = channelJson(channel(), { step: "open_ack", counterpartyVersion: "v-9" });
    const lies: readonly SystemRequest[] = [
      contract.systemRequest("ibc_channel_close", channelJson(channel(), { step: "close_init" })),
      contract.systemRequest("ibc_channel_connect", honest.replace("channel-7", "channel-8")),
      contract.systemRequest("ibc_channel_connect", honest.replace("v-9", "v-8")),
      contract.systemRequest("ibc_channel_close", honest),
      other.systemRequest("ibc_channel_connect", honest),
      {
        ...contract.systemRequest("ibc_channel_connect", honest),
        funds: [{ denom: "u", amount: "1" }],
      },
    ];
    contract.begin(relayer, [openAckMessage(relayer, fields)]);
    for (const lie of lies) expect(failureOf(chain.call(lie))).toMatchObject(badSignature);
    const connect = contract.systemRequest("ibc_channel_connect", honest);
    outputOf(chain.call(connect));
    expect(failureOf(chain.call(connect))).toMatchObject(badSignature);
    contract.end();
  });

  it("closes when a contract has asked for it, once", async () => {
    const messages = JSON.stringify([
      {
        id: 0,
        msg: { ibc: { close_channel: { channel_id: "channel-7" } } },
        gas_limit: null,
        reply_on: "never",
      },
    ]);
    const message = await client.encrypt(codeHash, { messages });
    const close = contract.systemRequest(
      "ibc_channel_close",
      channelJson(channel(), { step: "close_init" }),
    );
    contract.begin(alice, [contract.executeMessage(message)]);
    outputOf(chain.call(chain.executeRequest({ sender: alice, ...contract.target, message })));
    expect(failureOf(chain.call({ ...close, contract: other.target.contract }))).toMatchObject(
      badSignature,
    );
    outputOf(chain.call(close));
    expect(failureOf(chain.call(close))).toMatchObject(badSignature);
    contract.end();
  });
});

describe("a packet", () => {
  it("is told as the transaction has it, and answered in the clear", async () => {
    const message = packetJson(incoming(), relayerText);
    const request = contract.systemRequest("ibc_packet_receive", message);
    const output = outputOf(runOne([receiveMessage(relayer, incoming())], request));
    expect(text(output.data!)).toBe("got it");
    expect(output.attributes).toEqual([{ key: "seen", value: "by all" }]);
    expect(await contract.kept("msg:ibc_packet_receive")).toBe(message);
  });

  it("may be encrypted, and then so is all of the answer", async () => {
    const data = await client.encrypt(codeHash, { hello: 2 });
    const packet = incoming({ data, timeoutTimestamp: 0n });
    const request = contract.systemRequest("ibc_packet_receive", packetJson(packet, relayerText));
    const output = outputOf(runOne([receiveMessage(relayer, packet)], request));
    expect(text(fromBase64(await client.decryptText(output.data!, data)))).toBe("got it");
    const [attribute] = output.attributes;
    expect((await client.decryptText(fromBase64(attribute!.key), data)).trim()).toBe("seen");
    const kept = JSON.parse((await contract.kept("msg:ibc_packet_receive"))!);
    expect(text(fromBase64(kept.packet.data))).toBe('{"hello":2}');
    // Null where the chain says nothing: the network's enclave writes the packet anew.
    expect(kept.packet.timeout).toEqual({ block: { revision: 1, height: 99 }, timestamp: null });
  });

  it("that is encrypted to other code is refused", async () => {
    const packet = incoming({ data: await client.encrypt(sha256(bytes("other")), {}) });
    const request = contract.systemRequest("ibc_packet_receive", packetJson(packet, relayerText));
    const failure = failureOf(runOne([receiveMessage(relayer, packet)], request));
    expect(failure).toMatchObject({ code: "enclave/wrong_code_hash" });
  });

  it("is acknowledged, with or without the fees of relayers around it", async () => {
    const ack = bytes('{"result":"AQ=="}');
    const message = acknowledgementJson(outgoing(), ack, relayerText);
    const request = contract.systemRequest("ibc_packet_ack", message);
    outputOf(runOne([ackMessage(relayer, outgoing(), ack)], request));
    expect(await contract.kept("msg:ibc_packet_ack")).toBe(message);
    const wrapped = bytes(
      JSON.stringify({
        app_acknowledgement: toBase64(ack),
        forward_relayer_address: "",
        underlying_app_success: true,
      }),
    );
    outputOf(runOne([ackMessage(relayer, outgoing(), wrapped)], request));
  });

  it("times out", async () => {
    const message = packetJson(outgoing({ timeoutTimestamp: 0n }), relayerText);
    const request = contract.systemRequest("ibc_packet_timeout", message);
    const packet = outgoing({ timeoutTimestamp: 0n });
    outputOf(runOne([timeoutMessage(relayer, packet)], request));
    expect(await contract.kept("msg:ibc_packet_timeout")).toBe(message);
  });

  it("of which anything is changed is refused, and one is taken once", () => {
    const receive = (packet: IbcPacket, by = relayerText) =>
      contract.systemRequest("ibc_packet_receive", packetJson(packet, by));
    const lies: readonly SystemRequest[] = [
      receive(incoming({ data: bytes('{"hello":3}') })),
      receive(incoming({ sequence: 2n ** 60n + 1n })),
      receive(incoming({ source: { portId: "their-port", channelId: "channel-2" } })),
      receive(incoming({ destination: { portId: contract.port, channelId: "channel-8" } })),
      receive(incoming({ timeoutTimestamp: 0n })),
      receive(incoming({ timeoutHeight: { revision: 0n, height: 0n } })),
      receive(incoming(), bech32(mallory.address)),
      contract.systemRequest("ibc_packet_timeout", packetJson(incoming(), relayerText)),
      contract.systemRequest("hook_execute", '{"hello":1}'),
      other.systemRequest("ibc_packet_receive", packetJson(incoming(), relayerText)),
    ];
    contract.begin(relayer, [receiveMessage(relayer, incoming())]);
    for (const lie of lies) expect(failureOf(chain.call(lie))).toMatchObject(badSignature);
    outputOf(chain.call(receive(incoming())));
    expect(failureOf(chain.call(receive(incoming())))).toMatchObject(badSignature);
    contract.end();
  });

  it("that no transaction has, or one that its relayer did not sign, is refused", () => {
    const request = contract.systemRequest(
      "ibc_packet_receive",
      packetJson(incoming(), relayerText),
    );
    contract.begin(alice, []);
    expect(failureOf(chain.call(request))).toMatchObject(badSignature);
    contract.end();
    contract.begin(mallory, [receiveMessage(relayer, incoming())]);
    expect(failureOf(chain.call(request))).toMatchObject(badSignature);
    contract.end();
  });

  it("comes once in a block, whoever relays it, unless it was undone", () => {
    const bring = (signer: typeof relayer, succeeds: boolean) => {
      chain.beginTx(signTx(signer, [receiveMessage(signer, incoming())]));
      const message = packetJson(incoming(), bech32(signer.address));
      const answer = chain.call(contract.systemRequest("ibc_packet_receive", message));
      chain.endTx(succeeds);
      return answer;
    };
    chain.beginBlock();
    outputOf(bring(mallory, false));
    outputOf(bring(relayer, true));
    expect(failureOf(bring(alice, true))).toMatchObject(badSignature);
    chain.endBlock();
  });

  it("does not come twice with the same transaction in one block", () => {
    const request = contract.systemRequest(
      "ibc_packet_receive",
      packetJson(incoming(), relayerText),
    );
    contract.begin(relayer, [receiveMessage(relayer, incoming())]);
    outputOf(chain.call(request));
    chain.endTx(true);
    const tx = [receiveMessage(relayer, incoming())];
    chain.beginTx(signTx(relayer, tx));
    expect(chain.ask(request)).toMatchObject({ kind: "refused", code: "enclave/replayed" });
    contract.end();
  });
});

describe("the hooks of transfers", () => {
  const voucher = `ibc/${toHex(sha256(bytes("transfer/channel-7/uatom"))).toUpperCase()}`;
  const funds = [{ denom: voucher, amount: "5" }];

  it("execute the message of a memo with the coins, from nobody and in the clear", async () => {
    const attributes = JSON.stringify([{ key: "k", value: "v" }]);
    const script = { attributes, data: b64("done") };
    const packet = transferPacket({ memo: hookMemo(script) });
    const request = {
      ...contract.systemRequest("hook_execute", JSON.stringify(script)),
      funds,
    };
    const output = outputOf(runOne([receiveMessage(relayer, packet)], request));
    expect(text(output.data!)).toBe("done");
    expect(output.attributes).toEqual([{ key: "k", value: "v" }]);
    const info = JSON.parse((await contract.kept("info:execute"))!);
    expect(info).toEqual({ sender: "", funds });
  });

  it("give a coin that comes home its own name", () => {
    const denoms = [
      ["transfer/channel-1/uscrt", "uscrt"],
      ["transfer/channel-1/gamm/pool/1", "gamm/pool/1"],
      [
        "transfer/channel-1/transfer/channel-3/uosmo",
        `ibc/${toHex(sha256(bytes("transfer/channel-3/uosmo"))).toUpperCase()}`,
      ],
    ] as const;
    for (const [denom, local] of denoms) {
      const packet = transferPacket({ denom, memo: hookMemo({}) });
      const request = contract.systemRequest("hook_execute", "{}");
      const withFunds = (name: string) => ({ ...request, funds: [{ denom: name, amount: "5" }] });
      contract.begin(relayer, [receiveMessage(relayer, packet)]);
      expect(failureOf(chain.call(withFunds("uatom")))).toMatchObject(badSignature);
      outputOf(chain.call(withFunds(local)));
      contract.end();
    }
  });

  it("refuse other messages, coins, receivers and contracts than the memo's", () => {
    const honest = { ...contract.systemRequest("hook_execute", '{"data":"AA=="}'), funds };
    const packet = transferPacket({ memo: hookMemo({ data: "AA==" }) });
    const lies: readonly SystemRequest[] = [
      { ...honest, message: bytes('{"data":"AQ=="}') },
      { ...honest, funds: [] },
      { ...honest, funds: [{ denom: voucher, amount: "6" }] },
      { ...honest, funds: [...funds, ...funds] },
      { ...honest, contract: other.target.contract },
    ];
    contract.begin(relayer, [receiveMessage(relayer, packet)]);
    for (const lie of lies) expect(failureOf(chain.call(lie))).toMatchObject(badSignature);
    expect(chain.ask({ ...honest, sender: mallory.address })).toMatchObject({
      kind: "refused",
      code: "enclave/bad_request",
    });
    outputOf(chain.call(honest));
    contract.end();
    const elsewhere = transferPacket({ memo: hookMemo({ data: "AA==" }), receiver: relayerText });
    expect(failureOf(runOne([receiveMessage(relayer, elsewhere)], honest))).toMatchObject(
      badSignature,
    );
  });

  it("through a token's contract bring no coins, and the token sees the zero address as receiver", async () => {
    const memo = JSON.stringify({ wasm: { contract: other.address, msg: {} } });
    const transfer = {
      denom: "cw20:x",
      amount: "5",
      sender: "cosmos1",
      receiver: other.address,
      memo,
    };
    const packet = incoming({ data: bytes(JSON.stringify(transfer)) });
    const changed = {
      ...packet,
      data: bytes(JSON.stringify({ ...transfer, receiver: zeroAddress })),
    };
    const stolen = {
      ...packet,
      data: bytes(JSON.stringify({ ...transfer, receiver: relayerText })),
    };
    contract.begin(relayer, [receiveMessage(relayer, packet)]);
    const receive = (as: IbcPacket) =>
      contract.systemRequest("ibc_packet_receive", packetJson(as, relayerText));
    expect(failureOf(chain.call(receive(stolen)))).toMatchObject(badSignature);
    outputOf(chain.call(receive(changed)));
    const hook = other.systemRequest("hook_execute", "{}");
    expect(failureOf(chain.call({ ...hook, funds }))).toMatchObject(badSignature);
    outputOf(chain.call(hook));
    contract.end();
  });

  it("tell a contract what became of its transfer, through sudo", async () => {
    const memo = JSON.stringify({ ibc_callback: contract.address });
    const packet = transferPacket({ sender: contract.address, memo }, true);
    for (const [ack, success] of [
      ['{"result":"AQ=="}', true],
      ['{"error":"no"}', false],
    ] as const) {
      const message = transferAcknowledgedJson(packet, bytes(ack), success);
      const lie = transferAcknowledgedJson(packet, bytes(ack), !success);
      contract.begin(relayer, [ackMessage(relayer, packet, bytes(ack))]);
      expect(failureOf(chain.call(contract.systemRequest("hook_ack", lie)))).toMatchObject(
        badSignature,
      );
      expect(
        failureOf(chain.call(contract.systemRequest("hook_timeout", transferTimedOutJson(packet)))),
      ).toMatchObject(badSignature);
      outputOf(chain.call(contract.systemRequest("hook_ack", message)));
      contract.end();
      const kept = JSON.parse((await contract.kept("msg:sudo"))!);
      const { ibc_ack: told } = kept.ibc_lifecycle_complete;
      expect(text(fromBase64(JSON.parse(told.ack)))).toBe(ack);
      expect(told).toMatchObject({ channel: "channel-7", success });
    }
    const timedOut = contract.systemRequest("hook_timeout", transferTimedOutJson(packet));
    outputOf(runOne([timeoutMessage(relayer, packet)], timedOut));
    expect(await contract.kept("msg:sudo")).toContain('"ibc_timeout":{"channel":"channel-7"');
  });

  it("tell nobody else, whatever a memo says", () => {
    const memo = JSON.stringify({ ibc_callback: contract.address });
    const message = (packet: IbcPacket) => transferTimedOutJson(packet);
    const foreign = transferPacket({ sender: relayerText, memo }, true);
    const silent = transferPacket({ sender: contract.address }, true);
    for (const packet of [foreign, silent]) {
      const request = contract.systemRequest("hook_timeout", message(packet));
      expect(failureOf(runOne([timeoutMessage(relayer, packet)], request))).toMatchObject(
        badSignature,
      );
    }
  });
});

describe("whatever the host says of the chain", () => {
  it("ends in an answer or a typed refusal, and an honest call still works", () => {
    const memo = hookMemo({ data: "AA==" });
    const packets = [incoming(), transferPacket({ memo }), transferPacket({ memo }, true)];
    const cases = packets.flatMap((packet) => [
      { tx: receiveMessage(relayer, packet), message: packetJson(packet, relayerText) },
      { tx: timeoutMessage(relayer, packet), message: transferTimedOutJson(packet) },
      { tx: openInitMessage(relayer, contract.port), message: '{"open_init":{"channel":{}}}' },
    ]);
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 });
    const edited = (original: Uint8Array, changes: readonly (readonly [number, number])[]) => {
      const copy = Uint8Array.from(original);
      for (const [at, byte] of changes) copy[at % copy.length] = byte;
      return copy;
    };
    const property = fc.property(
      fc.constantFrom(...cases),
      fc.constantFrom(...SYSTEM_ENTRY_POINTS),
      edits,
      edits,
      ({ tx, message }, entryPoint, txEdits, messageEdits) => {
        contract.begin(relayer, [{ ...tx, value: edited(tx.value, txEdits) }]);
        const request = contract.systemRequest(entryPoint, message);
        const answer = chain.ask({ ...request, message: edited(request.message, messageEdits) });
        expect(answer).not.toMatchObject({ code: "enclave/internal" });
        if (answer.kind === "call") chain.keep(answer);
        contract.end();
      },
    );
    fc.assert(property, { numRuns: 150 });
    const request = contract.systemRequest(
      "ibc_packet_receive",
      packetJson(incoming(), relayerText),
    );
    outputOf(runOne([receiveMessage(relayer, incoming())], request));
  });
});
