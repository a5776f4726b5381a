/** The three kinds of allowance: what is valid, when it ends, what it pays for. */
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  type Coins,
  checkCoins,
  coinsFromWire,
  coinsToText,
  coinsToWire,
  coversCoins,
  decodeMessage,
  encodeMessage,
  subtractCoins,
} from "@tacit/encoding";
import {
  type AllowedMsgAllowance,
  AllowedMsgAllowanceSchema,
  type BasicAllowance,
  BasicAllowanceSchema,
  type PeriodicAllowance,
  PeriodicAllowanceSchema,
} from "@tacit/encoding/proto/cosmos/feegrant/v1beta1/feegrant";
import { type AnyValue, type Context, PlainError, sdkErrors } from "@tacit/sdk";
import { feegrantErrors } from "./errors.ts";
import { gasPerMessageType } from "./limits.ts";

export type Allowance = BasicAllowance | PeriodicAllowance | AllowedMsgAllowance;

export const allowanceSchemas = [
  BasicAllowanceSchema,
  PeriodicAllowanceSchema,
  AllowedMsgAllowanceSchema,
] as const;

/** Allowances inside allowances: filters may hold filters. */
const nestedMax = 10;

/** What an allowance is asked to pay. */
export interface FeeRequest {
  readonly fee: Coins;
  /** Of the transaction's messages. */
  readonly typeUrls: readonly string[];
}

/** `isSpent`: nothing is left, the grant goes. */
export interface AcceptedFee {
  readonly allowance: Allowance;
  readonly isSpent: boolean;
}

/** @throws {SdkError} `feegrant/5` if it is no allowance. */
export function decodeAllowance(any: AnyValue | undefined): Allowance {
  const schema = allowanceSchemas.find(({ typeName }) => any?.typeUrl === `/${typeName}`);
  if (any === undefined || schema === undefined) {
    throw feegrantErrors.noAllowance.wrap("failed to get allowance");
  }
  return decodeMessage(schema as typeof BasicAllowanceSchema, any.value) as Allowance;
}

export function encodeAllowance(allowance: Allowance): Any {
  const schema = allowanceSchemas.find(({ typeName }) => typeName === allowance.$typeName);
  const value = encodeMessage(schema as typeof BasicAllowanceSchema, allowance as BasicAllowance);
  return { $typeName: "google.protobuf.Any", typeUrl: `/${allowance.$typeName}`, value };
}

/** When it ends; undefined for never. */
export function expirationOf(allowance: Allowance): BasicAllowance["expiration"] {
  switch (allowance.$typeName) {
    case "cosmos.feegrant.v1beta1.BasicAllowance":
      return allowance.expiration;
    case "cosmos.feegrant.v1beta1.PeriodicAllowance":
      return allowance.basic?.expiration;
    case "cosmos.feegrant.v1beta1.AllowedMsgAllowance":
      return expirationOf(decodeAllowance(allowance.allowance));
  }
}

/** @throws {SdkError} `sdk/10`, `feegrant/4`, `feegrant/5`, `feegrant/6`. */
export function validateAllowance(allowance: Allowance, depth = 0): void {
  switch (allowance.$typeName) {
    case "cosmos.feegrant.v1beta1.BasicAllowance":
      validateBasicAllowance(allowance);
      return;
    case "cosmos.feegrant.v1beta1.PeriodicAllowance":
      validatePeriodic(allowance);
      return;
    case "cosmos.feegrant.v1beta1.AllowedMsgAllowance":
      if (depth >= nestedMax) throw new PlainError("allowances are nested too deeply");
      if (allowance.allowance === undefined) {
        throw feegrantErrors.noAllowance.wrap("allowance should not be empty");
      }
      if (allowance.allowedMessages.length === 0) {
        throw feegrantErrors.noMessages.wrap("allowed messages shouldn't be empty");
      }
      validateAllowance(decodeAllowance(allowance.allowance), depth + 1);
  }
}

function validateBasicAllowance({ spendLimit, expiration }: BasicAllowance): void {
  assertValid(coinsFromWire(spendLimit), "send amount");
  if (expiration !== undefined && expiration.seconds < 0n) {
    throw feegrantErrors.invalidDuration.wrap("expiration time cannot be negative");
  }
}

function validatePeriodic(allowance: PeriodicAllowance): void {
  const basic = basicOf(allowance);
  validateBasicAllowance(basic);
  const limit = coinsFromWire(allowance.periodSpendLimit);
  assertValid(limit, "spend amount");
  if (limit.length === 0) throw sdkErrors.invalidCoins.wrap("spend limit must be positive");
  assertValid(coinsFromWire(allowance.periodCanSpend), "can spend amount");
  const denoms = new Set(basic.spendLimit.map(({ denom }) => denom));
  if (denoms.size > 0 && limit.some(({ denom }) => !denoms.has(denom))) {
    throw sdkErrors.invalidCoins.wrap(
      "period spend limit has different currency than basic spend limit",
    );
  }
  const { seconds = 0n, nanos = 0 } = allowance.period ?? {};
  if (seconds < 0n || nanos < 0) throw feegrantErrors.invalidDuration.wrap("negative clock step");
}

/**
 * Takes a fee off an allowance.
 * @throws {SdkError} `feegrant/2` too much, `feegrant/3` ended, `feegrant/7` wrong message.
 */
export function acceptFee(
  context: Context,
  allowance: Allowance,
  request: FeeRequest,
  depth = 0,
): AcceptedFee {
  switch (allowance.$typeName) {
    case "cosmos.feegrant.v1beta1.BasicAllowance":
      return acceptBasic(context, allowance, request.fee);
    case "cosmos.feegrant.v1beta1.PeriodicAllowance":
      return acceptPeriodic(context, allowance, request.fee);
    case "cosmos.feegrant.v1beta1.AllowedMsgAllowance": {
      if (depth >= nestedMax) throw new PlainError("allowances are nested too deeply");
      assertMessagesAllowed(context, allowance, request.typeUrls);
      const inner = decodeAllowance(allowance.allowance);
      const accepted = acceptFee(context, inner, request, depth + 1);
      return {
        allowance: { ...allowance, allowance: encodeAllowance(accepted.allowance) },
        isSpent: accepted.isSpent,
      };
    }
  }
}

function acceptBasic(context: Context, allowance: BasicAllowance, fee: Coins): AcceptedFee {
  const { expiration } = allowance;
  if (expiration !== undefined && nanosOf(expiration) < context.timeNs) {
    throw feegrantErrors.expired.wrap("basic allowance");
  }
  if (allowance.spendLimit.length === 0) return { allowance, isSpent: false };
  const left = subtractCoins(coinsFromWire(allowance.spendLimit), fee);
  if (left === undefined) throw feegrantErrors.limitExceeded.wrap("basic allowance");
  return { allowance: { ...allowance, spendLimit: coinsToWire(left) }, isSpent: left.length === 0 };
}

function acceptPeriodic(context: Context, allowance: PeriodicAllowance, fee: Coins): AcceptedFee {
  const basic = basicOf(allowance);
  const { expiration, spendLimit } = basic;
  if (expiration !== undefined && context.timeNs > nanosOf(expiration)) {
    throw feegrantErrors.expired.wrap("absolute limit");
  }
  const current = inCurrentPeriod(context, { ...allowance, basic });
  const canSpend = subtractCoins(coinsFromWire(current.periodCanSpend), fee);
  if (canSpend === undefined) throw feegrantErrors.limitExceeded.wrap("period limit");
  const spent = { ...current, periodCanSpend: coinsToWire(canSpend) };
  if (spendLimit.length === 0) return { allowance: spent, isSpent: false };
  const left = subtractCoins(coinsFromWire(spendLimit), fee);
  if (left === undefined) throw feegrantErrors.limitExceeded.wrap("absolute limit");
  return {
    allowance: { ...spent, basic: { ...basic, spendLimit: coinsToWire(left) } },
    isSpent: left.length === 0,
  };
}

/**
 * A new period if the old one is over: it may spend the lesser of the two limits, and ends one
 * period after the old one, or after now if even that is over.
 */
function inCurrentPeriod(
  context: Context,
  allowance: PeriodicAllowance & { readonly basic: BasicAllowance },
): PeriodicAllowance {
  const reset = allowance.periodReset === undefined ? 0n : nanosOf(allowance.periodReset);
  if (context.timeNs < reset) return allowance;
  const total = allowance.basic.spendLimit;
  const perPeriod = allowance.periodSpendLimit;
  const isTotalLess =
    total.length > 0 && !coversCoins(coinsFromWire(total), coinsFromWire(perPeriod));
  const period = allowance.period === undefined ? 0n : nanosOf(allowance.period);
  const next = context.timeNs > reset + period ? context.timeNs + period : reset + period;
  return {
    ...allowance,
    periodCanSpend: isTotalLess ? total : perPeriod,
    periodReset: {
      $typeName: "google.protobuf.Timestamp",
      seconds: next / nanosPerSecond,
      nanos: Number(next % nanosPerSecond),
    },
  };
}

function assertMessagesAllowed(
  context: Context,
  { allowedMessages }: AllowedMsgAllowance,
  typeUrls: readonly string[],
): void {
  const allowed = new Set<string>();
  for (const typeUrl of allowedMessages) {
    context.gasMeter.consume(gasPerMessageType, "check msg");
    allowed.add(typeUrl);
  }
  for (const typeUrl of typeUrls) {
    context.gasMeter.consume(gasPerMessageType, "check msg");
    if (!allowed.has(typeUrl)) {
      throw feegrantErrors.messageNotAllowed.wrap("message does not exist in allowed messages");
    }
  }
}

function basicOf({ basic }: PeriodicAllowance): BasicAllowance {
  return basic ?? { $typeName: "cosmos.feegrant.v1beta1.BasicAllowance", spendLimit: [] };
}

/** An empty list is no limit and passes. */
function assertValid(coins: Coins, what: string): void {
  try {
    checkCoins(coins);
  } catch {
    throw sdkErrors.invalidCoins.wrap(`${what} is invalid: ${coinsToText(coins)}`);
  }
}

const nanosPerSecond = 1_000_000_000n;

export function nanosOf(time: { readonly seconds: bigint; readonly nanos: number }): bigint {
  return time.seconds * nanosPerSecond + BigInt(time.nanos);
}
