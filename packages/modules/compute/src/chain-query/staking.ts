/** `staking{bonded_denom, validators, all_validators, validator, delegation, …}` */
import { utf8Bytes } from "@tacit/sdk";
import type { DelegationSummary, ValidatorSummary } from "../expected.ts";
import { type JsonObject, readString, readVariant } from "../json.ts";
import type { QueryEnvironment } from "./answer.ts";
import { coinJson } from "./bank.ts";
import { accountOf, unsupported } from "./errors.ts";

export function queryStaking(env: QueryEnvironment, content: JsonObject): Uint8Array {
  const [variant, fields] = readVariant(content, "staking");
  return utf8Bytes(JSON.stringify(answer(env, variant, fields)));
}

function answer(env: QueryEnvironment, variant: string, fields: JsonObject): object {
  const { context, options } = env;
  const { staking } = env.collaborators;
  const delegator = () => accountOf(options.addresses, readString(fields, "delegator"));
  switch (variant) {
    case "bonded_denom":
      return { denom: staking.bondDenom(context) };
    case "validators":
    case "all_validators":
      return { validators: staking.bondedValidators(context).map(validatorJson) };
    case "validator": {
      const validator = staking.validator(context, readString(fields, "address"));
      return { validator: validator === undefined ? null : validatorJson(validator) };
    }
    case "all_delegations":
      return { delegations: staking.delegations(context, delegator()).map(delegationJson) };
    case "unbonding_delegations":
      return {
        delegations: staking.unbondingDelegations(context, delegator()).map(delegationJson),
      };
    case "delegation": {
      const operator = readString(fields, "validator");
      const delegation = staking.delegation(context, delegator(), operator);
      if (delegation === undefined) return {};
      return {
        delegation: {
          ...delegationJson(delegation),
          accumulated_rewards: delegation.accumulatedRewards.map(coinJson),
          can_redelegate: coinJson(delegation.canRedelegate),
        },
      };
    }
    default:
      throw unsupported("unknown Staking variant");
  }
}

function validatorJson(validator: ValidatorSummary): object {
  return {
    address: validator.address,
    commission: validator.commission,
    max_commission: validator.maxCommission,
    max_change_rate: validator.maxChangeRate,
  };
}

function delegationJson(delegation: DelegationSummary): object {
  return {
    delegator: delegation.delegator,
    validator: delegation.validator,
    amount: coinJson(delegation.amount),
  };
}
