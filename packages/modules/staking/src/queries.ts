/** The query service, texts as the SDK's. */
import { moduleAddress } from "@tacit/crypto";
import { Dec, decodeMessage, fromBech32 } from "@tacit/encoding";
import { Query } from "@tacit/encoding/proto/cosmos/staking/v1beta1/query";
import {
  type Delegation,
  DelegationSchema,
  UnbondingDelegationSchema,
  type Validator,
  ValidatorSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import {
  type Context,
  grpcError,
  type PageRequest,
  PlainError,
  paginate,
  type QueryImplementation,
} from "@tacit/sdk";
import { getDelegation } from "./delegations.ts";
import type { StakingEnvironment } from "./environment.ts";
import { stakingErrors } from "./errors.ts";
import { getHistoricalInfo } from "./historical-info.ts";
import {
  byValidatorPrefixOf,
  delegationPrefixOf,
  stakingStoreName,
  unbondingByValidatorPrefixOf,
  unbondingPrefixOf,
  validatorPrefix,
} from "./keys.ts";
import { bondedPoolName, notBondedPoolName } from "./names.ts";
import { getParams } from "./params.ts";
import { redelegationQueries } from "./redelegation-queries.ts";
import { tokensFromShares } from "./shares.ts";
import { getUnbonding } from "./unbondings.ts";
import { getValidator } from "./validators.ts";

export const queryService = Query;

/** As clients name them. */
const statusNames: readonly string[] = [
  "BOND_STATUS_UNSPECIFIED",
  "BOND_STATUS_UNBONDED",
  "BOND_STATUS_UNBONDING",
  "BOND_STATUS_BONDED",
];

export function createQueries(env: StakingEnvironment): QueryImplementation<typeof Query> {
  return {
    ...validatorQueries(env),
    ...delegationQueries(env),
    ...unbondingQueries(env),
    ...redelegationQueries(env),
    historicalInfo: (context, { height }) => {
      if (height < 0n) throw grpcError.invalidArgument("height cannot be negative");
      const hist = getHistoricalInfo(context, height);
      if (hist === undefined) {
        throw grpcError.notFound(`historical info for height ${height} not found`);
      }
      return { hist };
    },
    pool: (context) => ({
      pool: {
        bondedTokens: poolTokens(env, context, bondedPoolName),
        notBondedTokens: poolTokens(env, context, notBondedPoolName),
      },
    }),
    params: (context) => ({ params: getParams(context) }),
  };
}

function validatorQueries(env: StakingEnvironment) {
  return {
    validators: (
      context: Context,
      {
        status,
        pagination,
      }: { readonly status: string; readonly pagination?: PageRequest | undefined },
    ) => {
      if (status !== "" && statusNames.indexOf(status) < 1) {
        throw grpcError.invalidArgument(`invalid validator status ${status}`);
      }
      const store = context.kvStore(stakingStoreName);
      const page = paginate(store, validatorPrefix, pagination, (_key, value) => {
        const validator = decodeMessage(ValidatorSchema, value);
        if (status !== "" && statusNames[validator.status] !== status) return undefined;
        return validator;
      });
      return { validators: [...page.items], pagination: page.pagination };
    },
    validator: (context: Context, { validatorAddr }: { readonly validatorAddr: string }) => ({
      validator: knownValidator(env, context, validatorAddr),
    }),
    delegatorValidators: (
      context: Context,
      request: { readonly delegatorAddr: string; readonly pagination?: PageRequest | undefined },
    ) => {
      const delegator = parseDelegator(env, request.delegatorAddr);
      const store = context.kvStore(stakingStoreName);
      const prefix = delegationPrefixOf(delegator);
      const page = paginate(store, prefix, request.pagination, (_key, value) =>
        knownValidator(env, context, decodeMessage(DelegationSchema, value).validatorAddress),
      );
      return { validators: [...page.items], pagination: page.pagination };
    },
    delegatorValidator: (
      context: Context,
      request: { readonly delegatorAddr: string; readonly validatorAddr: string },
    ) => {
      const delegator = parseDelegator(env, request.delegatorAddr);
      const operator = parseOperator(env, request.validatorAddr);
      if (getDelegation(context, delegator, operator) === undefined) {
        throw grpcError.internal(stakingErrors.noDelegation.text);
      }
      return { validator: knownValidator(env, context, request.validatorAddr) };
    },
  };
}

function delegationQueries(env: StakingEnvironment) {
  return {
    validatorDelegations: (
      context: Context,
      request: { readonly validatorAddr: string; readonly pagination?: PageRequest | undefined },
    ) => {
      const operator = parseOperator(env, request.validatorAddr);
      const store = context.kvStore(stakingStoreName);
      const prefix = byValidatorPrefixOf(operator);
      const page = paginate(store, prefix, request.pagination, (delegator) => {
        const delegation = getDelegation(context, delegator, operator);
        return delegation && withBalance(env, context, delegation);
      });
      return { delegationResponses: [...page.items], pagination: page.pagination };
    },
    delegation: (
      context: Context,
      request: { readonly delegatorAddr: string; readonly validatorAddr: string },
    ) => {
      const delegator = parseDelegator(env, request.delegatorAddr);
      const operator = parseOperator(env, request.validatorAddr);
      const delegation = getDelegation(context, delegator, operator);
      if (delegation === undefined) {
        throw grpcError.notFound(
          `delegation with delegator ${request.delegatorAddr} not found for validator ${request.validatorAddr}`,
        );
      }
      return { delegationResponse: withBalance(env, context, delegation) };
    },
    delegatorDelegations: (
      context: Context,
      request: { readonly delegatorAddr: string; readonly pagination?: PageRequest | undefined },
    ) => {
      const delegator = parseDelegator(env, request.delegatorAddr);
      const store = context.kvStore(stakingStoreName);
      const prefix = delegationPrefixOf(delegator);
      const page = paginate(store, prefix, request.pagination, (_key, value) =>
        withBalance(env, context, decodeMessage(DelegationSchema, value)),
      );
      return { delegationResponses: [...page.items], pagination: page.pagination };
    },
  };
}

function unbondingQueries(env: StakingEnvironment) {
  return {
    validatorUnbondingDelegations: (
      context: Context,
      request: { readonly validatorAddr: string; readonly pagination?: PageRequest | undefined },
    ) => {
      const operator = parseOperator(env, request.validatorAddr);
      const store = context.kvStore(stakingStoreName);
      const prefix = unbondingByValidatorPrefixOf(operator);
      const page = asInternal(() =>
        paginate(store, prefix, request.pagination, (key) =>
          getUnbonding(context, { delegator: key.slice(1), operator }),
        ),
      );
      return { unbondingResponses: [...page.items], pagination: page.pagination };
    },
    delegatorUnbondingDelegations: (
      context: Context,
      request: { readonly delegatorAddr: string; readonly pagination?: PageRequest | undefined },
    ) => {
      const delegator = parseDelegator(env, request.delegatorAddr);
      const store = context.kvStore(stakingStoreName);
      const prefix = unbondingPrefixOf(delegator);
      const page = asInternal(() =>
        paginate(store, prefix, request.pagination, (_key, value) =>
          decodeMessage(UnbondingDelegationSchema, value),
        ),
      );
      return { unbondingResponses: [...page.items], pagination: page.pagination };
    },
    unbondingDelegation: (
      context: Context,
      request: { readonly delegatorAddr: string; readonly validatorAddr: string },
    ) => {
      const delegator = parseDelegator(env, request.delegatorAddr);
      const operator = parseOperator(env, request.validatorAddr);
      const unbond = getUnbonding(context, { delegator, operator });
      if (unbond !== undefined) return { unbond };
      throw grpcError.notFound(
        `unbonding delegation with delegator ${request.delegatorAddr} not found for validator ${request.validatorAddr}`,
      );
    },
  };
}

function knownValidator(env: StakingEnvironment, context: Context, text: string): Validator {
  const validator = getValidator(context, parseOperator(env, text));
  if (validator === undefined) throw grpcError.notFound(`validator ${text} not found`);
  return validator;
}

/** A delegation with what its shares are worth now. */
function withBalance(env: StakingEnvironment, context: Context, delegation: Delegation) {
  const amount = delegationAmount(env, context, delegation);
  const { bondDenom } = getParams(context);
  return { delegation, balance: { denom: bondDenom, amount: amount.toString() } };
}

/** Of the bonded coin. */
export function delegationAmount(
  env: StakingEnvironment,
  context: Context,
  delegation: Delegation,
): bigint {
  const validator = knownValidator(env, context, delegation.validatorAddress);
  return tokensFromShares(validator, Dec.fromWire(delegation.shares));
}

function poolTokens(env: StakingEnvironment, context: Context, name: string): string {
  const address = moduleAddress(name);
  return env.bank.getBalance(context, address, getParams(context).bondDenom).toString();
}

function parseOperator(env: StakingEnvironment, text: string): Uint8Array {
  if (text === "") throw grpcError.invalidArgument("validator address cannot be empty");
  return fromBech32(env.options.operators.prefix, text);
}

function asInternal<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    throw grpcError.internal(error.message);
  }
}

function parseDelegator(env: StakingEnvironment, text: string): Uint8Array {
  if (text === "") throw grpcError.invalidArgument("delegator address cannot be empty");
  return fromBech32(env.options.addresses.prefix, text);
}
