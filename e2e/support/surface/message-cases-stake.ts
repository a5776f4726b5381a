/** Messages of stake, rewards and governance, in the order in which they can be sent. */

import {
  MsgBeginRedelegate,
  MsgCancelProposal,
  MsgCancelUnbondingDelegation,
  MsgCreateValidator,
  MsgDelegate,
  MsgDeposit,
  MsgDepositValidatorRewardsPool,
  MsgEditValidator,
  MsgFundCommunityPool,
  MsgSetAutoRestake,
  MsgSetWithdrawAddress,
  MsgSubmitProposal,
  MsgUndelegate,
  MsgUnjail,
  MsgVote,
  MsgVoteWeighted,
  MsgWithdrawDelegatorReward,
  MsgWithdrawValidatorCommission,
  VoteOption,
} from "secretjs";
import { refused } from "./kinds.ts";
import {
  a,
  b,
  both,
  description,
  distribution,
  gov,
  type MessageCase,
  misnamed,
  misprinted,
  noAmino,
  number,
  sent,
  staking,
  uscrt,
} from "./message-kinds.ts";

export const stakeCases: readonly MessageCase[] = [
  sent(
    "MsgCreateValidator",
    staking,
    misprinted,
    b,
    ({ addresses }, mode) =>
      new MsgCreateValidator({
        description,
        commission: { rate: 0.1, max_rate: 0.2, max_change_rate: 0.01 },
        min_self_delegation: "1",
        delegator_address: addresses.b,
        pubkey: Buffer.alloc(32, 7 + number(mode)).toString("base64"),
        initial_delegation: uscrt("500000"),
      }),
  ),
  sent(
    "MsgEditValidator",
    staking,
    both,
    b,
    ({ operators }, mode) =>
      new MsgEditValidator({
        validator_address: operators.b,
        description: { ...description, moniker: "edited" },
        min_self_delegation: mode === "direct" ? "2" : "3",
      }),
  ),
  sent(
    "MsgDelegate",
    staking,
    both,
    a,
    ({ addresses, operators }) =>
      new MsgDelegate({
        delegator_address: addresses.a,
        validator_address: operators.first,
        amount: uscrt("50000000"),
      }),
  ),
  sent(
    "MsgUndelegate",
    staking,
    both,
    a,
    ({ addresses, operators }) =>
      new MsgUndelegate({
        delegator_address: addresses.a,
        validator_address: operators.first,
        amount: uscrt("1000"),
      }),
  ),
  sent(
    "MsgCancelUnbondingDelegation",
    staking,
    both,
    a,
    ({ addresses, operators, unbonding }, mode) =>
      new MsgCancelUnbondingDelegation({
        delegator_address: addresses.a,
        validator_address: operators.first,
        amount: uscrt("1000"),
        creation_height: unbonding[mode],
      }),
  ),
  sent(
    "MsgBeginRedelegate",
    staking,
    both,
    a,
    ({ addresses, operators }) =>
      new MsgBeginRedelegate({
        delegator_address: addresses.a,
        validator_src_address: operators.first,
        validator_dst_address: operators.b,
        amount: uscrt("10"),
      }),
  ),
  sent(
    "MsgUnjail",
    "cosmos.slashing.v1beta1",
    {
      direct: refused(5, "the validator is not jailed"),
      amino: refused(5, "the validator is not jailed"),
    },
    b,
    ({ operators }) => new MsgUnjail({ validator_addr: operators.b }),
  ),
  sent(
    "MsgSetWithdrawAddress",
    distribution,
    both,
    a,
    ({ addresses }) =>
      new MsgSetWithdrawAddress({
        delegator_address: addresses.a,
        withdraw_address: addresses.a,
      }),
  ),
  sent(
    "MsgWithdrawDelegatorReward",
    distribution,
    both,
    a,
    ({ addresses, operators }) =>
      new MsgWithdrawDelegatorReward({
        delegator_address: addresses.a,
        validator_address: operators.first,
      }),
  ),
  sent(
    "MsgWithdrawValidatorCommission",
    distribution,
    both,
    () => "validator",
    ({ operators }) => new MsgWithdrawValidatorCommission({ validator_address: operators.first }),
  ),
  sent(
    "MsgFundCommunityPool",
    distribution,
    both,
    a,
    ({ addresses }) => new MsgFundCommunityPool({ depositor: addresses.a, amount: [uscrt("77")] }),
  ),
  sent(
    "MsgSetAutoRestake",
    distribution,
    both,
    a,
    ({ addresses, operators }, mode) =>
      new MsgSetAutoRestake({
        delegator_address: addresses.a,
        validator_address: operators.first,
        enabled: mode === "direct",
      }),
  ),
  sent(
    "MsgDepositValidatorRewardsPool",
    distribution,
    misnamed,
    a,
    ({ addresses, operators }) =>
      new MsgDepositValidatorRewardsPool({
        depositor: addresses.a,
        validator_address: operators.first,
        amount: [uscrt("9")],
      }),
  ),
  sent(
    "MsgSubmitProposal",
    gov,
    noAmino,
    a,
    ({ addresses }) =>
      new MsgSubmitProposal({
        proposer: addresses.a,
        initial_deposit: [uscrt("1000000000")],
        messages: [],
        metadata: "about nothing",
        summary: "summary",
        title: "title",
        expedited: false,
      }),
  ),
  sent(
    "MsgDeposit",
    gov,
    misnamed,
    a,
    ({ addresses, proposal }) =>
      new MsgDeposit({
        depositor: addresses.a,
        proposal_id: proposal,
        amount: [uscrt("1000000000")],
      }),
  ),
  sent(
    "MsgVote",
    gov,
    misnamed,
    a,
    ({ addresses, proposal }) =>
      new MsgVote({
        voter: addresses.a,
        proposal_id: proposal,
        option: VoteOption.VOTE_OPTION_YES,
        metadata: "",
      }),
  ),
  sent(
    "MsgVoteWeighted",
    gov,
    misnamed,
    b,
    ({ addresses, proposal }) =>
      new MsgVoteWeighted({
        voter: addresses.b,
        proposal_id: proposal,
        options: [
          { option: VoteOption.VOTE_OPTION_YES, weight: "0.7" },
          { option: VoteOption.VOTE_OPTION_NO, weight: "0.3" },
        ],
        metadata: "",
      }),
  ),
  sent(
    "MsgCancelProposal",
    gov,
    misnamed,
    a,
    ({ addresses, cancelled }, mode) =>
      new MsgCancelProposal({ proposer: addresses.a, proposal_id: cancelled[mode] }),
  ),
];
