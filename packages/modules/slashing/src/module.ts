/** Missed blocks and what follows. */
import { decodeMessage } from "@tacit/encoding";
import { Query } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/query";
import { ValidatorSigningInfoSchema } from "@tacit/encoding/proto/cosmos/slashing/v1beta1/slashing";
import {
  type AddressCodec,
  type Context,
  createAddressCodec,
  grpcError,
  type Module,
  paginate,
  type QueryRouter,
} from "@tacit/sdk";
import { countSignatures } from "./begin-block.ts";
import type { SlashingStakingKeeper } from "./expected.ts";
import { defaultGenesis, exportGenesis, initGenesis } from "./genesis.ts";
import { registerMessages } from "./handlers.ts";
import { SlashingKeeper } from "./keeper.ts";
import { signingInfoPrefix, slashingStoreName } from "./keys.ts";
import { getParams } from "./params.ts";
import { getSigningInfo, newSigningInfo, setSigningInfo } from "./signing-info.ts";

export interface SlashingOptions {
  readonly addresses: AddressCodec;
  /** Bech32 address of the account that may change parameters: gov's. */
  readonly authority: string;
}

/** What staking calls. */
export interface SlashingHooks {
  afterValidatorCreated(context: Context, operator: Uint8Array): void;
  afterValidatorRemoved(
    context: Context,
    validator: { readonly consensusAddress: Uint8Array },
  ): void;
  afterValidatorBonded(
    context: Context,
    validator: { readonly consensusAddress: Uint8Array },
  ): void;
}

export interface SlashingModule extends Module {
  readonly keeper: SlashingKeeper;
  readonly hooks: SlashingHooks;
}

export function createSlashingModule(
  options: SlashingOptions,
  { staking }: { readonly staking: SlashingStakingKeeper },
): SlashingModule {
  const codec = createAddressCodec(`${options.addresses.prefix}valcons`);
  const keeper = new SlashingKeeper(staking, codec);
  return {
    name: "slashing",
    keeper,
    hooks: createHooks(keeper),
    register: ({ messages, queries }) => {
      registerMessages(messages, { ...options, keeper });
      registerQueries(queries, keeper);
    },
    beginBlock: (context) => countSignatures(keeper, context),
    defaultGenesis,
    initGenesis: (context, state) => {
      initGenesis(keeper, context, state);
      return undefined;
    },
    exportGenesis: (context) => exportGenesis(keeper, context),
  };
}

function createHooks(keeper: SlashingKeeper): SlashingHooks {
  return {
    afterValidatorCreated: (context, operator) =>
      keeper.addPublicKey(context, keeper.staking.validator(context, operator)),
    afterValidatorRemoved: (context, { consensusAddress }) =>
      keeper.removePublicKey(context, consensusAddress),
    afterValidatorBonded: (context, { consensusAddress }) => {
      const address = keeper.consensusAddresses.toText(consensusAddress);
      const known = getSigningInfo(context, consensusAddress) ?? newSigningInfo(address, 0n);
      setSigningInfo(context, consensusAddress, { ...known, startHeight: context.height });
    },
  };
}

function registerQueries(queries: QueryRouter, keeper: SlashingKeeper): void {
  queries.register(Query, {
    params: (context) => ({ params: getParams(context) }),
    signingInfo: (context, { consAddress }) => {
      if (consAddress === "") throw grpcError.invalidArgument("invalid request");
      const info = getSigningInfo(context, keeper.consensusAddresses.toBytes(consAddress));
      if (info !== undefined) return { valSigningInfo: info };
      throw grpcError.notFound(`SigningInfo not found for validator ${consAddress}`);
    },
    signingInfos: (context, { pagination }) => {
      const store = context.kvStore(slashingStoreName);
      const page = paginate(store, signingInfoPrefix, pagination, (_key, value) =>
        decodeMessage(ValidatorSigningInfoSchema, value),
      );
      return { info: [...page.items], pagination: page.pagination };
    },
  });
}
