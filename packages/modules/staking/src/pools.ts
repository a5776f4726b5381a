/** The two pools that hold staked coins. */
import { type Coin, Dec } from "@tacit/encoding";
import type { Context } from "@tacit/sdk";
import type { StakingEnvironment } from "./environment.ts";
import { bondedPoolName, notBondedPoolName } from "./names.ts";
import { getParams } from "./params.ts";

export function bondDenom(context: Context): string {
  return getParams(context).bondDenom;
}

/** Coins of the staked denomination; none for zero. */
export function bondCoins(context: Context, amount: bigint): readonly Coin[] {
  const denom = bondDenom(context);
  return amount === 0n ? [] : [{ denom, amount }];
}

export function moveToNotBonded(env: StakingEnvironment, context: Context, amount: bigint): void {
  const coins = bondCoins(context, amount);
  env.bank.sendCoinsFromModuleToModule(context, bondedPoolName, notBondedPoolName, coins);
}

export function moveToBonded(env: StakingEnvironment, context: Context, amount: bigint): void {
  const coins = bondCoins(context, amount);
  env.bank.sendCoinsFromModuleToModule(context, notBondedPoolName, bondedPoolName, coins);
}

export function burnFromPool(
  env: StakingEnvironment,
  context: Context,
  burnt: { readonly pool: string; readonly amount: bigint },
): void {
  if (burnt.amount <= 0n) return;
  env.bank.burnCoins(context, burnt.pool, bondCoins(context, burnt.amount));
}

export function totalBondedTokens(env: StakingEnvironment, context: Context): bigint {
  const { address } = env.accounts.getModuleAccount(context, bondedPoolName);
  return env.bank.getBalance(context, address, bondDenom(context));
}

export function stakingTokenSupply(env: StakingEnvironment, context: Context): bigint {
  return env.bank.getSupply(context, bondDenom(context));
}

/** Which part of all coins is bonded. */
export function bondedRatio(env: StakingEnvironment, context: Context): Dec {
  const supply = stakingTokenSupply(env, context);
  if (supply <= 0n) return Dec.ZERO;
  return Dec.fromInt(totalBondedTokens(env, context)).quoInt(supply);
}
