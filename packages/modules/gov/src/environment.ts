import type { AddressCodec, MessageRouter, TypeResolver } from "@tacit/sdk";
import type { LegacyContents } from "./contents.ts";
import type {
  GovAccountKeeper,
  GovBankKeeper,
  GovDistributionKeeper,
  GovStakingKeeper,
} from "./expected.ts";
import type { GovHooks } from "./hooks.ts";

/** Everything that handlers of this module work with. */
export interface GovEnvironment {
  readonly addresses: AddressCodec;
  /** Bech32 address of the module's account: signer of all that proposals do. */
  readonly authority: string;
  readonly authorityAddress: Uint8Array;
  readonly accounts: GovAccountKeeper;
  readonly bank: GovBankKeeper;
  readonly staking: GovStakingKeeper;
  readonly distribution: GovDistributionKeeper;
  /** Runs what proposals propose. */
  readonly messages: MessageRouter;
  readonly types: TypeResolver;
  readonly contents: LegacyContents;
  readonly hooks: Required<GovHooks>;
}
