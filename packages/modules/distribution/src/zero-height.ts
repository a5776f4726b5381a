/** Distribution for a chain that begins again: everything is paid, every record starts anew. */
import type { Delegation } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type Context, PlainError, SdkError } from "@tacit/sdk";
import { add } from "./dec-coins.ts";
import type { DistributionEnvironment } from "./environment.ts";
import { createHooks } from "./hooks.ts";
import { distributionStoreName, historicalRange, slashRange } from "./keys.ts";
import { getCommunityPool, getOutstanding, setCommunityPool } from "./store.ts";
import { withdrawCommission, withdrawRewards } from "./withdraw.ts";

/**
 * Pays all commissions and rewards, gives what is left below a coin to the community, and starts
 * validators and delegations at height 0, as the network's own export does.
 */
export function prepareForZeroHeight(env: DistributionEnvironment, context: Context): void {
  const { operators } = env.staking;
  const validators = Array.from(env.staking.validators(context), ({ operatorAddress }) =>
    operators.toBytes(operatorAddress),
  );
  const delegations = Array.from(env.staking.allDelegations(context), (each) => pairOf(env, each));
  for (const operator of validators) tolerant(() => withdrawCommission(env, context, operator));
  for (const pair of delegations) tolerant(() => withdrawRewards(env, context, pair));
  const store = context.kvStore(distributionStoreName);
  for (const range of [slashRange, historicalRange]) {
    for (const [key] of [...store.iterator(...range)]) store.delete(key);
  }
  const zero = context.with({ block: { ...context.block, height: 0n } });
  const hooks = createHooks(env);
  for (const operator of validators) {
    setCommunityPool(zero, add(getCommunityPool(zero), getOutstanding(zero, operator)));
    hooks.afterValidatorCreated(zero, operator);
  }
  for (const pair of delegations) {
    hooks.beforeDelegationCreated(zero, pair);
    hooks.afterDelegationModified(zero, pair);
  }
}

function pairOf(env: DistributionEnvironment, delegation: Delegation) {
  return {
    delegator: env.addresses.toBytes(delegation.delegatorAddress),
    operator: env.staking.operators.toBytes(delegation.validatorAddress),
  };
}

/** Nothing to withdraw is no failure. */
function tolerant(body: () => unknown): void {
  try {
    body();
  } catch (error) {
    if (!(error instanceof SdkError) && !(error instanceof PlainError)) throw error;
  }
}
