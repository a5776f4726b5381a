/** Records of rewards, as they are read and written. */
import {
  create,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { BytesValueSchema } from "@bufbuild/protobuf/wkt";
import { Dec, decodeMessage, encodeMessage } from "@tacit/encoding";
import {
  DelegatorStartingInfoSchema,
  FeePoolSchema,
  ValidatorAccumulatedCommissionSchema,
  ValidatorCurrentRewardsSchema,
  ValidatorHistoricalRewardsSchema,
  ValidatorOutstandingRewardsSchema,
  type ValidatorSlashEvent,
  ValidatorSlashEventSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import { type Context, readUint64BigEndian } from "@tacit/sdk";
import { type DecCoins, fromWire, toWire } from "./dec-coins.ts";
import {
  addressAt,
  commissionKey,
  currentKey,
  distributionStoreName,
  feePoolKey,
  historicalKey,
  outstandingKey,
  proposerKey,
  slashHeightPrefix,
  slashKey,
  startingInfoKey,
  withdrawAddressKey,
} from "./keys.ts";

/** An absent record reads as an empty one, as in the SDK. */
export function read<Schema extends DescMessage>(
  context: Context,
  key: Uint8Array,
  schema: Schema,
): MessageShape<Schema> {
  const bytes = context.kvStore(distributionStoreName).get(key);
  return bytes === undefined ? create(schema) : decodeMessage(schema, bytes);
}

export function write<Schema extends DescMessage>(
  context: Context,
  key: Uint8Array,
  { schema, value }: { readonly schema: Schema; readonly value: MessageInitShape<Schema> },
): void {
  context.kvStore(distributionStoreName).set(key, encodeMessage(schema, value));
}

export function remove(context: Context, key: Uint8Array): void {
  context.kvStore(distributionStoreName).delete(key);
}

export function getCommunityPool(context: Context): DecCoins {
  return fromWire(read(context, feePoolKey, FeePoolSchema).communityPool);
}

export function setCommunityPool(context: Context, pool: DecCoins): void {
  write(context, feePoolKey, { schema: FeePoolSchema, value: { communityPool: toWire(pool) } });
}

export function setPreviousProposer(context: Context, consensusAddress: Uint8Array): void {
  write(context, proposerKey, { schema: BytesValueSchema, value: { value: consensusAddress } });
}

export function getPreviousProposer(context: Context): Uint8Array {
  return read(context, proposerKey, BytesValueSchema).value;
}

/** Everything a validator and its delegators have not been paid. */
export function getOutstanding(context: Context, operator: Uint8Array): DecCoins {
  return fromWire(
    read(context, outstandingKey(operator), ValidatorOutstandingRewardsSchema).rewards,
  );
}

export function setOutstanding(context: Context, operator: Uint8Array, rewards: DecCoins): void {
  write(context, outstandingKey(operator), {
    schema: ValidatorOutstandingRewardsSchema,
    value: { rewards: toWire(rewards) },
  });
}

export function getCommission(context: Context, operator: Uint8Array): DecCoins {
  const key = commissionKey(operator);
  return fromWire(read(context, key, ValidatorAccumulatedCommissionSchema).commission);
}

export function setCommission(context: Context, operator: Uint8Array, commission: DecCoins): void {
  write(context, commissionKey(operator), {
    schema: ValidatorAccumulatedCommissionSchema,
    value: { commission: toWire(commission) },
  });
}

/** Rewards since the last period ended. */
export interface CurrentRewards {
  readonly rewards: DecCoins;
  readonly period: bigint;
}

export function getCurrent(context: Context, operator: Uint8Array): CurrentRewards {
  const { rewards, period } = read(context, currentKey(operator), ValidatorCurrentRewardsSchema);
  return { rewards: fromWire(rewards), period };
}

export function setCurrent(
  context: Context,
  operator: Uint8Array,
  { rewards, period }: CurrentRewards,
): void {
  write(context, currentKey(operator), {
    schema: ValidatorCurrentRewardsSchema,
    value: { rewards: toWire(rewards), period },
  });
}

/** Rewards of one token from the first period to the end of one, and who still needs them. */
export interface HistoricalRewards {
  readonly ratio: DecCoins;
  readonly referenceCount: number;
}

export function getHistorical(
  context: Context,
  operator: Uint8Array,
  period: bigint,
): HistoricalRewards {
  const key = historicalKey(operator, period);
  const found = read(context, key, ValidatorHistoricalRewardsSchema);
  return { ratio: fromWire(found.cumulativeRewardRatio), referenceCount: found.referenceCount };
}

export function setHistorical(
  context: Context,
  at: { readonly operator: Uint8Array; readonly period: bigint },
  { ratio, referenceCount }: HistoricalRewards,
): void {
  write(context, historicalKey(at.operator, at.period), {
    schema: ValidatorHistoricalRewardsSchema,
    value: { cumulativeRewardRatio: toWire(ratio), referenceCount },
  });
}

/** From when on a delegation earns, and with what stake. */
export interface StartingInfo {
  readonly previousPeriod: bigint;
  readonly stake: Dec;
  readonly height: bigint;
}

export interface Pair {
  readonly delegator: Uint8Array;
  readonly operator: Uint8Array;
}

export function getStartingInfo(context: Context, pair: Pair): StartingInfo {
  const key = startingInfoKey(pair.operator, pair.delegator);
  const { previousPeriod, stake, height } = read(context, key, DelegatorStartingInfoSchema);
  return { previousPeriod, stake: Dec.fromWire(stake), height };
}

export function setStartingInfo(context: Context, pair: Pair, info: StartingInfo): void {
  write(context, startingInfoKey(pair.operator, pair.delegator), {
    schema: DelegatorStartingInfoSchema,
    value: { ...info, stake: info.stake.toWire() },
  });
}

/** Where rewards of a delegator go: to itself unless it said otherwise. */
export function getWithdrawAddress(context: Context, delegator: Uint8Array): Uint8Array {
  const key = withdrawAddressKey(delegator);
  return context.kvStore(distributionStoreName).get(key) ?? delegator;
}

export function setWithdrawAddress(
  context: Context,
  delegator: Uint8Array,
  address: Uint8Array,
): void {
  context.kvStore(distributionStoreName).set(withdrawAddressKey(delegator), address);
}

export function setSlash(
  context: Context,
  at: { readonly operator: Uint8Array; readonly height: bigint },
  event: ValidatorSlashEvent,
): void {
  const key = slashKey(at.operator, at.height, event.validatorPeriod);
  write(context, key, { schema: ValidatorSlashEventSchema, value: event });
}

/** Slashes of a validator in blocks `from` to `to`, both included, in their order. */
export function* slashesBetween(
  context: Context,
  operator: Uint8Array,
  { from, to }: { readonly from: bigint; readonly to: bigint },
): Iterable<ValidatorSlashEvent> {
  const start = slashHeightPrefix(operator, from);
  const end = slashHeightPrefix(operator, to + 1n);
  for (const [, value] of context.kvStore(distributionStoreName).iterator(start, end)) {
    yield decodeMessage(ValidatorSlashEventSchema, value);
  }
}

/** Block of a slash's key. */
export function heightOfSlashKey(key: Uint8Array): bigint {
  return readUint64BigEndian(key, addressAt(key, 1).end);
}
