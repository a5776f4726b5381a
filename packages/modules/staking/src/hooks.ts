/** What other modules do when stake moves. */
import type { Dec } from "@tacit/encoding";
import type { Context } from "@tacit/sdk";

/** Addresses are raw; each module says only what it listens to. */
export interface StakingHooks {
  afterValidatorCreated?(context: Context, operator: Uint8Array): void;
  afterValidatorRemoved?(
    context: Context,
    validator: { readonly consensusAddress: Uint8Array; readonly operator: Uint8Array },
  ): void;
  /** The validator enters the active set. */
  afterValidatorBonded?(
    context: Context,
    validator: { readonly consensusAddress: Uint8Array; readonly operator: Uint8Array },
  ): void;
  beforeDelegationCreated?(context: Context, pair: DelegationPair): void;
  beforeDelegationSharesModified?(context: Context, pair: DelegationPair): void;
  afterDelegationModified?(context: Context, pair: DelegationPair): void;
  beforeValidatorSlashed?(context: Context, operator: Uint8Array, fraction: Dec): void;
}

export interface DelegationPair {
  readonly delegator: Uint8Array;
  readonly operator: Uint8Array;
}

/** One listener that calls all of `list` in its order, also those added later. */
export function allHooks(list: readonly StakingHooks[]): Required<StakingHooks> {
  return {
    afterValidatorCreated: (context, operator) => {
      for (const hooks of list) hooks.afterValidatorCreated?.(context, operator);
    },
    afterValidatorRemoved: (context, validator) => {
      for (const hooks of list) hooks.afterValidatorRemoved?.(context, validator);
    },
    afterValidatorBonded: (context, validator) => {
      for (const hooks of list) hooks.afterValidatorBonded?.(context, validator);
    },
    beforeDelegationCreated: (context, pair) => {
      for (const hooks of list) hooks.beforeDelegationCreated?.(context, pair);
    },
    beforeDelegationSharesModified: (context, pair) => {
      for (const hooks of list) hooks.beforeDelegationSharesModified?.(context, pair);
    },
    afterDelegationModified: (context, pair) => {
      for (const hooks of list) hooks.afterDelegationModified?.(context, pair);
    },
    beforeValidatorSlashed: (context, operator, fraction) => {
      for (const hooks of list) hooks.beforeValidatorSlashed?.(context, operator, fraction);
    },
  };
}
