/** What this module needs of `auth` and `bank`, in its own words; `app` wires it. */
import type { AddressCodec, Context } from "@tacit/sdk";

export interface AuthzAccounts {
  readonly addresses: AddressCodec;
  /** Reads the account; undefined if there is none. */
  getAccount(context: Context, address: Uint8Array): unknown;
  /** Makes a base account with the next account number. */
  createAccount(context: Context, address: Uint8Array): void;
}

export interface AuthzBank {
  isBlocked(address: Uint8Array): boolean;
  blockedError(address: string): Error;
}
