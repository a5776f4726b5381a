/** Coins that travel with a message to a contract. */

import type { Coin as ChannelCoin } from "@tacit/enclave-channel";
import type { Coin } from "@tacit/encoding";
import { type Context, sdkErrors } from "@tacit/sdk";
import type { BankKeeper } from "../expected.ts";

/**
 * Moves the coins before the contract runs.
 * @throws {SdkError} `sdk/7` for blocked senders, `sdk/5` and others of the bank.
 */
export function sendFunds(
  context: Context,
  bank: BankKeeper,
  transfer: { readonly from: Uint8Array; readonly to: Uint8Array; readonly coins: readonly Coin[] },
): void {
  const { from, to, coins } = transfer;
  if (bank.isBlocked(from)) {
    throw sdkErrors.invalidAddress.wrap("blocked address can not be used");
  }
  bank.sendCoins(context, from, to, coins);
}

/** Coins of the bank; names of tokens that contracts keep themselves are left out (section 11.4). */
export function nativeCoins(funds: readonly Coin[]): readonly Coin[] {
  return funds.filter(({ denom }) => !denom.startsWith("cw20:"));
}

export function toChannelCoins(coins: readonly Coin[]): readonly ChannelCoin[] {
  return coins.map(({ denom, amount }) => ({ denom, amount: amount.toString() }));
}
