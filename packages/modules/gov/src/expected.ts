/** What this module needs of others, in its own words; `app` wires them. */
import type { Coin } from "@tacit/encoding";
import type { Delegation, Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import type { AddressCodec, Context } from "@tacit/sdk";

export interface GovAccountKeeper {
  /** The account of a module, made if it does not exist. Costs a read. */
  getModuleAccount(context: Context, name: string): { readonly address: Uint8Array };
  moduleAddress(name: string): Uint8Array | undefined;
}

export interface GovBankKeeper {
  getAllBalances(context: Context, address: Uint8Array): readonly Coin[];
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
  burnCoins(context: Context, module: string, coins: readonly Coin[]): void;
}

export interface GovStakingKeeper {
  /** Of operators: `secretvaloper`. */
  readonly operators: AddressCodec;
  /** The active set. */
  bondedValidators(context: Context): Iterable<Validator>;
  delegationsOf(context: Context, delegator: Uint8Array): readonly Delegation[];
  totalBondedTokens(context: Context): bigint;
}

export interface GovDistributionKeeper {
  /** @throws {SdkError} bank's. */
  fundCommunityPool(context: Context, from: Uint8Array, coins: readonly Coin[]): void;
}
