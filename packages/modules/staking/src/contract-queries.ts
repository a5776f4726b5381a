/** What contracts may ask about staking, in the shapes of CosmWasm. */
import type { Coin } from "@tacit/encoding";
import { Dec, fromBech32 } from "@tacit/encoding";
import type {
  Delegation,
  UnbondingDelegation,
  Validator,
} from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, sdkErrors } from "@tacit/sdk";
import { delegationsOf, getDelegation } from "./delegations.ts";
import type { StakingEnvironment } from "./environment.ts";
import { getParams } from "./params.ts";
import { bondedRatio } from "./pools.ts";
import { delegationAmount } from "./queries.ts";
import { hasReceivingRedelegation } from "./redelegations.ts";
import { unbondingsOf } from "./unbondings.ts";
import { getValidator, isBonded, operatorsByPower } from "./validators.ts";

export interface ContractValidator {
  readonly address: string;
  readonly commission: string;
  readonly maxCommission: string;
  readonly maxChangeRate: string;
}

export interface ContractDelegation {
  readonly delegator: string;
  readonly validator: string;
  readonly amount: Coin;
}

/** The answers, for whoever runs contracts. Each reads what it reads on Secret Network, as that is its price. */
export interface ContractStakingQueries {
  bondDenom(context: Context): string;
  /** Text with 18 places. */
  bondedRatio(context: Context): string;
  /** The active set, most powerful first. */
  bondedValidators(context: Context): readonly ContractValidator[];
  validator(context: Context, operator: string): ContractValidator | undefined;
  delegations(context: Context, delegator: Uint8Array): readonly ContractDelegation[];
  delegation(
    context: Context,
    delegator: Uint8Array,
    operator: string,
  ):
    | (ContractDelegation & {
        readonly accumulatedRewards: readonly Coin[];
        readonly canRedelegate: Coin;
      })
    | undefined;
  unbondingDelegations(context: Context, delegator: Uint8Array): readonly ContractDelegation[];
}

/** What a delegation has earned and not been paid, whole coins. */
export type AccruedRewards = (
  context: Context,
  delegator: Uint8Array,
  operator: Uint8Array,
) => readonly Coin[];

export function createContractQueries(
  env: StakingEnvironment,
  rewards: AccruedRewards,
): ContractStakingQueries {
  const toSummary = (context: Context, bondDenom: string, delegation: Delegation) => ({
    delegator: delegation.delegatorAddress,
    validator: delegation.validatorAddress,
    amount: { denom: bondDenom, amount: delegationAmount(env, context, delegation) },
  });
  return {
    bondDenom: (context) => getParams(context).bondDenom,
    bondedRatio: (context) => bondedRatio(env, context).toString(),
    bondedValidators: (context) => bondedByPower(context).map(summaryOf),
    validator: (context, operator) => {
      const validator = getValidator(context, parseOperator(env, operator));
      return validator && summaryOf(validator);
    },
    delegations: (context, delegator) => {
      const { bondDenom } = getParams(context);
      return delegationsOf(context, delegator).map((each) => toSummary(context, bondDenom, each));
    },
    delegation: (context, delegator, operator) => {
      const address = parseOperator(env, operator);
      const delegation = getDelegation(context, delegator, address);
      if (delegation === undefined) return undefined;
      const summary = toSummary(context, getParams(context).bondDenom, delegation);
      const accumulatedRewards = rewards(context, delegator, address);
      // What is still liable for another validator cannot move on.
      const canMove = !hasReceivingRedelegation(context, delegator, address);
      const canRedelegate = { ...summary.amount, amount: canMove ? summary.amount.amount : 0n };
      return { ...summary, accumulatedRewards, canRedelegate };
    },
    unbondingDelegations: (context, delegator) => {
      const { bondDenom } = getParams(context);
      return unbondingsOf(context, delegator).flatMap((each) => toEntries(bondDenom, each));
    },
  };
}

function toEntries(bondDenom: string, unbonding: UnbondingDelegation): ContractDelegation[] {
  return unbonding.entries.map(({ balance }) => ({
    delegator: unbonding.delegatorAddress,
    validator: unbonding.validatorAddress,
    amount: { denom: bondDenom, amount: BigInt(balance || "0") },
  }));
}

function bondedByPower(context: Context): readonly Validator[] {
  const { maxValidators } = getParams(context);
  const found: Validator[] = [];
  for (const operator of operatorsByPower(context)) {
    if (found.length >= maxValidators) break;
    const validator = getValidator(context, operator);
    if (validator !== undefined && isBonded(validator)) found.push(validator);
  }
  return found;
}

function summaryOf(validator: Validator): ContractValidator {
  const rates = validator.commission?.commissionRates;
  return {
    address: validator.operatorAddress,
    commission: Dec.fromWire(rates?.rate ?? "").toString(),
    maxCommission: Dec.fromWire(rates?.maxRate ?? "").toString(),
    maxChangeRate: Dec.fromWire(rates?.maxChangeRate ?? "").toString(),
  };
}

/** @throws {SdkError} `sdk/7` */
function parseOperator(env: StakingEnvironment, text: string): Uint8Array {
  try {
    return fromBech32(env.options.operators.prefix, text);
  } catch {
    throw sdkErrors.invalidAddress.wrap(text);
  }
}
