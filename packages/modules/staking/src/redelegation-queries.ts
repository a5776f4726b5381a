/** The query for stake that moved between validators. */
import { Dec, decodeMessage } from "@tacit/encoding";
import type { QueryRedelegationsRequest } from "@tacit/encoding/proto/cosmos/staking/v1beta1/query";
import {
  type Redelegation,
  RedelegationSchema,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, grpcError, type Page, PlainError, paginate, SdkError } from "@tacit/sdk";
import type { StakingEnvironment } from "./environment.ts";
import {
  redelegationBySourcePrefixOf,
  redelegationPrefixOf,
  splitAddresses,
  stakingStoreName,
} from "./keys.ts";
import { getRedelegation } from "./redelegations.ts";
import { tokensFromShares } from "./shares.ts";
import { mustGetValidator } from "./validators.ts";

export function redelegationQueries(env: StakingEnvironment) {
  return {
    redelegations: (context: Context, request: QueryRedelegationsRequest) => {
      try {
        const { items, pagination } = find(env, context, request);
        return {
          redelegationResponses: items.map((each) => withBalances(env, context, each)),
          pagination,
        };
      } catch (error) {
        if (error instanceof PlainError || error instanceof SdkError) {
          throw grpcError.internal(error.message);
        }
        throw error;
      }
    },
  };
}

type Found = Pick<Page<Redelegation>, "items"> & Partial<Page<Redelegation>>;

function find(
  env: StakingEnvironment,
  context: Context,
  request: QueryRedelegationsRequest,
): Found {
  const { delegatorAddr, srcValidatorAddr, dstValidatorAddr, pagination } = request;
  const { addresses, operators } = env.options;
  const store = context.kvStore(stakingStoreName);
  if (delegatorAddr !== "" && srcValidatorAddr !== "" && dstValidatorAddr !== "") {
    return { items: [findOne(env, context, request)] };
  }
  if (delegatorAddr === "" && srcValidatorAddr !== "" && dstValidatorAddr === "") {
    const source = operators.toBytes(srcValidatorAddr);
    return paginate(store, redelegationBySourcePrefixOf(source), pagination, (key) => {
      const [delegator, destination] = splitAddresses(key);
      return getRedelegation(context, { delegator, source, destination });
    });
  }
  const prefix = redelegationPrefixOf(addresses.toBytes(delegatorAddr));
  return paginate(store, prefix, pagination, (_key, value) =>
    decodeMessage(RedelegationSchema, value),
  );
}

function findOne(
  env: StakingEnvironment,
  context: Context,
  request: QueryRedelegationsRequest,
): Redelegation {
  const { addresses, operators } = env.options;
  const path = {
    delegator: addresses.toBytes(request.delegatorAddr),
    source: operators.toBytes(request.srcValidatorAddr),
    destination: operators.toBytes(request.dstValidatorAddr),
  };
  const found = getRedelegation(context, path);
  if (found !== undefined) return found;
  // The SDK puts the status into another: clients see both.
  throw grpcError.internal(
    `rpc error: code = NotFound desc = redelegation not found for delegator address ${request.delegatorAddr} from validator address ${request.srcValidatorAddr}`,
  );
}

function withBalances(env: StakingEnvironment, context: Context, redelegation: Redelegation) {
  const destination = env.options.operators.toBytes(redelegation.validatorDstAddress);
  const validator = mustGetValidator(context, destination);
  return {
    redelegation: { ...redelegation, entries: [] },
    entries: redelegation.entries.map((entry) => ({
      redelegationEntry: entry,
      balance: tokensFromShares(validator, Dec.fromWire(entry.sharesDst)).toString(),
    })),
  };
}
