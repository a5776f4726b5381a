/** What this module needs of `staking`, in its own words; `app` wires it. */
import type { Dec } from "@tacit/encoding";
import type { Delegation, Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import type { AddressCodec, Context } from "@tacit/sdk";

export interface SlashingStakingKeeper {
  readonly operators: AddressCodec;
  /** @throws {SdkError} `staking/3` */
  validator(context: Context, operator: Uint8Array): Validator;
  /** @throws {SdkError} `staking/3` */
  validatorByConsensusAddress(context: Context, address: Uint8Array): Validator;
  validators(context: Context): Iterable<Validator>;
  /** @throws {SdkError} `staking/19` */
  delegation(context: Context, delegator: Uint8Array, operator: Uint8Array): Delegation;
  consensusAddress(validator: Validator): Uint8Array;
  /** Ed25519, 32 bytes. */
  consensusPublicKey(validator: Validator): Uint8Array;
  sharesWorth(validator: Validator, shares: Dec): Dec;
  /** @returns tokens burnt. */
  slash(
    context: Context,
    infraction: {
      readonly consensusAddress: Uint8Array;
      readonly height: bigint;
      readonly power: bigint;
      readonly fraction: Dec;
    },
  ): bigint;
  jail(context: Context, consensusAddress: Uint8Array): void;
  unjail(context: Context, consensusAddress: Uint8Array): void;
}
