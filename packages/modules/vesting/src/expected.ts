/** What this module needs of `auth` and `bank`, in its own words; `app` wires it. */
import type { Coins } from "@tacit/encoding";
import type {
  ContinuousVestingAccount,
  DelayedVestingAccount,
  PeriodicVestingAccount,
  PermanentLockedAccount,
} from "@tacit/encoding/proto/cosmos/vesting/v1beta1/vesting";
import type { AddressCodec, Context } from "@tacit/sdk";

/** `baseAccount` inside is left out: `auth` writes address, number and sequence. */
export type VestingTerms =
  | ContinuousVestingAccount
  | DelayedVestingAccount
  | PeriodicVestingAccount
  | PermanentLockedAccount;

export interface VestingAccounts {
  readonly addresses: AddressCodec;
  /** Reads the account; undefined if there is none. */
  getAccount(context: Context, address: Uint8Array): unknown;
  /** Makes a vesting account with the next account number. */
  createVestingAccount(context: Context, address: Uint8Array, terms: VestingTerms): void;
}

export interface VestingBank {
  /** @throws {SdkError} `bank/5` if one of the coins may not be sent. */
  assertSendEnabled(context: Context, coins: Coins): void;
  isBlocked(address: Uint8Array): boolean;
  blockedError(address: string): Error;
  /** @throws {SdkError} `sdk/5`, `sdk/10`. */
  sendCoins(context: Context, from: Uint8Array, to: Uint8Array, coins: Coins): void;
}
