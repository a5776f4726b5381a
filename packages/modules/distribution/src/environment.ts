import type { AddressCodec } from "@tacit/sdk";
import type {
  DistributionAccountKeeper,
  DistributionBankKeeper,
  DistributionStakingKeeper,
} from "./expected.ts";
import type { DistributionTypes } from "./upstream-types.ts";

export interface DistributionEnvironment {
  readonly addresses: AddressCodec;
  /** Of consensus addresses: `secretvalcons`. */
  readonly consensusAddresses: AddressCodec;
  /** Bech32 address of the account that may change parameters: gov's. */
  readonly authority: string;
  /** Whether the network has what Secret's fork adds. */
  readonly restakes: boolean;
  readonly types: DistributionTypes;
  readonly accounts: DistributionAccountKeeper;
  readonly bank: DistributionBankKeeper;
  readonly staking: DistributionStakingKeeper;
}
