/** Queries of distribution. Nothing is written: periods end only in thought. */
import { Dec, decodeMessage } from "@tacit/encoding";
import { ValidatorSlashEventSchema } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/distribution";
import { Query } from "@tacit/encoding/proto/cosmos/distribution/v1beta1/query";
import type { Delegation } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import {
  type Context,
  grpcError,
  PlainError,
  paginate,
  type QueryImplementation,
  type QueryRouter,
} from "@tacit/sdk";
import { add, type DecCoins, NO_DEC_COINS, toWire } from "./dec-coins.ts";
import type { DistributionEnvironment } from "./environment.ts";
import { distributionStoreName, slashPrefixOf } from "./keys.ts";
import { getParams } from "./params.ts";
import { restakingOperators } from "./restake.ts";
import { pendingRewards } from "./rewards.ts";
import { getCommission, getCommunityPool, getOutstanding, getWithdrawAddress } from "./store.ts";

type Queries = Partial<QueryImplementation<typeof Query>>;

export function registerQueries(queries: QueryRouter, env: DistributionEnvironment): void {
  queries.register(Query, {
    ...validatorQueries(env),
    ...delegatorQueries(env),
    ...(env.restakes ? forkQueries(env) : {}),
    params: (context) => ({ params: getParams(context) }),
    communityPool: (context) => ({ pool: toWire(getCommunityPool(context)) }),
  });
}

function validatorQueries(env: DistributionEnvironment): Queries {
  const { staking } = env;
  return {
    validatorDistributionInfo: (context, { validatorAddress }) => {
      const operator = operatorOf(env, validatorAddress);
      const validator = staking.validator(context, operator);
      const pair = { delegator: operator, operator };
      const delegation = staking.delegation(context, operator, operator);
      const rewards = pendingRewards(staking, context, { pair, validator, delegation });
      return {
        commission: toWire(getCommission(context, operator)),
        operatorAddress: env.addresses.toText(operator),
        selfBondRewards: toWire(rewards),
      };
    },
    validatorOutstandingRewards: (context, { validatorAddress }) => {
      const operator = operatorOf(env, validatorAddress);
      staking.validator(context, operator);
      return { rewards: { rewards: toWire(getOutstanding(context, operator)) } };
    },
    validatorCommission: (context, { validatorAddress }) => {
      const operator = operatorOf(env, validatorAddress);
      staking.validator(context, operator);
      return { commission: { commission: toWire(getCommission(context, operator)) } };
    },
    validatorSlashes: (context, request) => {
      const { validatorAddress, startingHeight, endingHeight, pagination } = request;
      if (validatorAddress === "") throw grpcError.invalidArgument("empty validator address");
      if (endingHeight < startingHeight) {
        throw grpcError.invalidArgument(
          `starting height greater than ending height (${startingHeight} > ${endingHeight})`,
        );
      }
      const prefix = slashPrefixOf(operatorOrInvalid(env, validatorAddress));
      const store = context.kvStore(distributionStoreName);
      // The SDK compares periods with heights here, and so do clients' results.
      const page = paginate(store, prefix, pagination, (_key, value) => {
        const event = decodeMessage(ValidatorSlashEventSchema, value);
        const { validatorPeriod: period } = event;
        return period < startingHeight || period > endingHeight ? undefined : event;
      });
      return { slashes: [...page.items], pagination: page.pagination };
    },
  };
}

function delegatorQueries(env: DistributionEnvironment): Queries {
  const { staking } = env;
  return {
    delegationRewards: (context, { delegatorAddress, validatorAddress }) => {
      if (delegatorAddress === "") throw grpcError.invalidArgument("empty delegator address");
      const operator = operatorOf(env, validatorAddress);
      const validator = staking.validator(context, operator);
      const delegator = env.addresses.toBytes(delegatorAddress);
      const delegation = staking.delegation(context, delegator, operator);
      const pair = { delegator, operator };
      const rewards = pendingRewards(staking, context, { pair, validator, delegation });
      return { rewards: toWire(rewards) };
    },
    delegationTotalRewards: (context, { delegatorAddress }) => {
      const delegator = delegatorOf(env, delegatorAddress);
      let total = NO_DEC_COINS;
      const rewards = staking.delegationsOf(context, delegator).map((delegation) => {
        const reward = rewardOf(env, context, delegator, delegation);
        total = add(total, reward);
        return { validatorAddress: delegation.validatorAddress, reward: toWire(reward) };
      });
      return { rewards, total: toWire(total) };
    },
    delegatorValidators: (context, { delegatorAddress }) => {
      const delegator = delegatorOf(env, delegatorAddress);
      const found = staking.delegationsOf(context, delegator);
      return { validators: found.map(({ validatorAddress }) => validatorAddress) };
    },
    delegatorWithdrawAddress: (context, { delegatorAddress }) => {
      const delegator = delegatorOf(env, delegatorAddress);
      const address = getWithdrawAddress(context, delegator);
      return { withdrawAddress: env.addresses.toText(address) };
    },
  };
}

/** What Secret's fork adds (sdk-fork section 1.4). */
function forkQueries(env: DistributionEnvironment): Queries {
  return {
    foundationTax: (context) => {
      const { secretFoundationTax, secretFoundationAddress } = getParams(context);
      if (secretFoundationAddress === "") {
        throw new PlainError("empty address string is not allowed");
      }
      env.addresses.toBytes(secretFoundationAddress);
      const tax = Dec.fromWire(secretFoundationTax).toString();
      return { tax, foundationAddress: secretFoundationAddress };
    },
    restakeThreshold: (context) => ({ threshold: getParams(context).minimumRestakeThreshold }),
    restakingEntries: (context, { delegator }) => {
      if (delegator === "") throw new PlainError("empty address string is not allowed");
      const operators = restakingOperators(context, env.addresses.toBytes(delegator));
      return { validators: operators.map((operator) => env.staking.operators.toText(operator)) };
    },
  };
}

function rewardOf(
  env: DistributionEnvironment,
  context: Context,
  delegator: Uint8Array,
  delegation: Delegation,
): DecCoins {
  const operator = env.staking.operators.toBytes(delegation.validatorAddress);
  const validator = env.staking.validator(context, operator);
  const pair = { delegator, operator };
  return pendingRewards(env.staking, context, { pair, validator, delegation });
}

function operatorOf(env: DistributionEnvironment, text: string): Uint8Array {
  if (text === "") throw grpcError.invalidArgument("empty validator address");
  return env.staking.operators.toBytes(text);
}

function operatorOrInvalid(env: DistributionEnvironment, text: string): Uint8Array {
  try {
    return env.staking.operators.toBytes(text);
  } catch {
    throw grpcError.invalidArgument("invalid validator address");
  }
}

function delegatorOf(env: DistributionEnvironment, text: string): Uint8Array {
  if (text === "") throw grpcError.invalidArgument("empty delegator address");
  return env.addresses.toBytes(text);
}
