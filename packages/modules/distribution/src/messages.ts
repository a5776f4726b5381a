/** Handlers of the messages of distribution. */
import {
  type Coins,
  checkCoins,
  coinsFromWire,
  coinsToText,
  coinsToWire,
  Dec,
  decodeMessage,
  encodeMessage,
  type WireCoin,
} from "@tacit/encoding";
import { ParamsSchema } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import * as tx from "@tacit/encoding/proto/cosmos/distribution/v1beta1/tx";
import {
  type Context,
  createEvent,
  type MessageRouter,
  messageRoute,
  PlainError,
  sdkErrors,
} from "@tacit/sdk";
import { allocateToValidator } from "./begin-block.ts";
import { fundCommunityPool, spendCommunityPool } from "./community-pool.ts";
import { add, fromCoins } from "./dec-coins.ts";
import type { DistributionEnvironment } from "./environment.ts";
import { distributionErrors } from "./errors.ts";
import { moduleName } from "./names.ts";
import { getParams, setParams, validateParams } from "./params.ts";
import { startRestaking, stopRestaking } from "./restake.ts";
import { getCurrent, getHistorical, setWithdrawAddress } from "./store.ts";
import { withdrawCommission, withdrawRewards } from "./withdraw.ts";

export function registerMessages(messages: MessageRouter, env: DistributionEnvironment): void {
  registerWithdrawals(messages, env);
  registerFunding(messages, env);
  const account = (text: string) => [env.addresses.toBytes(text)];
  messages.register(
    messageRoute({
      schema: env.types.updateParams,
      response: tx.MsgUpdateParamsResponseSchema,
      signers: (message) => account(message.authority),
      handle: (context, message) => updateParams(env, context, message),
    }),
  );
  if (!env.restakes) return;
  messages.register(
    messageRoute({
      schema: tx.MsgSetAutoRestakeSchema,
      response: tx.MsgSetAutoRestakeResponseSchema,
      signers: (message) => account(message.delegatorAddress),
      handle: (context, message) => setAutoRestake(env, context, message),
    }),
  );
}

function registerWithdrawals(messages: MessageRouter, env: DistributionEnvironment): void {
  const account = (text: string) => [env.addresses.toBytes(text)];
  messages.register(
    messageRoute({
      schema: tx.MsgSetWithdrawAddressSchema,
      response: tx.MsgSetWithdrawAddressResponseSchema,
      signers: (message) => account(message.delegatorAddress),
      handle: (context, message) => changeWithdrawAddress(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgWithdrawDelegatorRewardSchema,
      response: tx.MsgWithdrawDelegatorRewardResponseSchema,
      signers: (message) => account(message.delegatorAddress),
      handle: (context, message) => {
        const operator = operatorOf(env, message.validatorAddress);
        const delegator = accountOf(env, message.delegatorAddress, "delegator");
        const paid = withdrawRewards(env, context, { delegator, operator });
        return { amount: coinsToWire(paid) };
      },
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgWithdrawValidatorCommissionSchema,
      response: tx.MsgWithdrawValidatorCommissionResponseSchema,
      signers: (message) => [env.staking.operators.toBytes(message.validatorAddress)],
      handle: (context, message) => {
        const operator = operatorOf(env, message.validatorAddress);
        return { amount: coinsToWire(withdrawCommission(env, context, operator)) };
      },
    }),
  );
}

function registerFunding(messages: MessageRouter, env: DistributionEnvironment): void {
  const account = (text: string) => [env.addresses.toBytes(text)];
  messages.register(
    messageRoute({
      schema: tx.MsgFundCommunityPoolSchema,
      response: tx.MsgFundCommunityPoolResponseSchema,
      signers: (message) => account(message.depositor),
      handle: (context, message) => {
        const depositor = accountOf(env, message.depositor, "depositor");
        fundCommunityPool(env, context, depositor, validAmount(message.amount));
        return {};
      },
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgCommunityPoolSpendSchema,
      response: tx.MsgCommunityPoolSpendResponseSchema,
      signers: (message) => account(message.authority),
      handle: (context, message) => {
        assertAuthority(env, message.authority);
        const coins = validAmount(message.amount);
        const recipient = env.addresses.toBytes(message.recipient);
        if (env.bank.isBlocked(recipient)) throw blocked(message.recipient);
        spendCommunityPool(env, context, recipient, coins);
        return {};
      },
    }),
  );
  messages.register(
    messageRoute({
      schema: tx.MsgDepositValidatorRewardsPoolSchema,
      response: tx.MsgDepositValidatorRewardsPoolResponseSchema,
      signers: (message) => account(message.depositor),
      handle: (context, message) => depositRewards(env, context, message),
    }),
  );
}

function changeWithdrawAddress(
  env: DistributionEnvironment,
  context: Context,
  message: tx.MsgSetWithdrawAddress,
) {
  const delegator = accountOf(env, message.delegatorAddress, "delegator");
  const receiver = accountOf(env, message.withdrawAddress, "withdraw");
  const text = env.addresses.toText(receiver);
  if (env.bank.isBlocked(receiver)) throw blocked(text);
  if (!getParams(context).withdrawAddrEnabled) {
    throw distributionErrors.withdrawAddressDisabled.make();
  }
  context.events.emit(createEvent("set_withdraw_address", ["withdraw_address", text]));
  setWithdrawAddress(context, delegator, receiver);
  return {};
}

/** Gives money to those who stake with a validator, as if it were fees. */
function depositRewards(
  env: DistributionEnvironment,
  context: Context,
  message: tx.MsgDepositValidatorRewardsPool,
) {
  const depositor = env.addresses.toBytes(message.depositor);
  const coins = coinsFromWire(message.amount);
  env.bank.sendCoinsFromAccountToModule(context, depositor, moduleName, coins);
  const operator = env.staking.operators.toBytes(message.validatorAddress);
  const validator = env.staking.validator(context, operator);
  allocateToValidator(env, context, validator, fromCoins(coins));
  if (BigInt(validator.tokens || "0") !== 0n) assertRatioFits(context, operator);
  return {};
}

/** @throws {PlainError} if the next period could not end. */
function assertRatioFits(context: Context, operator: Uint8Array): void {
  const { rewards, period } = getCurrent(context, operator);
  const { ratio } = getHistorical(context, operator, period - 1n);
  try {
    add(ratio, rewards);
  } catch (error) {
    throw new PlainError("unable to deposit coins: deposit is too large: Int overflow", {
      cause: error,
    });
  }
}

function updateParams(env: DistributionEnvironment, context: Context, message: tx.MsgUpdateParams) {
  assertAuthority(env, message.authority);
  if (message.params === undefined) throw sdkErrors.invalidRequest.wrap("params are missing");
  const params = decodeMessage(ParamsSchema, encodeMessage(env.types.params, message.params));
  const deprecated = [params.baseProposerReward, params.bonusProposerReward];
  if (deprecated.some((text) => !Dec.fromWire(text).isZero)) {
    throw sdkErrors.invalidRequest.wrap(
      "cannot update base or bonus proposer reward because these are deprecated fields",
    );
  }
  validateParams(params);
  setParams(context, params, env.types.params);
  return {};
}

function setAutoRestake(
  env: DistributionEnvironment,
  context: Context,
  message: tx.MsgSetAutoRestake,
) {
  const operator = env.staking.operators.toBytes(message.validatorAddress);
  const delegator = env.addresses.toBytes(message.delegatorAddress);
  if (message.enabled) startRestaking(env, context, { delegator, operator });
  else stopRestaking(context, { delegator, operator });
  context.events.emit(
    createEvent("message", ["module", moduleName], ["sender", message.delegatorAddress]),
  );
  return {};
}

/** @throws {SdkError} `sdk/10` */
function validAmount(amount: readonly WireCoin[]): Coins {
  if (amount.length === 0) throw sdkErrors.invalidCoins.wrap("amount cannot be nil");
  const coins = coinsFromWire(amount);
  try {
    return checkCoins(coins);
  } catch {
    throw sdkErrors.invalidCoins.wrap(coinsToText(coins));
  }
}

function blocked(address: string): Error {
  return sdkErrors.unauthorized.wrap(`${address} is not allowed to receive external funds`);
}

/** @throws {SdkError} `sdk/7` */
function operatorOf(env: DistributionEnvironment, text: string): Uint8Array {
  try {
    return env.staking.operators.toBytes(text);
  } catch (error) {
    throw sdkErrors.invalidAddress.wrap(`invalid validator address: ${(error as Error).message}`);
  }
}

/** @throws {SdkError} `sdk/7` */
function accountOf(env: DistributionEnvironment, text: string, what: string): Uint8Array {
  try {
    return env.addresses.toBytes(text);
  } catch (error) {
    throw sdkErrors.invalidAddress.wrap(`invalid ${what} address: ${(error as Error).message}`);
  }
}

/** @throws {SdkError} `gov/8`, `sdk/7` */
function assertAuthority(env: DistributionEnvironment, got: string): void {
  accountOf(env, got, "authority");
  if (got === env.authority) return;
  throw distributionErrors.wrongAuthority.wrap(
    `invalid authority; expected ${env.authority}, got ${got}`,
  );
}
