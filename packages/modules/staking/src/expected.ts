/** What this module needs of others, in its own words; `app` wires them. */
import type { Coin } from "@tacit/encoding";
import type { Context } from "@tacit/sdk";

export interface AccountKeeper {
  /** The account of a module, made if it does not exist. */
  getModuleAccount(context: Context, name: string): { readonly address: Uint8Array };
}

export interface BankKeeper {
  getBalance(context: Context, address: Uint8Array, denom: string): bigint;
  getAllBalances(context: Context, address: Uint8Array): readonly Coin[];
  getSupply(context: Context, denom: string): bigint;
  /** Moves coins between the accounts of two modules, with the events of a transfer. */
  sendCoinsFromModuleToModule(
    context: Context,
    fromModule: string,
    toModule: string,
    coins: readonly Coin[],
  ): void;
  /** Moves coins into a pool, locked ones of vesting accounts too. */
  delegateCoinsToModule(
    context: Context,
    delegator: Uint8Array,
    module: string,
    coins: readonly Coin[],
  ): void;
  undelegateCoinsFromModule(
    context: Context,
    module: string,
    delegator: Uint8Array,
    coins: readonly Coin[],
  ): void;
  burnCoins(context: Context, module: string, coins: readonly Coin[]): void;
}
