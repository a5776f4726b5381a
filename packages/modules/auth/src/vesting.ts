/** How much of a vesting account's money is still locked. @see chain-and-client-api section 6 */
import {
  addCoins,
  amountOf,
  type Coins,
  coinsFromWire,
  coinsToWire,
  makeCoins,
  NO_COINS,
  subtractCoins,
} from "@tacit/encoding";
import {
  type Account,
  baseVestingOf,
  type VestingAccount,
  type VestingMessage,
} from "./account.ts";

/**
 * Coins that may not be sent now: those that have not vested, less those already delegated from
 * them. @param timeSeconds block time.
 */
export function lockedCoins(account: Account | undefined, timeSeconds: bigint): Coins {
  if (account?.kind !== "vesting") return NO_COINS;
  const { vesting } = account;
  const delegated = coinsFromWire(baseVestingOf(vesting).delegatedVesting);
  const unvested = unvestedCoins(vesting, timeSeconds);
  return unvested
    .map(({ denom, amount }) => {
      const of = delegated.find((coin) => coin.denom === denom)?.amount ?? 0n;
      return { denom, amount: amount > of ? amount - of : 0n };
    })
    .filter(({ amount }) => amount > 0n);
}

function unvestedCoins(vesting: VestingMessage, time: bigint): Coins {
  const base = baseVestingOf(vesting);
  const original = coinsFromWire(base.originalVesting);
  switch (vesting.$typeName) {
    case "cosmos.vesting.v1beta1.PermanentLockedAccount":
      return original;
    case "cosmos.vesting.v1beta1.DelayedVestingAccount":
      return time >= base.endTime ? NO_COINS : original;
    case "cosmos.vesting.v1beta1.ContinuousVestingAccount":
      return continuouslyUnvested(original, vesting.startTime, base.endTime, time);
    case "cosmos.vesting.v1beta1.PeriodicVestingAccount": {
      let vested: Coins = NO_COINS;
      let periodEnd = vesting.startTime;
      if (time <= vesting.startTime) return original;
      if (time >= base.endTime) return NO_COINS;
      for (const period of vesting.vestingPeriods) {
        periodEnd += period.length;
        if (time < periodEnd) break;
        vested = addCoins(vested, coinsFromWire(period.amount));
      }
      return subtractCoins(original, vested) ?? NO_COINS;
    }
  }
}

/** One, as an SDK decimal. */
const one = 10n ** 18n;

/** The vested share is a decimal with 18 places, rounded to even, and each amount rounds too. */
function continuouslyUnvested(original: Coins, start: bigint, end: bigint, time: bigint): Coins {
  if (time <= start) return original;
  if (time >= end) return NO_COINS;
  const share = roundedQuotient((time - start) * one * one, (end - start) * one);
  const vested = original.map(({ denom, amount }) => ({
    denom,
    amount: roundedQuotient(amount * share, one),
  }));
  return (
    subtractCoins(
      original,
      vested.filter(({ amount }) => amount > 0n),
    ) ?? NO_COINS
  );
}

/** Banker's rounding of a non-negative quotient. */
function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = (dividend % divisor) * 2n;
  if (twice < divisor) return quotient;
  if (twice > divisor) return quotient + 1n;
  return quotient % 2n === 0n ? quotient : quotient + 1n;
}

/** The account after it delegated `amount`: unvested coins go first. */
export function withDelegation(
  account: VestingAccount,
  amount: Coins,
  timeSeconds: bigint,
): VestingAccount {
  const base = baseVestingOf(account.vesting);
  const unvested = unvestedCoins(account.vesting, timeSeconds);
  let vesting = coinsFromWire(base.delegatedVesting);
  let free = coinsFromWire(base.delegatedFree);
  for (const { denom, amount: delegated } of amount) {
    const left = amountOf(unvested, denom) - amountOf(vesting, denom);
    const locked = left <= 0n ? 0n : left < delegated ? left : delegated;
    vesting = addCoins(vesting, makeCoins({ denom, amount: locked }));
    free = addCoins(free, makeCoins({ denom, amount: delegated - locked }));
  }
  return withDelegated(account, vesting, free);
}

/** The account after `amount` came back from delegations: free coins come back first. */
export function withUndelegation(account: VestingAccount, amount: Coins): VestingAccount {
  const base = baseVestingOf(account.vesting);
  let vesting = coinsFromWire(base.delegatedVesting);
  let free = coinsFromWire(base.delegatedFree);
  for (const { denom, amount: returned } of amount) {
    const fromFree = smaller(amountOf(free, denom), returned);
    const fromVesting = smaller(amountOf(vesting, denom), returned - fromFree);
    free = subtractCoins(free, makeCoins({ denom, amount: fromFree })) ?? free;
    vesting = subtractCoins(vesting, makeCoins({ denom, amount: fromVesting })) ?? vesting;
  }
  return withDelegated(account, vesting, free);
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function withDelegated(account: VestingAccount, vesting: Coins, free: Coins): VestingAccount {
  const baseVestingAccount = {
    ...baseVestingOf(account.vesting),
    delegatedVesting: coinsToWire(vesting),
    delegatedFree: coinsToWire(free),
  };
  return { ...account, vesting: { ...account.vesting, baseVestingAccount } };
}
