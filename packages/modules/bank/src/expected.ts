/** What this module needs of `auth`, in its own words; `app` wires it. */
import type { Coins } from "@tacit/encoding";
import type { AddressCodec, Context } from "@tacit/sdk";

export interface ModuleAccountInfo {
  readonly address: Uint8Array;
  readonly permissions: readonly string[];
}

export interface BankAccounts {
  readonly addresses: AddressCodec;
  hasAccount(context: Context, address: Uint8Array): boolean;
  /** Makes a base account with the next account number. */
  createAccount(context: Context, address: Uint8Array): void;
  /** Reads the account. @returns what of its money may not be sent at block time. */
  lockedCoins(context: Context, address: Uint8Array): Coins;
  /**
   * Reads the account and notes a delegation of `amount` in it if it is a vesting account.
   * @throws {SdkError} `sdk/9` if there is no account.
   */
  trackDelegation(context: Context, address: Uint8Array, amount: Coins): void;
  trackUndelegation(context: Context, address: Uint8Array, amount: Coins): void;
  /** Reads the module's account, making it if there is none. */
  getModuleAccount(context: Context, name: string): ModuleAccountInfo;
  moduleAddress(name: string): Uint8Array | undefined;
}
