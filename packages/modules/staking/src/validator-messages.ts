/** Handlers of MsgCreateValidator and MsgEditValidator. */
import { ED25519_KEY_BYTES, truncatedHashAddress } from "@tacit/crypto";
import { Dec, parseInt256 } from "@tacit/encoding";
import {
  BondStatus,
  type Description,
  type Validator,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import {
  type MsgCreateValidator,
  MsgCreateValidatorResponseSchema,
  MsgCreateValidatorSchema,
  type MsgEditValidator,
  MsgEditValidatorResponseSchema,
  MsgEditValidatorSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/tx";
import {
  type Context,
  createEvent,
  type MessageRouter,
  messageRoute,
  PanicError,
  sdkErrors,
} from "@tacit/sdk";
import {
  assertCommissionRates,
  changedCommission,
  commissionText,
  type ParsedRates,
  parseRates,
} from "./commission.ts";
import { delegate } from "./delegate.ts";
import { assertDescription, isEmptyDescription, updatedDescription } from "./description.ts";
import type { StakingEnvironment } from "./environment.ts";
import { stakingErrors } from "./errors.ts";
import { assertBondDenom, operatorOf, positiveCoin } from "./message-fields.ts";
import { getParams } from "./params.ts";
import { tokensOf } from "./shares.ts";
import { epoch, toTimestamp } from "./times.ts";
import {
  consensusPublicKey,
  getValidator,
  getValidatorByConsensusAddress,
  mustGetValidator,
  setByConsensusAddress,
  setInPowerIndex,
  setValidator,
} from "./validators.ts";

export function registerValidatorMessages(messages: MessageRouter, env: StakingEnvironment): void {
  const operator = (text: string) => [env.options.operators.toBytes(text)];
  messages.register(
    messageRoute({
      schema: MsgCreateValidatorSchema,
      response: MsgCreateValidatorResponseSchema,
      signers: (message) => operator(message.validatorAddress),
      handle: (context, message) => createValidator(env, context, message),
    }),
  );
  messages.register(
    messageRoute({
      schema: MsgEditValidatorSchema,
      response: MsgEditValidatorResponseSchema,
      signers: (message) => operator(message.validatorAddress),
      handle: (context, message) => editValidator(env, context, message),
    }),
  );
}

function createValidator(env: StakingEnvironment, context: Context, message: MsgCreateValidator) {
  const operator = operatorOf(env, message.validatorAddress);
  const { coin, rates, description, minSelfDelegation } = checkedCreation(message);
  const minimum = Dec.fromWire(getParams(context).minCommissionRate);
  if (rates.rate.lessThan(minimum)) {
    throw stakingErrors.commissionBelowMin.wrap(
      `cannot set validator commission to less than minimum rate of ${minimum.toString()}`,
    );
  }
  if (getValidator(context, operator) !== undefined) throw stakingErrors.operatorExists.make();
  const validator = newValidator(context, message, { rates, description, minSelfDelegation });
  const publicKey = consensusPublicKey(validator);
  if (publicKey.length !== ED25519_KEY_BYTES) throw new PanicError("pubkey is incorrect size");
  const consensusAddress = truncatedHashAddress(publicKey);
  if (getValidatorByConsensusAddress(context, consensusAddress) !== undefined) {
    throw stakingErrors.publicKeyExists.make();
  }
  assertBondDenom(context, coin);
  assertDescription(description);
  assertKeyType(context);
  assertCommissionRates(rates);
  setValidator(context, operator, validator);
  setByConsensusAddress(context, operator, validator);
  setInPowerIndex(context, operator, validator);
  env.hooks.afterValidatorCreated(context, operator);
  const { amount } = coin;
  delegate(env, context, { delegator: operator, amount, validator, source: "account" });
  context.events.emit(
    createEvent(
      "create_validator",
      ["validator", message.validatorAddress],
      ["amount", `${amount}${coin.denom}`],
    ),
  );
  return {};
}

interface Creation {
  readonly rates: ParsedRates;
  readonly description: Description;
  readonly minSelfDelegation: bigint;
}

/** What can be judged without state. @throws {SdkError} `sdk/18`, `staking/39`, `staking/9` to `/16`. */
function checkedCreation(message: MsgCreateValidator) {
  if (message.pubkey === undefined) throw stakingErrors.emptyPublicKey.make();
  const coin = positiveCoin(message.value, "invalid delegation amount");
  const { description } = message;
  if (description === undefined || isEmptyDescription(description)) {
    throw sdkErrors.invalidRequest.wrap("empty description");
  }
  const rates = parseRates(message.commission);
  assertCommissionRates(rates);
  if (message.minSelfDelegation === "") throw nilNumber();
  const minSelfDelegation = parseInt256(message.minSelfDelegation);
  if (minSelfDelegation <= 0n) throw notPositive();
  if (coin.amount < minSelfDelegation) throw stakingErrors.selfDelegationTooLow.make();
  return { coin, rates, description, minSelfDelegation };
}

function newValidator(
  context: Context,
  message: MsgCreateValidator,
  creation: Creation,
): Validator {
  const { rates, description, minSelfDelegation } = creation;
  return {
    $typeName: "cosmos.staking.v1beta1.Validator",
    operatorAddress: message.validatorAddress,
    consensusPubkey: message.pubkey!,
    jailed: false,
    status: BondStatus.UNBONDED,
    tokens: "0",
    delegatorShares: "0",
    description,
    unbondingHeight: 0n,
    unbondingTime: epoch,
    commission: {
      $typeName: "cosmos.staking.v1beta1.Commission",
      commissionRates: {
        $typeName: "cosmos.staking.v1beta1.CommissionRates",
        rate: rates.rate.toWire(),
        maxRate: rates.maxRate.toWire(),
        maxChangeRate: rates.maxChangeRate.toWire(),
      },
      updateTime: toTimestamp(context.time),
    },
    minSelfDelegation: minSelfDelegation.toString(),
    unbondingOnHoldRefCount: 0n,
    unbondingIds: [],
  };
}

/** Consensus may accept other kinds of keys only. @throws {SdkError} `staking/6` */
function assertKeyType(context: Context): void {
  const types = context.consensusParams?.validator.pubKeyTypes;
  if (types === undefined || types.includes("ed25519")) return;
  throw stakingErrors.publicKeyType.wrap(`got: ed25519, expected: [${types.join(" ")}]`);
}

function editValidator(env: StakingEnvironment, context: Context, message: MsgEditValidator) {
  const operator = operatorOf(env, message.validatorAddress);
  const { description } = message;
  if (description === undefined || isEmptyDescription(description)) {
    throw sdkErrors.invalidRequest.wrap("empty description");
  }
  const { minSelfDelegation, rate } = checkedEdit(context, message);
  let validator = mustGetValidator(context, operator);
  validator = { ...validator, description: updatedDescription(validator.description, description) };
  if (rate !== undefined) {
    validator = { ...validator, commission: changedCommission(context, validator, rate) };
  }
  if (minSelfDelegation !== undefined) {
    if (minSelfDelegation <= BigInt(validator.minSelfDelegation || "0")) {
      throw stakingErrors.minSelfDelegationDecreased.make();
    }
    if (minSelfDelegation > tokensOf(validator)) throw stakingErrors.selfDelegationTooLow.make();
    validator = { ...validator, minSelfDelegation: minSelfDelegation.toString() };
  }
  setValidator(context, operator, validator);
  context.events.emit(
    createEvent(
      "edit_validator",
      ["commission_rate", commissionText(validator.commission)],
      ["min_self_delegation", validator.minSelfDelegation],
    ),
  );
  return {};
}

/** Both are absent unless they are to change. */
function checkedEdit(context: Context, message: MsgEditValidator) {
  let minSelfDelegation: bigint | undefined;
  if (message.minSelfDelegation !== "") {
    minSelfDelegation = parseInt256(message.minSelfDelegation);
    if (minSelfDelegation <= 0n) throw notPositive();
  }
  if (message.commissionRate === "") return { minSelfDelegation, rate: undefined };
  const rate = Dec.fromWire(message.commissionRate);
  if (Dec.ONE.lessThan(rate) || rate.isNegative) {
    throw sdkErrors.invalidRequest.wrap("commission rate must be between 0 and 1 (inclusive)");
  }
  const minimum = Dec.fromWire(getParams(context).minCommissionRate);
  if (rate.lessThan(minimum)) {
    throw sdkErrors.invalidRequest.wrap(
      `commission rate cannot be less than the min commission rate ${minimum.toString()}`,
    );
  }
  return { minSelfDelegation, rate };
}

function notPositive(): Error {
  return sdkErrors.invalidRequest.wrap("minimum self delegation must be a positive integer");
}

/** What a Go chain runs into where a number is absent. */
function nilNumber(): Error {
  return new PanicError("runtime error: invalid memory address or nil pointer dereference");
}
