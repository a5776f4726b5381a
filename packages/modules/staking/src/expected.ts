/** What this module needs of others, in its own words; `app` wires them. */
import type { Coin } from "@tacit/encoding";
import type { Context } from "@tacit/sdk";

export interface AccountKeeper {
  /** The account of a module, made if it does not exist. */
  getModuleAccount(context: Context, name: string): { readonly address: Uint8Array };
}

export interface BankKeeper {
  getBalance(context: Context, address: Uint8Array, denom: string): bigint;
  /** Moves coins between the accounts of two modules, with the events of a transfer. */
  sendCoinsFromModuleToModule(
    context: Context,
    fromModule: string,
    toModule: string,
    coins: readonly Coin[],
  ): void;
}
