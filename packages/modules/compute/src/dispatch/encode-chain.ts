/** Contract messages to the chain's other modules. */

import type { Coin } from "@tacit/encoding";
import { encodeMessage, fromBech32 } from "@tacit/encoding";
import { MsgSendSchema } from "@tacit/encoding/proto/cosmos/bank/v1beta1/tx";
import {
  MsgSetWithdrawAddressSchema,
  MsgWithdrawDelegatorRewardSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/tx";
import { VoteOption } from "@tacit/encoding/proto/cosmos/gov/v1/gov";
import { MsgVoteSchema } from "@tacit/encoding/proto/cosmos/gov/v1/tx";
import {
  MsgBeginRedelegateSchema,
  MsgDelegateSchema,
  MsgUndelegateSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import { type AddressCodec, type AnyValue, PlainError, sdkErrors } from "@tacit/sdk";
import { computeErrors } from "../errors.ts";
import { readBytes, readOptionalString, readString, readUint64 } from "../json.ts";
import type { EncodeInput } from "./encode.ts";
import { readCoinField, readCoins } from "./sub-message.ts";

export function encodeBank(input: EncodeInput): readonly AnyValue[] {
  const { variant, fields } = input.message;
  if (variant !== "send") throw computeErrors.invalidMessage.wrap("Unknown variant of Bank");
  const coins = readCoins(fields, "amount");
  if (coins.length === 0) return [];
  const toAddress = readString(fields, "to_address");
  assertAccount(input.addresses, toAddress);
  const value = encodeMessage(MsgSendSchema, {
    fromAddress: input.addresses.toText(input.sender),
    toAddress,
    amount: coins.map(protoCoin),
  });
  return [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value }];
}

export function encodeStaking(input: EncodeInput): readonly AnyValue[] {
  const { variant, fields } = input.message;
  const delegatorAddress = input.addresses.toText(input.sender);
  switch (variant) {
    case "delegate":
    case "undelegate": {
      const schema = variant === "delegate" ? MsgDelegateSchema : MsgUndelegateSchema;
      const value = encodeMessage(schema, {
        delegatorAddress,
        validatorAddress: readOperator(input, "validator"),
        amount: protoCoin(readCoinField(fields, "amount")),
      });
      return [{ typeUrl: `/${schema.typeName}`, value }];
    }
    case "redelegate": {
      const value = encodeMessage(MsgBeginRedelegateSchema, {
        delegatorAddress,
        validatorSrcAddress: readOperator(input, "src_validator"),
        validatorDstAddress: readOperator(input, "dst_validator"),
        amount: protoCoin(readCoinField(fields, "amount")),
      });
      return [{ typeUrl: "/cosmos.staking.v1beta1.MsgBeginRedelegate", value }];
    }
    case "withdraw": {
      const recipient = readOptionalString(fields, "recipient") || delegatorAddress;
      assertAccount(input.addresses, recipient);
      return [
        setWithdrawAddress(delegatorAddress, recipient),
        withdrawReward(delegatorAddress, readOperator(input, "validator")),
      ];
    }
    default:
      throw computeErrors.invalidMessage.wrap("Unknown variant of Staking");
  }
}

export function encodeDistribution(input: EncodeInput): readonly AnyValue[] {
  const { variant, fields } = input.message;
  const delegator = input.addresses.toText(input.sender);
  switch (variant) {
    case "set_withdraw_address":
      return [setWithdrawAddress(delegator, readString(fields, "address"))];
    case "withdraw_delegator_reward":
      return [withdrawReward(delegator, readString(fields, "validator"))];
    default:
      throw computeErrors.unknownMessage.wrap("unknown variant of Distribution");
  }
}

const voteOptions: Readonly<Record<string, VoteOption>> = {
  yes: VoteOption.YES,
  abstain: VoteOption.ABSTAIN,
  no: VoteOption.NO,
  no_with_veto: VoteOption.NO_WITH_VETO,
};

export function encodeGov(input: EncodeInput): readonly AnyValue[] {
  const { variant, fields } = input.message;
  if (variant !== "vote") throw computeErrors.invalidMessage.wrap("Unknown variant of Gov");
  const option = voteOptions[readString(fields, "vote")];
  if (option === undefined) throw new PlainError("'' is not a valid vote option");
  const value = encodeMessage(MsgVoteSchema, {
    proposalId: readUint64(fields, "proposal_id"),
    voter: input.addresses.toText(input.sender),
    option,
  });
  return [{ typeUrl: "/cosmos.gov.v1.MsgVote", value }];
}

export function encodeStargate(input: EncodeInput): readonly AnyValue[] {
  const { fields } = input.message;
  return [{ typeUrl: readString(fields, "type_url"), value: readBytes(fields, "value") }];
}

function setWithdrawAddress(delegatorAddress: string, withdrawAddress: string): AnyValue {
  const message = { delegatorAddress, withdrawAddress };
  return {
    typeUrl: "/cosmos.distribution.v1beta1.MsgSetWithdrawAddress",
    value: encodeMessage(MsgSetWithdrawAddressSchema, message),
  };
}

function withdrawReward(delegatorAddress: string, validatorAddress: string): AnyValue {
  const message = { delegatorAddress, validatorAddress };
  return {
    typeUrl: "/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward",
    value: encodeMessage(MsgWithdrawDelegatorRewardSchema, message),
  };
}

function protoCoin({ denom, amount }: Coin): { denom: string; amount: string } {
  return { denom, amount: amount.toString() };
}

function readOperator(input: EncodeInput, key: string): string {
  const text = readString(input.message.fields, key);
  try {
    fromBech32(`${input.addresses.prefix}valoper`, text);
    return text;
  } catch {
    throw sdkErrors.invalidAddress.wrap(text);
  }
}

/** @throws {SdkError} `sdk/7` */
function assertAccount(addresses: AddressCodec, text: string): void {
  try {
    addresses.toBytes(text);
  } catch {
    throw sdkErrors.invalidAddress.wrap(text);
  }
}
