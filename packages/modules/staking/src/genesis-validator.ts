/** Genesis of a network that one validator starts. */
import { create } from "@bufbuild/protobuf";
import { Dec, encodeMessage, type JsonValue, toClientJson } from "@tacit/encoding";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import { GenesisStateSchema } from "@tacit/encoding/proto/cosmos/staking/v1beta1/genesis";
import { BondStatus, type Params } from "@tacit/encoding/proto/cosmos/staking/v1beta1/staking";
import type { Timestamp } from "@tacit/light";
import { type AddressCodec, createAddressCodec, utf8Bytes } from "@tacit/sdk";

export interface GenesisValidator {
  /** Account of the operator, who delegates to itself. */
  readonly operator: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly consensusPublicKey: Uint8Array;
  readonly moniker: string;
  readonly tokens: bigint;
  readonly commission: { readonly rate: Dec; readonly maxRate: Dec; readonly maxChangeRate: Dec };
}

/**
 * `app_state.staking` with a bonded validator. Its tokens must lie in the account of the bonded
 * pool in the genesis of `bank`.
 *
 * @param genesis time of the genesis document, from which the commission may change.
 */
export function genesisWithValidator(
  validator: GenesisValidator,
  genesis: {
    readonly addresses: AddressCodec;
    readonly params: Params;
    readonly time: Timestamp;
  },
): JsonValue {
  const { addresses, params, time } = genesis;
  const operatorAddress = createAddressCodec(`${addresses.prefix}valoper`).toText(
    validator.operator,
  );
  const shares = Dec.fromInt(validator.tokens).toWire();
  const state = create(GenesisStateSchema, {
    params,
    lastTotalPower: utf8Bytes("0"),
    validators: [
      {
        operatorAddress,
        consensusPubkey: {
          typeUrl: `/${PubKeySchema.typeName}`,
          value: encodeMessage(PubKeySchema, { key: validator.consensusPublicKey }),
        },
        status: BondStatus.BONDED,
        tokens: validator.tokens.toString(),
        delegatorShares: shares,
        description: { moniker: validator.moniker },
        unbondingTime: { seconds: 0n, nanos: 0 },
        commission: {
          commissionRates: {
            rate: validator.commission.rate.toWire(),
            maxRate: validator.commission.maxRate.toWire(),
            maxChangeRate: validator.commission.maxChangeRate.toWire(),
          },
          updateTime: time,
        },
        minSelfDelegation: "1",
      },
    ],
    delegations: [
      {
        delegatorAddress: addresses.toText(validator.operator),
        validatorAddress: operatorAddress,
        shares,
      },
    ],
  });
  const types = {
    getMessage: (name: string) => (name === PubKeySchema.typeName ? PubKeySchema : undefined),
  };
  return toClientJson(GenesisStateSchema, state, types);
}
