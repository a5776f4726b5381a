/** `app_state.slashing`: parameters, what is known of signatures, missed blocks. */
import { create } from "@bufbuild/protobuf";
import { fromClientJson, type Types, toClientJson } from "@tacit/encoding";
import {
  type GenesisState,
  GenesisStateSchema,
} from "@tacit/encoding/proto/cosmos/slashing/v1beta1/genesis";
import type { Context, JsonValue } from "@tacit/sdk";
import type { SlashingKeeper } from "./keeper.ts";
import { defaultParams, getParams, setParams, validateParams } from "./params.ts";
import { missedBlocks, setMissed, setSigningInfo, signingInfos } from "./signing-info.ts";

export function defaultGenesis(): JsonValue {
  return toJson(create(GenesisStateSchema, { params: defaultParams() }));
}

/** Comes after staking's: validators that genesis names get their keys noted. */
export function initGenesis(keeper: SlashingKeeper, context: Context, json: JsonValue): void {
  const state = fromClientJson(GenesisStateSchema, json, { types: noTypes });
  const params = state.params ?? defaultParams();
  validateParams(params);
  for (const validator of [...keeper.staking.validators(context)]) {
    keeper.addPublicKey(context, validator);
  }
  for (const { address, validatorSigningInfo: info } of state.signingInfos) {
    if (info !== undefined)
      setSigningInfo(context, keeper.consensusAddresses.toBytes(address), info);
  }
  for (const { address, missedBlocks: blocks } of state.missedBlocks) {
    const consensusAddress = keeper.consensusAddresses.toBytes(address);
    for (const { index, missed } of blocks) setMissed(context, consensusAddress, { index, missed });
  }
  setParams(context, params);
}

export function exportGenesis(keeper: SlashingKeeper, context: Context): JsonValue {
  const infos = [...signingInfos(context)].map(({ consensusAddress, info }) => ({
    address: keeper.consensusAddresses.toText(consensusAddress),
    consensusAddress,
    info,
  }));
  return toJson(
    create(GenesisStateSchema, {
      params: getParams(context),
      signingInfos: infos.map(({ address, info }) => ({ address, validatorSigningInfo: info })),
      missedBlocks: infos.map(({ address, consensusAddress }) => ({
        address,
        missedBlocks: missedBlocks(context, consensusAddress).map((index) => ({
          index,
          missed: true,
        })),
      })),
    }),
  );
}

/** No Any stands in this genesis. */
const noTypes: Types = { getMessage: () => undefined };

function toJson(state: GenesisState): JsonValue {
  return toClientJson(GenesisStateSchema, state, noTypes);
}
