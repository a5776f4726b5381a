/** What this module needs of others, in its own words; `app` wires them. */
import type { Coin, Dec } from "@tacit/encoding";
import type { Delegation, Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import type { AddressCodec, Context } from "@tacit/sdk";

export interface DistributionAccountKeeper {
  /** The account of a module, made if it does not exist. */
  getModuleAccount(context: Context, name: string): { readonly address: Uint8Array };
}

export interface DistributionBankKeeper {
  getAllBalances(context: Context, address: Uint8Array): readonly Coin[];
  isBlocked(address: Uint8Array): boolean;
  sendCoinsFromModuleToModule(
    context: Context,
    from: string,
    to: string,
    coins: readonly Coin[],
  ): void;
  sendCoinsFromModuleToAccount(
    context: Context,
    module: string,
    to: Uint8Array,
    coins: readonly Coin[],
  ): void;
  sendCoinsFromAccountToModule(
    context: Context,
    from: Uint8Array,
    module: string,
    coins: readonly Coin[],
  ): void;
}

export interface DistributionStakingKeeper {
  readonly operators: AddressCodec;
  bondDenom(context: Context): string;
  getValidator(context: Context, operator: Uint8Array): Validator | undefined;
  /** @throws {SdkError} `staking/3` */
  validator(context: Context, operator: Uint8Array): Validator;
  /** @throws {SdkError} `staking/3` */
  validatorByConsensusAddress(context: Context, address: Uint8Array): Validator;
  /** @throws {SdkError} `staking/19` */
  delegation(context: Context, delegator: Uint8Array, operator: Uint8Array): Delegation;
  delegationsOf(context: Context, delegator: Uint8Array): readonly Delegation[];
  /** By ascending operator. */
  validators(context: Context): Iterable<Validator>;
  /** By ascending delegator. */
  allDelegations(context: Context): Iterable<Delegation>;
  sharesWorth(validator: Validator, shares: Dec): Dec;
  sharesWorthTruncated(validator: Validator, shares: Dec): Dec;
  delegate(
    context: Context,
    stake: {
      readonly delegator: Uint8Array;
      readonly amount: bigint;
      readonly validator: Validator;
    },
  ): Dec;
}
