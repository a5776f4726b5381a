import type { AddressCodec } from "@tacit/sdk";
import type { AccountKeeper, BankKeeper } from "./expected.ts";

export interface StakingOptions {
  readonly addresses: AddressCodec;
  /** Of operators: `secretvaloper`. */
  readonly operators: AddressCodec;
  /** The coin that is staked where genesis does not say. */
  readonly bondDenom: string;
}

export interface StakingEnvironment {
  readonly options: StakingOptions;
  readonly accounts: AccountKeeper;
  readonly bank: BankKeeper;
}
