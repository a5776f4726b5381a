/** Amounts of money with 18 places: sorted by denomination, unique, none of them zero. */
import { byDenom, type Coin, type Coins, Dec } from "@tacit/encoding";
import type { DecCoin as WireDecCoin } from "@tacit/encoding/proto/cosmos/base/v1beta1/coin";
import { PanicError } from "@tacit/sdk";

export interface DecCoin {
  readonly denom: string;
  readonly amount: Dec;
}

export type DecCoins = readonly DecCoin[];

export const NO_DEC_COINS: DecCoins = [];

export function fromWire(coins: readonly WireDecCoin[]): DecCoins {
  return coins.map(({ denom, amount }) => ({ denom, amount: Dec.fromWire(amount) }));
}

export function toWire(coins: DecCoins): WireDecCoin[] {
  return coins.map(({ denom, amount }) => ({
    $typeName: "cosmos.base.v1beta1.DecCoin",
    denom,
    amount: amount.toWire(),
  }));
}

/** "1.500000000000000000uscrt", comma-separated. */
export function toText(coins: DecCoins): string {
  return coins.map(({ denom, amount }) => `${amount.toString()}${denom}`).join(",");
}

export function fromCoins(coins: readonly Coin[]): DecCoins {
  return coins
    .filter(({ amount }) => amount !== 0n)
    .map(({ denom, amount }) => ({ denom, amount: Dec.fromInt(amount) }));
}

export function add(a: DecCoins, b: DecCoins): DecCoins {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const sums = new Map(a.map(({ denom, amount }) => [denom, amount]));
  for (const { denom, amount } of b) sums.set(denom, (sums.get(denom) ?? Dec.ZERO).add(amount));
  return [...sums]
    .filter(([, amount]) => !amount.isZero)
    .map(([denom, amount]) => ({ denom, amount }))
    .sort(byDenom);
}

/** @returns undefined if the difference would hold a negative amount. */
export function trySubtract(a: DecCoins, b: DecCoins): DecCoins | undefined {
  const negated = b.map(({ denom, amount }) => ({ denom, amount: amount.negate() }));
  const difference = add(a, negated);
  return difference.some(({ amount }) => amount.isNegative) ? undefined : difference;
}

/** @throws {PanicError} if the difference would hold a negative amount. */
export function subtract(a: DecCoins, b: DecCoins): DecCoins {
  const difference = trySubtract(a, b);
  if (difference === undefined) throw new PanicError("negative coin amount");
  return difference;
}

/** Each amount through `change`; zeros are left out. */
function mapped(coins: DecCoins, change: (amount: Dec) => Dec): DecCoins {
  return coins
    .map(({ denom, amount }) => ({ denom, amount: change(amount) }))
    .filter(({ amount }) => !amount.isZero);
}

/** Rounds half to even. */
export function multiply(coins: DecCoins, factor: Dec): DecCoins {
  return mapped(coins, (amount) => amount.mul(factor));
}

export function multiplyTruncate(coins: DecCoins, factor: Dec): DecCoins {
  return mapped(coins, (amount) => amount.mulTruncate(factor));
}

export function divideTruncate(coins: DecCoins, by: Dec): DecCoins {
  return mapped(coins, (amount) => amount.quoTruncate(by));
}

export function amountOf(coins: DecCoins, denom: string): Dec {
  return coins.find((coin) => coin.denom === denom)?.amount ?? Dec.ZERO;
}

/** The smaller amount of each denomination. */
export function intersect(a: DecCoins, b: DecCoins): DecCoins {
  return a
    .map(({ denom, amount }) => {
      const other = amountOf(b, denom);
      return { denom, amount: amount.lessThan(other) ? amount : other };
    })
    .filter(({ amount }) => amount.isPositive);
}

/** Whole coins, and what is left of them. */
export function split(coins: DecCoins): { readonly whole: Coins; readonly change: DecCoins } {
  const whole = coins.map(({ denom, amount }) => ({ denom, amount: amount.truncateInt() }));
  return {
    whole: whole.filter(({ amount }) => amount !== 0n),
    change: mapped(coins, (amount) => amount.sub(amount.truncate())),
  };
}
