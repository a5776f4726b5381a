/** New coins, block by block. */
import { create } from "@bufbuild/protobuf";
import { Dec, fromClientJson, type Types, toClientJson } from "@tacit/encoding";
import {
  type GenesisState,
  GenesisStateSchema,
} from "@tacit/encoding/proto/cosmos/mint/v1beta1/genesis";
import { Query } from "@tacit/encoding/proto/cosmos/mint/v1beta1/query";
import {
  type MsgUpdateParams,
  MsgUpdateParamsResponseSchema,
  MsgUpdateParamsSchema,
} from "@tacit/encoding/proto/cosmos/mint/v1beta1/tx";
import {
  type AddressCodec,
  type Context,
  type JsonValue,
  type Module,
  messageRoute,
  PlainError,
  sdkErrors,
} from "@tacit/sdk";
import { mintBlock } from "./begin-block.ts";
import { mintErrors } from "./errors.ts";
import type { MintAccountKeeper, MintBankKeeper, MintStakingKeeper } from "./expected.ts";
import { getMinter, getParams, setMinter, setParams } from "./keeper.ts";
import { defaultParams, validateParams } from "./params.ts";

export interface MintModuleOptions {
  readonly addresses: AddressCodec;
  /** Bech32 address of the account that may change parameters: gov's. */
  readonly authority: string;
  /** The coin that is minted where genesis does not say. */
  readonly mintDenom: string;
}

export interface MintCollaborators {
  readonly accounts: MintAccountKeeper;
  readonly bank: MintBankKeeper;
  readonly staking: MintStakingKeeper;
}

export function createMintModule(
  options: MintModuleOptions,
  collaborators: MintCollaborators,
): Module {
  return {
    name: "mint",
    register: ({ messages, queries }) => {
      messages.register(
        messageRoute({
          schema: MsgUpdateParamsSchema,
          response: MsgUpdateParamsResponseSchema,
          signers: (message) => [options.addresses.toBytes(message.authority)],
          handle: (context, message) => updateParams(options, context, message),
        }),
      );
      queries.register(Query, {
        params: (context) => ({ params: getParams(context) }),
        inflation: (context) => ({ inflation: decBytes(getMinter(context).inflation) }),
        annualProvisions: (context) => ({
          annualProvisions: decBytes(getMinter(context).annualProvisions),
        }),
      });
    },
    beginBlock: (context) => mintBlock(collaborators, context),
    defaultGenesis: () => toJson(defaultState(options.mintDenom)),
    initGenesis: (context, json) => {
      const { minter, params } = fromClientJson(GenesisStateSchema, json, { types: noTypes });
      if (minter === undefined || params === undefined) {
        throw new PlainError("mint genesis: minter or params are missing");
      }
      validateParams(params);
      setMinter(context, minter);
      setParams(context, params);
      collaborators.accounts.getModuleAccount(context, "mint");
      return undefined;
    },
    exportGenesis: (context) =>
      toJson(
        create(GenesisStateSchema, { minter: getMinter(context), params: getParams(context) }),
      ),
  };
}

function updateParams(options: MintModuleOptions, context: Context, message: MsgUpdateParams) {
  if (message.authority !== options.authority) {
    throw mintErrors.wrongAuthority.wrap(
      `invalid authority; expected ${options.authority}, got ${message.authority}`,
    );
  }
  if (message.params === undefined) throw sdkErrors.invalidRequest.wrap("params are missing");
  validateParams(message.params);
  setParams(context, message.params);
  return {};
}

/** Decimals of these two answers are the atoms' digits in bytes. */
function decBytes(wire: string): Uint8Array {
  return new TextEncoder().encode(wire || "0");
}

function defaultState(mintDenom: string): GenesisState {
  return create(GenesisStateSchema, {
    minter: { inflation: Dec.parse("0.13").toWire(), annualProvisions: "0" },
    params: defaultParams(mintDenom),
  });
}

/** No Any stands in this genesis. */
const noTypes: Types = { getMessage: () => undefined };

function toJson(state: GenesisState): JsonValue {
  return toClientJson(GenesisStateSchema, state, noTypes);
}
