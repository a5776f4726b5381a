/**
 * `app_state.distribution`. The network's form has no place for the entries of restaking, so that
 * they stand beside its messages, where there are any: `restake_entries`.
 */
import { create } from "@bufbuild/protobuf";
import {
  coinsToText,
  decodeMessage,
  equalCoins,
  fromClientJson,
  type Types,
  toClientJson,
} from "@tacit/encoding";
import {
  DelegatorStartingInfoSchema,
  FeePoolSchema,
  ValidatorAccumulatedCommissionSchema,
  ValidatorCurrentRewardsSchema,
  ValidatorHistoricalRewardsSchema,
  ValidatorOutstandingRewardsSchema,
  ValidatorSlashEventSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import {
  type GenesisState,
  GenesisStateSchema,
} from "@tacit/encoding/proto/cosmos/distribution/v1beta1/genesis";
import { type Context, type JsonValue, PlainError } from "@tacit/sdk";
import { add, fromWire, NO_DEC_COINS, split } from "./dec-coins.ts";
import type { DistributionEnvironment } from "./environment.ts";
import { exportRestakers, importRestakers, splitRestakers } from "./genesis-restake.ts";
import {
  addressAt,
  commissionKey,
  commissionRange,
  currentKey,
  currentRange,
  distributionStoreName,
  feePoolKey,
  historicalKey,
  historicalRange,
  outstandingKey,
  outstandingRange,
  slashKey,
  slashRange,
  startingInfoKey,
  startingInfoRange,
  withdrawAddressRange,
} from "./keys.ts";
import { moduleName } from "./names.ts";
import { defaultParams, getParams, setParams, validateParams } from "./params.ts";
import {
  getPreviousProposer,
  heightOfSlashKey,
  read,
  setPreviousProposer,
  setWithdrawAddress,
  write,
} from "./store.ts";

/** No Any stands in this genesis. */
const noTypes: Types = { getMessage: () => undefined };

export function defaultGenesis(): JsonValue {
  const state = create(GenesisStateSchema, { params: defaultParams(), feePool: {} });
  return toClientJson(GenesisStateSchema, state, noTypes);
}

/** @throws {PlainError} and {EncodingError} if it is no genesis of this module. */
export function initGenesis(env: DistributionEnvironment, context: Context, json: JsonValue): void {
  const { restakers, known } = splitRestakers(env, json);
  const state = fromClientJson(GenesisStateSchema, known, { types: noTypes });
  if (state.params === undefined) throw new PlainError("distribution genesis: params are missing");
  validateParams(state.params);
  if (env.restakes && BigInt(state.params.restakePeriod || "0") <= 0n) {
    throw new PlainError("distribution genesis: params.restake_period must be positive");
  }
  write(context, feePoolKey, { schema: FeePoolSchema, value: state.feePool ?? {} });
  setParams(context, state.params, env.types.params);
  for (const { delegatorAddress, withdrawAddress } of state.delegatorWithdrawInfos) {
    const delegator = env.addresses.toBytes(delegatorAddress);
    setWithdrawAddress(context, delegator, env.addresses.toBytes(withdrawAddress));
  }
  const proposer = state.previousProposer;
  setPreviousProposer(
    context,
    proposer === "" ? new Uint8Array() : env.consensusAddresses.toBytes(proposer),
  );
  importRewards(env, context, state);
  importDelegations(env, context, state);
  importRestakers(env, context, restakers);
  assertHoldings(env, context, state);
}

function importRewards(env: DistributionEnvironment, context: Context, state: GenesisState): void {
  const operator = (text: string) => env.staking.operators.toBytes(text);
  for (const { validatorAddress, outstandingRewards } of state.outstandingRewards) {
    const schema = ValidatorOutstandingRewardsSchema;
    const value = { rewards: outstandingRewards };
    write(context, outstandingKey(operator(validatorAddress)), { schema, value });
  }
  for (const { validatorAddress, accumulated } of state.validatorAccumulatedCommissions) {
    const schema = ValidatorAccumulatedCommissionSchema;
    write(context, commissionKey(operator(validatorAddress)), { schema, value: accumulated ?? {} });
  }
  for (const { validatorAddress, period, rewards } of state.validatorHistoricalRewards) {
    const schema = ValidatorHistoricalRewardsSchema;
    const key = historicalKey(operator(validatorAddress), period);
    write(context, key, { schema, value: rewards ?? {} });
  }
  for (const { validatorAddress, rewards } of state.validatorCurrentRewards) {
    const schema = ValidatorCurrentRewardsSchema;
    write(context, currentKey(operator(validatorAddress)), { schema, value: rewards ?? {} });
  }
}

function importDelegations(
  env: DistributionEnvironment,
  context: Context,
  state: GenesisState,
): void {
  const operator = (text: string) => env.staking.operators.toBytes(text);
  for (const record of state.delegatorStartingInfos) {
    const delegator = env.addresses.toBytes(record.delegatorAddress);
    const key = startingInfoKey(operator(record.validatorAddress), delegator);
    write(context, key, { schema: DelegatorStartingInfoSchema, value: record.startingInfo ?? {} });
  }
  for (const record of state.validatorSlashEvents) {
    const key = slashKey(operator(record.validatorAddress), record.height, record.period);
    const value = record.validatorSlashEvent ?? {};
    write(context, key, { schema: ValidatorSlashEventSchema, value });
  }
}

/** The module's account holds what it owes, cut to whole coins. */
function assertHoldings(env: DistributionEnvironment, context: Context, state: GenesisState): void {
  let holdings = NO_DEC_COINS;
  for (const { outstandingRewards } of state.outstandingRewards) {
    holdings = add(holdings, fromWire(outstandingRewards));
  }
  holdings = add(holdings, fromWire(state.feePool?.communityPool ?? []));
  const { whole } = split(holdings);
  const { address } = env.accounts.getModuleAccount(context, moduleName);
  const balances = env.bank.getAllBalances(context, address);
  if (equalCoins(balances, whole)) return;
  throw new PlainError(
    `distribution module balance does not match the module holdings: ${coinsToText(balances)} <-> ${coinsToText(whole)}`,
  );
}

export function exportGenesis(env: DistributionEnvironment, context: Context): JsonValue {
  const store = context.kvStore(distributionStoreName);
  const operator = (key: Uint8Array) => env.staking.operators.toText(addressAt(key, 1).address);
  const proposer = getPreviousProposer(context);
  const state = create(GenesisStateSchema, {
    params: getParams(context),
    feePool: read(context, feePoolKey, FeePoolSchema),
    delegatorWithdrawInfos: Array.from(store.iterator(...withdrawAddressRange), ([key, value]) => ({
      delegatorAddress: env.addresses.toText(addressAt(key, 1).address),
      withdrawAddress: env.addresses.toText(value.slice()),
    })),
    previousProposer: proposer.length === 0 ? "" : env.consensusAddresses.toText(proposer),
    outstandingRewards: Array.from(store.iterator(...outstandingRange), ([key, value]) => ({
      validatorAddress: operator(key),
      outstandingRewards: decodeMessage(ValidatorOutstandingRewardsSchema, value).rewards,
    })),
    validatorAccumulatedCommissions: Array.from(
      store.iterator(...commissionRange),
      ([key, value]) => ({
        validatorAddress: operator(key),
        accumulated: decodeMessage(ValidatorAccumulatedCommissionSchema, value),
      }),
    ),
    validatorHistoricalRewards: Array.from(store.iterator(...historicalRange), ([key, value]) => ({
      validatorAddress: operator(key),
      period: new DataView(key.buffer, key.byteOffset).getBigUint64(addressAt(key, 1).end, true),
      rewards: decodeMessage(ValidatorHistoricalRewardsSchema, value),
    })),
    validatorCurrentRewards: Array.from(store.iterator(...currentRange), ([key, value]) => ({
      validatorAddress: operator(key),
      rewards: decodeMessage(ValidatorCurrentRewardsSchema, value),
    })),
    delegatorStartingInfos: Array.from(store.iterator(...startingInfoRange), ([key, value]) => ({
      validatorAddress: operator(key),
      delegatorAddress: env.addresses.toText(addressAt(key, addressAt(key, 1).end).address),
      startingInfo: decodeMessage(DelegatorStartingInfoSchema, value),
    })),
    validatorSlashEvents: Array.from(store.iterator(...slashRange), ([key, value]) => {
      const validatorSlashEvent = decodeMessage(ValidatorSlashEventSchema, value);
      return {
        validatorAddress: operator(key),
        height: heightOfSlashKey(key),
        period: validatorSlashEvent.validatorPeriod,
        validatorSlashEvent,
      };
    }),
  });
  const known = toClientJson(GenesisStateSchema, state, noTypes);
  const restakers = exportRestakers(env, context);
  if (restakers.length === 0) return known;
  return { ...(known as { readonly [field: string]: JsonValue }), restake_entries: restakers };
}
