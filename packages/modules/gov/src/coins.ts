/** Comparing and judging coins as the SDK does. */
import { amountOf, type Coin, type Coins, checkCoins } from "@tacit/encoding";

/** Sorted, without repeats, of positive amounts; empty is valid. */
export function isValidCoins(coins: readonly Coin[]): boolean {
  try {
    checkCoins(coins);
    return true;
  } catch {
    return false;
  }
}

/** Whether `a` has as much of each denomination of `b`; something is never less than nothing. */
export function isAllGte(a: Coins, b: Coins): boolean {
  if (b.length === 0) return true;
  if (a.length === 0) return false;
  return b.every(({ denom, amount }) => amountOf(a, denom) >= amount);
}
