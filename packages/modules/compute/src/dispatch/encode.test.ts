import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { OutputSubMessage } from "@tacit/enclave-channel";
import { decodeMessage, ProtocolError, toBase64, toBech32 } from "@tacit/encoding";
import { MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { MsgSetWithdrawAddressSchema } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/tx";
import { VoteOption } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { MsgVoteSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import { MsgDelegateSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import {
  MsgExecuteContractSchema,
  MsgInstantiateContractSchema,
  MsgMigrateContractSchema,
} from "@tacit/encoding/proto/secret/compute/v1beta1/msg";
import { type AnyValue, createAddressCodec, utf8Bytes } from "@tacit/sdk";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeContractMessage } from "./encode.ts";
import { parseSubMessage } from "./sub-message.ts";
import { convertV010 } from "./v010.ts";

const addresses = createAddressCodec("secret");
const contract = new Uint8Array(20).fill(1);
const target = new Uint8Array(20).fill(2);
const [contractText, targetText] = [addresses.toText(contract), addresses.toText(target)];
const operator = toBech32("secretvaloper", target);
const callbackSignature = new Uint8Array(32).fill(9);

function subMessage(json: unknown): OutputSubMessage {
  const text = typeof json === "string" ? json : JSON.stringify(json);
  return {
    id: 0n,
    message: utf8Bytes(text),
    gasLimit: undefined,
    replyOn: "never",
    wasMessageEncrypted: true,
    callbackSignature,
    finalizeTx: false,
  };
}

function encode(json: unknown): readonly AnyValue[] {
  const message = parseSubMessage(subMessage(json));
  return encodeContractMessage({ sender: contract, addresses, message, callbackSignature });
}

function only<Schema extends DescMessage>(schema: Schema, json: unknown): MessageShape<Schema> {
  const [any, ...rest] = encode(json);
  expect(rest).toEqual([]);
  expect(any?.typeUrl).toBe(`/${schema.typeName}`);
  return decodeMessage(schema, any!.value);
}

const refuses = (json: unknown, code: string) =>
  expect(() => encode(json)).toThrow(expect.objectContaining({ code }));

describe("messages of contracts", () => {
  it("to contracts carry the signature that authorises them", () => {
    const execute = only(MsgExecuteContractSchema, {
      wasm: {
        execute: {
          contract_addr: targetText,
          code_hash: "aa",
          msg: toBase64(Uint8Array.of(1, 2)),
          send: [{ denom: "uscrt", amount: "5" }],
        },
      },
    });
    expect(execute).toMatchObject({
      sender: contract,
      contract: target,
      msg: Uint8Array.of(1, 2),
      callbackCodeHash: "aa",
      callbackSig: callbackSignature,
      sentFunds: [{ denom: "uscrt", amount: "5" }],
    });
  });

  it("make contracts, with code ids beyond 2^53 and without an admin", () => {
    const json = `{"wasm":{"instantiate":{"admin":null,"code_id":18446744073709551615,
      "code_hash":"aa","msg":"AA==","send":[],"label":"l"}}}`;
    const instantiate = only(MsgInstantiateContractSchema, json);
    expect(instantiate).toMatchObject({ codeId: 2n ** 64n - 1n, admin: "", label: "l" });
  });

  it("migrate contracts", () => {
    const migrate = only(MsgMigrateContractSchema, {
      wasm: { migrate: { contract_addr: targetText, code_hash: "aa", code_id: 3, msg: "AA==" } },
    });
    expect(migrate).toMatchObject({ sender: contractText, contract: targetText, codeId: 3n });
  });

  it("send coins, and nothing for no coins", () => {
    const amount = [{ denom: "uscrt", amount: "7" }];
    const send = only(MsgSendSchema, { bank: { send: { to_address: targetText, amount } } });
    expect(send).toMatchObject({ fromAddress: contractText, toAddress: targetText });
    expect(send.amount).toMatchObject(amount);
    expect(encode({ bank: { send: { to_address: targetText, amount: [] } } })).toEqual([]);
  });

  it("stake, vote and withdraw", () => {
    const amount = { denom: "uscrt", amount: "7" };
    const delegate = only(MsgDelegateSchema, {
      staking: { delegate: { validator: operator, amount } },
    });
    expect(delegate).toMatchObject({ delegatorAddress: contractText, validatorAddress: operator });
    const vote = only(MsgVoteSchema, { gov: { vote: { proposal_id: 4, vote: "no_with_veto" } } });
    expect(vote).toMatchObject({ proposalId: 4n, option: VoteOption.NO_WITH_VETO });
    const set = only(MsgSetWithdrawAddressSchema, {
      distribution: { set_withdraw_address: { address: targetText } },
    });
    expect(set.withdrawAddress).toBe(targetText);
    const both = encode({ staking: { withdraw: { validator: operator, recipient: "" } } });
    expect(both.map(({ typeUrl }) => typeUrl)).toEqual([
      "/cosmos.distribution.v1beta1.MsgSetWithdrawAddress",
      "/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward",
    ]);
  });

  it("of any type go out as they are", () => {
    expect(encode({ stargate: { type_url: "/a.B", value: "AQI=" } })).toEqual([
      { typeUrl: "/a.B", value: Uint8Array.of(1, 2) },
    ]);
  });

  it("that the chain does not know are refused with the network's codes", () => {
    refuses({ bank: { burn: { amount: [] } } }, "compute/10");
    refuses({ custom: { a: 1 } }, "compute/10");
    refuses({ nothing: {} }, "compute/10");
    refuses({ ibc: { close_channel: { channel_id: "c" } } }, "compute/17");
    refuses({ distribution: { fund: {} } }, "compute/18");
    refuses(
      { bank: { send: { to_address: "secret1", amount: [{ denom: "a", amount: "1" }] } } },
      "sdk/7",
    );
    refuses({ staking: { delegate: { validator: targetText, amount: {} } } }, "sdk/7");
    refuses({ wasm: { execute: { contract_addr: "x", msg: "AA==", send: [] } } }, "sdk/7");
  });

  it("that are malformed are refused with a code, whatever they are", () => {
    refuses("{", "compute/10");
    refuses({ wasm: {}, bank: {} }, "compute/10");
    refuses({ wasm: { execute: { contract_addr: targetText, msg: "?" } } }, "compute/10");
    refuses({ wasm: { instantiate: { code_id: -1, msg: "", label: "l" } } }, "compute/10");
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom("wasm", "bank", "staking", "gov"),
        (value, kind) => {
          try {
            encode({ [kind]: value });
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
          }
        },
      ),
    );
  });
});

describe("messages of v0.10 contracts", () => {
  const convert = (json: unknown) => convertV010(parseSubMessage(subMessage(json)), contractText);
  const amount = [{ denom: "uscrt", amount: "7" }];

  it("send only what is the contract's own", () => {
    const send = (from: string) => ({
      bank: { send: { from_address: from, to_address: targetText, amount } },
    });
    expect(convert(send(contractText)).fields).toEqual({ to_address: targetText, amount });
    expect(() => convert(send(targetText))).toThrow(
      expect.objectContaining({ code: "undefined/1" }),
    );
  });

  it("vote yes, whatever they say", () => {
    const vote = convert({ gov: { vote: { proposal: 3, vote_option: "No" } } });
    expect(vote.fields).toEqual({ proposal_id: 3, vote: "yes" });
  });

  it("do not migrate", () => {
    expect(() => convert({ wasm: { migrate: { contract_addr: targetText } } })).toThrow(
      expect.objectContaining({ message: "exactly one message type is supported" }),
    );
  });
});
