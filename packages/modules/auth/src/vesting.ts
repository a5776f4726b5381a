/** How much of a vesting account's money is still locked. @see chain-and-client-api section 6 */
import { addCoins, type Coins, coinsFromWire, NO_COINS, subtractCoins } from "@tacit/encoding";
import type { Account, VestingMessage } from "./account.ts";
import { baseVestingOf } from "./account.ts";

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
