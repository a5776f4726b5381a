import { create } from "@bufbuild/protobuf";
import { MsgSendResponseSchema, MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import { type MessageRoute, messageRoute } from "@tacit/sdk";
import { expect, it } from "vitest";
import { packMessage, printMessage } from "./proposal-messages.ts";

const route = messageRoute({
  schema: MsgSendSchema,
  response: MsgSendResponseSchema,
  signers: () => [],
  handle: () => ({}),
}) as MessageRoute<unknown>;
const value = create(MsgSendSchema, {
  fromAddress: "a",
  amount: [{ denom: "uscrt", amount: "7" }],
});

it("prints a message as Go does, which the reason of a failed proposal keeps", () => {
  expect(printMessage({ route, value })).toBe(
    'from_address:"a" amount:<denom:"uscrt" amount:"7" > ',
  );
});

it("keeps a message encoded anew, under its type", () => {
  const { typeUrl, value: bytes } = packMessage({ route, value });
  expect(typeUrl).toBe("/cosmos.bank.v1beta1.MsgSend");
  expect(Buffer.from(bytes).toString("hex")).toBe("0a01611a0a0a057573637274120137");
});
