/** Staking for a chain that begins again at height 0. */
import type { Context } from "@tacit/sdk";
import type { StakingEnvironment } from "./environment.ts";
import { redelegations, setRedelegation } from "./redelegations.ts";
import { setUnbonding, unbondings } from "./unbondings.ts";
import { applyValidatorSetUpdates } from "./validator-set.ts";
import { deleteFromPowerIndex, setValidator, validators } from "./validators.ts";

/**
 * What unbonds began at height 0, and validators that are not allowed are jailed.
 * @param jailAllowedAddresses operators that stay free, bech32; empty for all.
 */
export function prepareForZeroHeight(
  env: StakingEnvironment,
  context: Context,
  jailAllowedAddresses: readonly string[],
): void {
  const { addresses, operators } = env.options;
  for (const redelegation of [...redelegations(context)]) {
    const path = {
      delegator: addresses.toBytes(redelegation.delegatorAddress),
      source: operators.toBytes(redelegation.validatorSrcAddress),
      destination: operators.toBytes(redelegation.validatorDstAddress),
    };
    const entries = redelegation.entries.map((entry) => ({ ...entry, creationHeight: 0n }));
    setRedelegation(context, path, { ...redelegation, entries });
  }
  for (const unbonding of [...unbondings(context)]) {
    const pair = {
      delegator: addresses.toBytes(unbonding.delegatorAddress),
      operator: operators.toBytes(unbonding.validatorAddress),
    };
    const entries = unbonding.entries.map((entry) => ({ ...entry, creationHeight: 0n }));
    setUnbonding(context, pair, { ...unbonding, entries });
  }
  const allowed = new Set(jailAllowedAddresses);
  for (const validator of [...validators(context)]) {
    const operator = operators.toBytes(validator.operatorAddress);
    const isJailed = allowed.size > 0 && !allowed.has(validator.operatorAddress);
    const jailed = validator.jailed || isJailed;
    setValidator(context, operator, { ...validator, unbondingHeight: 0n, jailed });
    if (isJailed) deleteFromPowerIndex(context, operator, validator);
  }
  applyValidatorSetUpdates(env, context);
}
