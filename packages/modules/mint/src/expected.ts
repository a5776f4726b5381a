/** What this module needs of others, in its own words; `app` wires them. */
import type { Coin, Dec } from "@tacit/encoding";
import type { Context } from "@tacit/sdk";

export interface MintAccountKeeper {
  /** The account of a module, made if it does not exist. */
  getModuleAccount(context: Context, name: string): unknown;
}

export interface MintBankKeeper {
  mintCoins(context: Context, module: string, coins: readonly Coin[]): void;
  sendCoinsFromModuleToModule(
    context: Context,
    from: string,
    to: string,
    coins: readonly Coin[],
  ): void;
}

export interface MintStakingKeeper {
  stakingTokenSupply(context: Context): bigint;
  /** Which part of all coins is bonded. */
  bondedRatio(context: Context): Dec;
}
