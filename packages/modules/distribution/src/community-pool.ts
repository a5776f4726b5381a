/** Money that belongs to all. */
import type { Coins } from "@tacit/encoding";
import type { Context } from "@tacit/sdk";
import { add, fromCoins, trySubtract } from "./dec-coins.ts";
import type { DistributionEnvironment } from "./environment.ts";
import { distributionErrors } from "./errors.ts";
import { moduleName } from "./names.ts";
import { getCommunityPool, setCommunityPool } from "./store.ts";

/** @throws {SdkError} bank's. */
export function fundCommunityPool(
  env: DistributionEnvironment,
  context: Context,
  from: Uint8Array,
  coins: Coins,
): void {
  env.bank.sendCoinsFromAccountToModule(context, from, moduleName, coins);
  setCommunityPool(context, add(getCommunityPool(context), fromCoins(coins)));
}

/** @throws {SdkError} `distribution/9`, bank's. */
export function spendCommunityPool(
  env: DistributionEnvironment,
  context: Context,
  to: Uint8Array,
  coins: Coins,
): void {
  const pool = trySubtract(getCommunityPool(context), fromCoins(coins));
  if (pool === undefined) throw distributionErrors.badDistribution.make();
  env.bank.sendCoinsFromModuleToAccount(context, moduleName, to, coins);
  setCommunityPool(context, pool);
}
