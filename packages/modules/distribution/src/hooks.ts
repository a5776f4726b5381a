/** What distribution does when stake moves. */
import type { Dec } from "@tacit/encoding";
import type { Context } from "@tacit/sdk";
import { add, split, subtract } from "./dec-coins.ts";
import type { DistributionEnvironment } from "./environment.ts";
import {
  commissionKey,
  currentKey,
  distributionStoreName,
  historicalPrefixOf,
  outstandingKey,
  rangeOf,
  slashPrefixOf,
} from "./keys.ts";
import { moduleName } from "./names.ts";
import { endPeriod, initializeDelegation, initializeValidator, noteSlash } from "./rewards.ts";
import {
  getCommission,
  getCommunityPool,
  getOutstanding,
  getWithdrawAddress,
  type Pair,
  remove,
  setCommunityPool,
} from "./store.ts";
import { payRewards } from "./withdraw.ts";

export interface DistributionHooks {
  afterValidatorCreated(context: Context, operator: Uint8Array): void;
  afterValidatorRemoved(context: Context, validator: { readonly operator: Uint8Array }): void;
  beforeDelegationCreated(context: Context, pair: Pair): void;
  beforeDelegationSharesModified(context: Context, pair: Pair): void;
  afterDelegationModified(context: Context, pair: Pair): void;
  beforeValidatorSlashed(context: Context, operator: Uint8Array, fraction: Dec): void;
}

export function createHooks(env: DistributionEnvironment): DistributionHooks {
  const { staking } = env;
  return {
    afterValidatorCreated: (context, operator) => {
      staking.validator(context, operator);
      initializeValidator(context, operator);
    },
    afterValidatorRemoved: (context, { operator }) => forgetValidator(env, context, operator),
    beforeDelegationCreated: (context, { operator }) => {
      endPeriod(staking, context, staking.validator(context, operator));
    },
    beforeDelegationSharesModified: (context, pair) => {
      const validator = staking.validator(context, pair.operator);
      const delegation = staking.delegation(context, pair.delegator, pair.operator);
      payRewards(env, context, { pair, validator, delegation });
    },
    afterDelegationModified: (context, pair) => initializeDelegation(staking, context, pair),
    beforeValidatorSlashed: (context, operator, fraction) =>
      noteSlash(staking, context, operator, fraction),
  };
}

/** Pays the commission; what nobody can claim any more goes to the community. */
function forgetValidator(
  env: DistributionEnvironment,
  context: Context,
  operator: Uint8Array,
): void {
  let outstanding = getOutstanding(context, operator);
  const commission = getCommission(context, operator);
  if (commission.length > 0) {
    outstanding = subtract(outstanding, commission);
    const { whole, change } = split(commission);
    setCommunityPool(context, add(getCommunityPool(context), change));
    if (whole.length > 0) {
      const receiver = getWithdrawAddress(context, operator);
      env.bank.sendCoinsFromModuleToAccount(context, moduleName, receiver, whole);
    }
  }
  setCommunityPool(context, add(getCommunityPool(context), outstanding));
  remove(context, outstandingKey(operator));
  remove(context, commissionKey(operator));
  removeAll(context, slashPrefixOf(operator));
  removeAll(context, historicalPrefixOf(operator));
  remove(context, currentKey(operator));
}

function removeAll(context: Context, prefix: Uint8Array): void {
  const store = context.kvStore(distributionStoreName);
  for (const [key] of [...store.iterator(...rangeOf(prefix))]) store.delete(key);
}
