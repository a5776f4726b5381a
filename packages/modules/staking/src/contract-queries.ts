/** What contracts may ask about staking, in the shapes of CosmWasm. */
import type { Coin } from "@tacit/encoding";
import { Dec, fromBech32 } from "@tacit/encoding";
import type { Delegation, Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, sdkErrors } from "@tacit/sdk";
import { delegationsOf, getDelegation } from "./delegations.ts";
import type { StakingEnvironment } from "./environment.ts";
import { getParams } from "./params.ts";
import { delegationBalance } from "./queries.ts";
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

/** The answers, for whoever runs contracts. */
export interface ContractStakingQueries {
  bondDenom(context: Context): string;
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

export function createContractQueries(env: StakingEnvironment): ContractStakingQueries {
  const toSummary = (context: Context, delegation: Delegation): ContractDelegation => ({
    delegator: delegation.delegatorAddress,
    validator: delegation.validatorAddress,
    amount: delegationBalance(env, context, delegation),
  });
  return {
    bondDenom: (context) => getParams(context).bondDenom,
    bondedValidators: (context) => bondedByPower(context).map(summaryOf),
    validator: (context, operator) => {
      const validator = getValidator(context, parseOperator(env, operator));
      return validator && summaryOf(validator);
    },
    delegations: (context, delegator) =>
      delegationsOf(context, delegator).map((each) => toSummary(context, each)),
    delegation: (context, delegator, operator) => {
      const delegation = getDelegation(context, delegator, parseOperator(env, operator));
      if (delegation === undefined) return undefined;
      const summary = toSummary(context, delegation);
      // Without distribution nothing accrues, and without redelegations all may be moved.
      return { ...summary, accumulatedRewards: [], canRedelegate: summary.amount };
    },
    unbondingDelegations: () => [],
  };
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
