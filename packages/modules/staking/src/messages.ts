/** Handlers of the messages by which stake moves. */
import { coinToText } from "@tacit/encoding";
import {
  type MsgBeginRedelegate,
  MsgBeginRedelegateResponseSchema,
  MsgBeginRedelegateSchema,
  type MsgCancelUnbondingDelegation,
  MsgCancelUnbondingDelegationResponseSchema,
  MsgCancelUnbondingDelegationSchema,
  type MsgDelegate,
  MsgDelegateResponseSchema,
  MsgDelegateSchema,
  type MsgUndelegate,
  MsgUndelegateResponseSchema,
  MsgUndelegateSchema,
  type MsgUpdateParams,
  MsgUpdateParamsResponseSchema,
  MsgUpdateParamsSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import {
  type Context,
  createEvent,
  grpcError,
  type MessageRouter,
  messageRoute,
  sdkErrors,
} from "@tacit/sdk";
import { beginRedelegation, delegate, sharesToUnbond, undelegate } from "./delegate.ts";
import type { StakingEnvironment } from "./environment.ts";
import { stakingErrors } from "./errors.ts";
import { assertBondDenom, delegatorOf, operatorOf, positiveCoin } from "./message-fields.ts";
import { setParams, validateParams } from "./params.ts";
import { hasInvalidExchangeRate } from "./shares.ts";
import { eventTime, nanosOf } from "./times.ts";
import { getUnbonding, setOrRemoveUnbonding } from "./unbondings.ts";
import { registerValidatorMessages } from "./validator-messages.ts";
import { mustGetValidator } from "./validators.ts";

export function registerMessages(messages: MessageRouter, env: StakingEnvironment): void {
  const account = (text: string) => [env.options.addresses.toBytes(text)];
  registerValidatorMessages(messages, env);
  messages.register(
    messageRoute({
      schema: MsgDelegateSchema,
      response: MsgDelegateResponseSchema,
      signers: (message) => account(message.delegatorAddress),
      handle: (context, message) => handleDelegate(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgBeginRedelegateSchema,
      response: MsgBeginRedelegateResponseSchema,
      signers: (message) => account(message.delegatorAddress),
      handle: (context, message) => handleRedelegate(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgUndelegateSchema,
      response: MsgUndelegateResponseSchema,
      signers: (message) => account(message.delegatorAddress),
      handle: (context, message) => handleUndelegate(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgCancelUnbondingDelegationSchema,
      response: MsgCancelUnbondingDelegationResponseSchema,
      signers: (message) => account(message.delegatorAddress),
      handle: (context, message) => handleCancel(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgUpdateParamsSchema,
      response: MsgUpdateParamsResponseSchema,
      signers: (message) => account(message.authority),
      handle: (context, message) => handleUpdateParams(env, context, message),
    }),
  );
}

function handleDelegate(env: StakingEnvironment, context: Context, message: MsgDelegate) {
  const operator = operatorOf(env, message.validatorAddress);
  const delegator = delegatorOf(env, message.delegatorAddress);
  const coin = positiveCoin(message.amount, "invalid delegation amount");
  const validator = mustGetValidator(context, operator);
  assertBondDenom(context, coin);
  const { amount } = coin;
  const shares = delegate(env, context, { delegator, amount, validator, source: "account" });
  context.events.emit(
    createEvent(
      "delegate",
      ["validator", message.validatorAddress],
      ["delegator", message.delegatorAddress],
      ["amount", coinToText(coin)],
      ["new_shares", shares.toString()],
    ),
  );
  return {};
}

function handleRedelegate(env: StakingEnvironment, context: Context, message: MsgBeginRedelegate) {
  const source = operatorOf(env, message.validatorSrcAddress, "source validator");
  const destination = operatorOf(env, message.validatorDstAddress, "destination validator");
  const delegator = delegatorOf(env, message.delegatorAddress);
  const coin = positiveCoin(message.amount, "invalid shares amount");
  const shares = sharesToUnbond(context, { delegator, operator: source }, coin.amount);
  assertBondDenom(context, coin);
  const path = { delegator, source, destination };
  const completionTime = beginRedelegation(env, context, path, shares);
  context.events.emit(
    createEvent(
      "redelegate",
      ["source_validator", message.validatorSrcAddress],
      ["destination_validator", message.validatorDstAddress],
      ["amount", coinToText(coin)],
      ["completion_time", eventTime(completionTime)],
    ),
  );
  return { completionTime };
}

function handleUndelegate(env: StakingEnvironment, context: Context, message: MsgUndelegate) {
  const operator = operatorOf(env, message.validatorAddress);
  const delegator = delegatorOf(env, message.delegatorAddress);
  const coin = positiveCoin(message.amount, "invalid shares amount");
  const pair = { delegator, operator };
  const shares = sharesToUnbond(context, pair, coin.amount);
  assertBondDenom(context, coin);
  const { completionTime, amount } = undelegate(env, context, pair, shares);
  context.events.emit(
    createEvent(
      "unbond",
      ["validator", message.validatorAddress],
      ["delegator", message.delegatorAddress],
      ["amount", coinToText({ denom: coin.denom, amount })],
      ["completion_time", eventTime(completionTime)],
    ),
  );
  return { completionTime, amount: { denom: coin.denom, amount: amount.toString() } };
}

function handleCancel(
  env: StakingEnvironment,
  context: Context,
  message: MsgCancelUnbondingDelegation,
) {
  const operator = operatorOf(env, message.validatorAddress);
  const delegator = delegatorOf(env, message.delegatorAddress);
  const coin = positiveCoin(message.amount, "invalid amount");
  if (message.creationHeight <= 0n) throw sdkErrors.invalidRequest.wrap("invalid height");
  assertBondDenom(context, coin);
  const validator = mustGetValidator(context, operator);
  if (hasInvalidExchangeRate(validator)) throw stakingErrors.invalidExchangeRate.make();
  if (validator.jailed) throw stakingErrors.jailed.make();
  const pair = { delegator, operator };
  const unbonding = getUnbonding(context, pair);
  if (unbonding === undefined) throw noUnbonding(message);
  const at = unbonding.entries.findIndex((each) => each.creationHeight === message.creationHeight);
  const entry = unbonding.entries[at];
  if (entry === undefined) {
    throw sdkErrors.notFound.wrap(
      `unbonding delegation entry is not found at block height ${message.creationHeight}`,
    );
  }
  const rest = BigInt(entry.balance || "0") - coin.amount;
  if (rest < 0n) {
    throw sdkErrors.invalidRequest.wrap(
      "amount is greater than the unbonding delegation entry balance",
    );
  }
  if (nanosOf(entry.completionTime) < context.timeNs) {
    throw sdkErrors.invalidRequest.wrap("unbonding delegation is already processed");
  }
  delegate(env, context, { delegator, amount: coin.amount, validator, source: "notBonded" });
  const initialBalance = (BigInt(entry.initialBalance || "0") - coin.amount).toString();
  const changed = { ...entry, balance: rest.toString(), initialBalance };
  const entries = unbonding.entries.flatMap((each, index) =>
    index !== at ? [each] : rest === 0n ? [] : [changed],
  );
  setOrRemoveUnbonding(context, pair, { ...unbonding, entries });
  context.events.emit(
    createEvent(
      "cancel_unbonding_delegation",
      ["amount", coinToText(coin)],
      ["validator", message.validatorAddress],
      ["delegator", message.delegatorAddress],
      ["creation_height", message.creationHeight.toString()],
    ),
  );
  return {};
}

function noUnbonding(message: MsgCancelUnbondingDelegation): Error {
  return grpcError.notFound(
    `unbonding delegation with delegator ${message.delegatorAddress} not found for validator ${message.validatorAddress}`,
  );
}

function handleUpdateParams(env: StakingEnvironment, context: Context, message: MsgUpdateParams) {
  const { authority } = env.options;
  if (message.authority !== authority) {
    throw stakingErrors.wrongAuthority.wrap(
      `invalid authority; expected ${authority}, got ${message.authority}`,
    );
  }
  if (message.params === undefined) throw sdkErrors.invalidRequest.wrap("params are missing");
  validateParams(message.params);
  setParams(context, message.params);
  return {};
}
