/** `app_state.staking`: parameters, validators and their delegations. */
import { create } from "@bufbuild/protobuf";
import { coinsToText, equalCoins, fromClientJson, type Types, toClientJson } from "@tacit/encoding";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import {
  type GenesisState,
  GenesisStateSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/genesis";
import type { Context, JsonValue, ValidatorUpdate } from "@tacit/sdk";
import { delegations, setDelegation } from "./delegations.ts";
import type { StakingEnvironment } from "./environment.ts";
import { invalidGenesis } from "./errors.ts";
import { bondedPoolName, notBondedPoolName } from "./names.ts";
import { defaultParams, getParams, setParams, validateParams } from "./params.ts";
import { queueRedelegation, redelegations, setRedelegation } from "./redelegations.ts";
import { zeroTime } from "./times.ts";
import { queueUnbonding, setUnbonding, unbondings } from "./unbondings.ts";
import {
  applyValidatorSetUpdates,
  getLastTotalPower,
  lastPowers,
  setLastPower,
  setLastTotalPower,
} from "./validator-set.ts";
import { queueValidator } from "./validator-states.ts";
import {
  consensusPublicKey,
  isBonded,
  isUnbonding,
  setByConsensusAddress,
  setInPowerIndex,
  setValidator,
  validators,
} from "./validators.ts";

/** Keys of validators are the only Any in this genesis. */
const types: Types = {
  getMessage: (name) => (name === PubKeySchema.typeName ? PubKeySchema : undefined),
};

export function defaultGenesis(bondDenom: string): JsonValue {
  return toJson(
    create(GenesisStateSchema, { params: defaultParams(bondDenom), lastTotalPower: zero }),
  );
}

/** "0" as bytes: Go writes the number even where nothing is staked. */
const zero = new TextEncoder().encode("0");

/**
 * Coins that genesis stakes must lie in the pools already.
 *
 * @returns the first validators, for consensus.
 * @throws {PlainError} if the pools hold something else.
 */
export function initGenesis(
  env: StakingEnvironment,
  genesis: Context,
  json: JsonValue,
): readonly ValidatorUpdate[] {
  // Whatever the chain's first height is, what genesis makes was made at height 0.
  const context = genesis.with({ block: { ...genesis.block, height: 0n } });
  const state = fromClientJson(GenesisStateSchema, json, { types });
  const params = state.params ?? defaultParams(env.options.bondDenom);
  validateParams(params);
  setParams(context, params);
  setLastTotalPower(context, readTotalPower(state));
  importValidators(env, context, state);
  importDelegations(env, context, state);
  importUnbondings(env, context, state);
  importRedelegations(env, context, state);
  checkPools(env, context, state);
  if (!state.exported) return applyValidatorSetUpdates(env, context);
  return importLastPowers(env, context, state);
}

export function exportGenesis(env: StakingEnvironment, context: Context): JsonValue {
  const state = create(GenesisStateSchema, {
    params: getParams(context),
    lastTotalPower: new TextEncoder().encode(getLastTotalPower(context).toString()),
    lastValidatorPowers: Array.from(lastPowers(context), ({ operator, power }) => ({
      address: env.options.operators.toText(operator),
      power,
    })),
    validators: [...validators(context)],
    delegations: [...delegations(context)],
    unbondingDelegations: [...unbondings(context)],
    redelegations: [...redelegations(context)],
    exported: true,
  });
  return toJson(state);
}

function readTotalPower(state: GenesisState): bigint {
  const text = new TextDecoder().decode(state.lastTotalPower);
  return BigInt(/^\d+$/.test(text) ? text : "0");
}

function importValidators(env: StakingEnvironment, context: Context, state: GenesisState): void {
  for (const validator of state.validators) {
    const operator = env.options.operators.toBytes(validator.operatorAddress);
    setValidator(context, operator, validator);
    setByConsensusAddress(context, operator, validator);
    setInPowerIndex(context, operator, validator);
    if (!state.exported) env.hooks.afterValidatorCreated(context, operator);
    if (isUnbonding(validator)) queueValidator(context, validator);
  }
}

function importDelegations(env: StakingEnvironment, context: Context, state: GenesisState): void {
  for (const delegation of state.delegations) {
    const delegator = env.options.addresses.toBytes(delegation.delegatorAddress);
    const operator = env.options.operators.toBytes(delegation.validatorAddress);
    const pair = { delegator, operator };
    if (!state.exported) env.hooks.beforeDelegationCreated(context, pair);
    setDelegation(context, pair, delegation);
    if (!state.exported) env.hooks.afterDelegationModified(context, pair);
  }
}

function importUnbondings(env: StakingEnvironment, context: Context, state: GenesisState): void {
  for (const unbonding of state.unbondingDelegations) {
    const delegator = env.options.addresses.toBytes(unbonding.delegatorAddress);
    const operator = env.options.operators.toBytes(unbonding.validatorAddress);
    setUnbonding(context, { delegator, operator }, unbonding);
    for (const { completionTime } of unbonding.entries) {
      queueUnbonding(context, unbonding, completionTime ?? zeroTime);
    }
  }
}

function importRedelegations(env: StakingEnvironment, context: Context, state: GenesisState): void {
  const { addresses, operators } = env.options;
  for (const redelegation of state.redelegations) {
    const path = {
      delegator: addresses.toBytes(redelegation.delegatorAddress),
      source: operators.toBytes(redelegation.validatorSrcAddress),
      destination: operators.toBytes(redelegation.validatorDstAddress),
    };
    setRedelegation(context, path, redelegation);
    for (const { completionTime } of redelegation.entries) {
      queueRedelegation(context, redelegation, completionTime ?? zeroTime);
    }
  }
}

/** @throws {PlainError} unless each pool holds exactly the tokens of its validators. */
function checkPools(env: StakingEnvironment, context: Context, state: GenesisState): void {
  const { bondDenom } = getParams(context);
  const tokens = { bonded: 0n, notBonded: 0n };
  for (const validator of state.validators) {
    tokens[isBonded(validator) ? "bonded" : "notBonded"] += BigInt(validator.tokens || "0");
  }
  for (const { entries } of state.unbondingDelegations) {
    for (const { balance } of entries) tokens.notBonded += BigInt(balance || "0");
  }
  const pools = [
    { name: bondedPoolName, what: "bonded pool", expected: tokens.bonded },
    { name: notBondedPoolName, what: "not bonded pool", expected: tokens.notBonded },
  ];
  for (const { name, what, expected } of pools) {
    const { address } = env.accounts.getModuleAccount(context, name);
    const balance = env.bank.getAllBalances(context, address);
    const coins = expected === 0n ? [] : [{ denom: bondDenom, amount: expected }];
    if (equalCoins(balance, coins)) continue;
    throw invalidGenesis(
      `${what} balance is different from its coins: ${coinsToText(balance)} <-> ${coinsToText(coins)}`,
    );
  }
}

function importLastPowers(
  env: StakingEnvironment,
  context: Context,
  state: GenesisState,
): readonly ValidatorUpdate[] {
  const byOperator = new Map(state.validators.map((each) => [each.operatorAddress, each]));
  return state.lastValidatorPowers.map(({ address, power }) => {
    const validator = byOperator.get(address);
    if (validator === undefined) throw invalidGenesis(`validator ${address} not found`);
    setLastPower(context, env.options.operators.toBytes(address), power);
    return {
      keyType: "ed25519",
      publicKey: consensusPublicKey(validator),
      power,
    };
  });
}

function toJson(state: GenesisState): JsonValue {
  return toClientJson(GenesisStateSchema, state, types);
}
