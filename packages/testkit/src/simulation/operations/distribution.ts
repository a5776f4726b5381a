/** Rewards are taken, given, directed. */
import { moduleAddress } from "@tacit/crypto";
import { decodeMessage } from "@tacit/encoding";
import { ParamsSchema } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import {
  MsgCommunityPoolSpendSchema,
  MsgDepositValidatorRewardsPoolSchema,
  MsgFundCommunityPoolSchema,
  MsgSetAutoRestakeSchema,
  MsgSetWithdrawAddressSchema,
  MsgUpdateParamsSchema,
  MsgWithdrawDelegatorRewardSchema,
  MsgWithdrawValidatorCommissionSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/tx";
import { randomDec } from "../genesis.ts";
import { governed, type Operation, operation } from "../world.ts";

const setWithdrawAddress = operation(MsgSetWithdrawAddressSchema, 3, (world) => {
  const [by, to] = world.pair();
  const isBlocked = world.random.chance(1, 15);
  return {
    by,
    message: {
      delegatorAddress: world.text(by),
      withdrawAddress: isBlocked
        ? world.addresses.toText(moduleAddress("mint"))
        : world.text(world.random.chance(1, 2) ? by : to),
    },
  };
});

const withdrawReward = operation(MsgWithdrawDelegatorRewardSchema, 8, (world) => {
  const delegation = world.random.pickIfAny(world.state.delegations());
  const by = delegation && world.person(delegation.delegatorAddress);
  if (by === undefined) return undefined;
  const { delegatorAddress, validatorAddress } = delegation!;
  return { by, message: { delegatorAddress, validatorAddress } };
});

const withdrawCommission = operation(MsgWithdrawValidatorCommissionSchema, 4, (world) => {
  const validator = world.anyValidator();
  const by = validator && world.operator(validator);
  return by && { by, message: { validatorAddress: validator!.operatorAddress } };
});

const fundCommunityPool = operation(MsgFundCommunityPoolSchema, 3, (world) => {
  const by = world.anyone();
  return { by, message: { depositor: world.text(by), amount: world.wireCoins(by) } };
});

const depositRewards = operation(MsgDepositValidatorRewardsPoolSchema, 3, (world) => {
  const by = world.anyone();
  const validator = world.anyValidator();
  if (validator === undefined) return undefined;
  return {
    by,
    message: {
      depositor: world.text(by),
      validatorAddress: validator.operatorAddress,
      amount: world.wireCoins(by),
    },
  };
});

const setAutoRestake = operation(MsgSetAutoRestakeSchema, 5, (world) => {
  const delegation = world.random.pickIfAny(world.state.delegations());
  const by = delegation && world.person(delegation.delegatorAddress);
  if (by === undefined) return undefined;
  const { delegatorAddress, validatorAddress } = delegation!;
  const enabled = world.random.chance(3, 4);
  return { by, message: { delegatorAddress, validatorAddress, enabled } };
});

const spendCommunityPool = governed(MsgCommunityPoolSpendSchema, 2, (world) => ({
  authority: world.authority,
  recipient: world.text(world.anyone()),
  amount: [world.bondCoin(BigInt(world.random.between(1, 1_000_000)))],
}));

const updateParams = governed(MsgUpdateParamsSchema, 2, (world) => {
  const params = decodeMessage(ParamsSchema, world.state.get("distribution", 0x09)!);
  return {
    authority: world.authority,
    params: {
      ...params,
      communityTax: randomDec(world.random, 0, 40).toWire(),
      withdrawAddrEnabled: world.random.chance(3, 4),
      restakePeriod: `${world.random.between(2, 30)}`,
    },
  };
});

export const distributionOperations: readonly Operation[] = [
  setWithdrawAddress,
  withdrawReward,
  withdrawCommission,
  fundCommunityPool,
  depositRewards,
  setAutoRestake,
  spendCommunityPool,
  updateParams,
];
