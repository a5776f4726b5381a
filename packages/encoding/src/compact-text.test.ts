import { create } from "@bufbuild/protobuf";
import { expect, it } from "vitest";
import { toCompactText } from "./compact-text.ts";
import { MsgSendSchema } from "./generated/cosmos/bank/v1beta1/tx_pb.ts";
import { MsgVoteWeightedSchema } from "./generated/cosmos/gov/v1beta1/tx_pb.ts";
import { MsgDelegateSchema } from "./generated/cosmos/staking/v1beta1/tx_pb.ts";

// The expected texts are those of the Go types' String methods, Cosmos SDK v0.50.14.

it("prints nested and repeated messages, and leaves out what is empty", () => {
  const message = create(MsgSendSchema, {
    fromAddress: "cosmos1a",
    amount: [
      { denom: "stake", amount: "7" },
      { denom: "token", amount: "0" },
    ],
  });
  expect(toCompactText(MsgSendSchema, message)).toBe(
    'from_address:"cosmos1a" amount:<denom:"stake" amount:"7" > amount:<denom:"token" amount:"0" > ',
  );
});

it("prints numbers of the SDK as their stored text, enums by name, absent values as Go's zero", () => {
  const vote = create(MsgVoteWeightedSchema, {
    proposalId: 3n,
    options: [{ option: 1, weight: "500000000000000000" }],
  });
  expect(toCompactText(MsgVoteWeightedSchema, vote)).toBe(
    'proposal_id:3 options:<option:VOTE_OPTION_YES weight:"500000000000000000" > ',
  );
  expect(toCompactText(MsgDelegateSchema, create(MsgDelegateSchema))).toBe('amount:<amount:"0" > ');
});

it("escapes quotes, control characters and every byte that is not ASCII", () => {
  const message = create(MsgSendSchema, { fromAddress: 'a"\\\n\t\rü\u0001' });
  expect(toCompactText(MsgSendSchema, message)).toBe(
    'from_address:"a\\"\\\\\\n\\t\\r\\303\\274\\001" ',
  );
});
