import type { AddressCodec } from "@tacit/sdk";
import type { AccountKeeper, BankKeeper } from "./expected.ts";
import type { StakingHooks } from "./hooks.ts";

export interface StakingOptions {
  readonly addresses: AddressCodec;
  /** Of operators: `secretvaloper`. */
  readonly operators: AddressCodec;
  /** The coin that is staked where genesis does not say. */
  readonly bondDenom: string;
  /** Bech32 address of the account that may change parameters: gov's. */
  readonly authority: string;
}

export interface StakingEnvironment {
  readonly options: StakingOptions;
  readonly accounts: AccountKeeper;
  readonly bank: BankKeeper;
  readonly hooks: Required<StakingHooks>;
}
