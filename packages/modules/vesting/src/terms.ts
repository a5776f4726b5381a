/** The four kinds of vesting accounts, new and with nothing delegated. */
import { type Coins, coinsToWire } from "@tacit/encoding";
import type {
  BaseVestingAccount,
  PeriodicVestingAccount,
} from "@tacit/encoding/proto/cosmos/vesting/v1beta1/vesting";
import { sdkErrors } from "@tacit/sdk";
import type { VestingTerms } from "./expected.ts";

/** @param endTime seconds since the epoch; 0 for never. */
function baseOf(coins: Coins, endTime: bigint): BaseVestingAccount {
  return {
    $typeName: "cosmos.vesting.v1beta1.BaseVestingAccount",
    originalVesting: coinsToWire(coins),
    delegatedFree: [],
    delegatedVesting: [],
    endTime,
  };
}

/** Everything unlocks at the end. */
export function delayed(coins: Coins, endTime: bigint): VestingTerms {
  return {
    $typeName: "cosmos.vesting.v1beta1.DelayedVestingAccount",
    baseVestingAccount: baseOf(coins, endTime),
  };
}

/** Unlocks evenly between start and end. */
export function continuous(coins: Coins, startTime: bigint, endTime: bigint): VestingTerms {
  return {
    $typeName: "cosmos.vesting.v1beta1.ContinuousVestingAccount",
    baseVestingAccount: baseOf(coins, endTime),
    startTime,
  };
}

export function permanentlyLocked(coins: Coins): VestingTerms {
  return {
    $typeName: "cosmos.vesting.v1beta1.PermanentLockedAccount",
    baseVestingAccount: baseOf(coins, 0n),
  };
}

/**
 * Unlocks at the end of each period.
 * @throws {SdkError} `sdk/18` if the periods end beyond what the account's end can hold.
 */
export function periodic(
  coins: Coins,
  startTime: bigint,
  vestingPeriods: PeriodicVestingAccount["vestingPeriods"],
): VestingTerms {
  const endTime = BigInt.asIntN(
    64,
    vestingPeriods.reduce((time, { length }) => time + length, startTime),
  );
  if (startTime >= endTime) {
    throw sdkErrors.invalidRequest.wrap("vesting start-time cannot be before end-time");
  }
  return {
    $typeName: "cosmos.vesting.v1beta1.PeriodicVestingAccount",
    baseVestingAccount: baseOf(coins, endTime),
    startTime,
    vestingPeriods,
  };
}
