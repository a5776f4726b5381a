/** What this module needs of others, in its own words; `app` wires them. */
import type { Dec, Instant } from "@tacit/encoding";
import type { Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import type { AddressCodec, Context } from "@tacit/sdk";

export interface EvidenceStakingKeeper {
  /** @throws {SdkError} `staking/3` */
  validatorByConsensusAddress(context: Context, address: Uint8Array): Validator;
}

export interface EvidenceSlashingKeeper {
  readonly consensusAddresses: AddressCodec;
  hasPublicKey(context: Context, consensusAddress: Uint8Array): boolean;
  hasSigningInfo(context: Context, consensusAddress: Uint8Array): boolean;
  isTombstoned(context: Context, consensusAddress: Uint8Array): boolean;
  slashFractionDoubleSign(context: Context): Dec;
  slashDoubleSign(
    context: Context,
    infraction: {
      readonly consensusAddress: Uint8Array;
      readonly height: bigint;
      readonly power: bigint;
      readonly fraction: Dec;
    },
  ): void;
  jail(context: Context, consensusAddress: Uint8Array): void;
  jailUntil(context: Context, consensusAddress: Uint8Array, time: Instant): void;
  tombstone(context: Context, consensusAddress: Uint8Array): void;
}
