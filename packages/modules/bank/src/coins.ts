/** Judging lists of coins that come from outside. */
import { type Coin, type Coins, checkCoins, coinsToText } from "@tacit/encoding";
import { sdkErrors } from "@tacit/sdk";

/** Whether a list is sorted, without repeats, and of positive amounts. Empty lists are. */
export function isValidCoins(coins: readonly Coin[]): boolean {
  try {
    checkCoins(coins);
    return true;
  } catch {
    return false;
  }
}

/** @throws {SdkError} `sdk/10`. */
export function assertValidCoins(coins: readonly Coin[]): Coins {
  if (!isValidCoins(coins)) throw sdkErrors.invalidCoins.wrap(coinsToText(coins));
  return coins;
}

/** Valid and not empty. @throws {SdkError} `sdk/10`. */
export function assertPositiveCoins(coins: readonly Coin[]): Coins {
  // The list stands before the text, and an empty one is empty text.
  if (coins.length === 0) throw sdkErrors.invalidCoins.wrap("");
  return assertValidCoins(coins);
}
