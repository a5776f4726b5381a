/** Punishing validators, for this module and for `evidence`. */
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { type Dec, encodeMessage, type Instant } from "@tacit/encoding";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import type { Validator } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import { type AddressCodec, type Context, createEvent } from "@tacit/sdk";
import { slashingErrors } from "./errors.ts";
import type { SlashingStakingKeeper } from "./expected.ts";
import { publicKeyKey, slashingStoreName } from "./keys.ts";
import { getParams, toDec } from "./params.ts";
import { getSigningInfo, setSigningInfo, signingInfos } from "./signing-info.ts";

export interface SlashingKeepers {
  readonly staking: SlashingStakingKeeper;
}

export class SlashingKeeper {
  readonly staking: SlashingStakingKeeper;
  /** Of consensus addresses: `secretvalcons`. */
  readonly consensusAddresses: AddressCodec;

  constructor(staking: SlashingStakingKeeper, consensusAddresses: AddressCodec) {
    this.staking = staking;
    this.consensusAddresses = consensusAddresses;
  }

  slashFractionDoubleSign(context: Context): Dec {
    return toDec(getParams(context).slashFractionDoubleSign);
  }

  addPublicKey(context: Context, validator: Validator): void {
    const key = encodeMessage(PubKeySchema, { key: this.staking.consensusPublicKey(validator) });
    const bytes = encodeMessage(AnySchema, { typeUrl: `/${PubKeySchema.typeName}`, value: key });
    const address = this.staking.consensusAddress(validator);
    context.kvStore(slashingStoreName).set(publicKeyKey(address), bytes);
  }

  removePublicKey(context: Context, consensusAddress: Uint8Array): void {
    context.kvStore(slashingStoreName).delete(publicKeyKey(consensusAddress));
  }

  hasPublicKey(context: Context, consensusAddress: Uint8Array): boolean {
    return context.kvStore(slashingStoreName).get(publicKeyKey(consensusAddress)) !== undefined;
  }

  hasSigningInfo(context: Context, consensusAddress: Uint8Array): boolean {
    return getSigningInfo(context, consensusAddress) !== undefined;
  }

  isTombstoned(context: Context, consensusAddress: Uint8Array): boolean {
    return getSigningInfo(context, consensusAddress)?.tombstoned ?? false;
  }

  /** Slashes for a double signature and says so. */
  slashDoubleSign(
    context: Context,
    infraction: {
      readonly consensusAddress: Uint8Array;
      readonly height: bigint;
      readonly power: bigint;
      readonly fraction: Dec;
    },
  ): void {
    const burnt = this.staking.slash(context, infraction);
    context.events.emit(
      createEvent(
        "slash",
        ["address", this.consensusAddresses.toText(infraction.consensusAddress)],
        ["power", infraction.power.toString()],
        ["reason", "double_sign"],
        ["burned_coins", burnt.toString()],
      ),
    );
  }

  /** For a chain that begins again at height 0: validators are counted from there. */
  resetStartHeights(context: Context): void {
    for (const { consensusAddress, info } of [...signingInfos(context)]) {
      setSigningInfo(context, consensusAddress, { ...info, startHeight: 0n });
    }
  }

  jail(context: Context, consensusAddress: Uint8Array): void {
    this.staking.jail(context, consensusAddress);
    const jailed = this.consensusAddresses.toText(consensusAddress);
    context.events.emit(createEvent("slash", ["jailed", jailed]));
  }

  /** @throws {SdkError} `slashing/8` */
  jailUntil(context: Context, consensusAddress: Uint8Array, time: Instant): void {
    const info = getSigningInfo(context, consensusAddress);
    if (info === undefined) {
      throw slashingErrors.noSigningInfo.wrap(
        "cannot jail validator that does not have any signing information",
      );
    }
    const jailedUntil: Timestamp = {
      $typeName: "google.protobuf.Timestamp",
      seconds: time.seconds,
      nanos: time.nanos,
    };
    setSigningInfo(context, consensusAddress, { ...info, jailedUntil });
  }

  /** Never to be unjailed. @throws {SdkError} `slashing/8`, `slashing/9` */
  tombstone(context: Context, consensusAddress: Uint8Array): void {
    const info = getSigningInfo(context, consensusAddress);
    if (info === undefined) {
      throw slashingErrors.noSigningInfo.wrap(
        "cannot tombstone validator that does not have any signing information",
      );
    }
    if (info.tombstoned) {
      throw slashingErrors.tombstoned.wrap("cannot tombstone validator that is already tombstoned");
    }
    setSigningInfo(context, consensusAddress, { ...info, tombstoned: true });
  }
}
