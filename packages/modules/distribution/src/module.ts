/** Fees and new coins to those who secure the network. */
import { type AddressCodec, createAddressCodec, type Module } from "@tacit/sdk";
import { beginBlock } from "./begin-block.ts";
import type { DistributionEnvironment } from "./environment.ts";
import type {
  DistributionAccountKeeper,
  DistributionBankKeeper,
  DistributionStakingKeeper,
} from "./expected.ts";
import { defaultGenesis, exportGenesis, initGenesis } from "./genesis.ts";
import { createHooks, type DistributionHooks } from "./hooks.ts";
import { DistributionKeeper } from "./keeper.ts";
import { registerMessages } from "./messages.ts";
import { registerQueries } from "./queries.ts";
import { createUpstreamTypes, forkTypes } from "./upstream-types.ts";

export interface DistributionModuleOptions {
  readonly addresses: AddressCodec;
  /** Bech32 address of the account that may change parameters: gov's. */
  readonly authority: string;
  /** Whether the network has what Secret's fork adds. */
  readonly restakes: boolean;
}

export interface DistributionModule extends Module {
  readonly keeper: DistributionKeeper;
  /** For staking to call. */
  readonly hooks: DistributionHooks;
}

export function createDistributionModule(
  options: DistributionModuleOptions,
  collaborators: {
    readonly accounts: DistributionAccountKeeper;
    readonly bank: DistributionBankKeeper;
    readonly staking: DistributionStakingKeeper;
  },
): DistributionModule {
  const consensusAddresses = createAddressCodec(`${options.addresses.prefix}valcons`);
  const types = options.restakes ? forkTypes : createUpstreamTypes();
  const env: DistributionEnvironment = { ...options, ...collaborators, types, consensusAddresses };
  return {
    name: "distribution",
    keeper: new DistributionKeeper(env),
    hooks: createHooks(env),
    register: ({ messages, queries }) => {
      registerMessages(messages, env);
      registerQueries(queries, env);
    },
    beginBlock: (context) => beginBlock(env, context),
    defaultGenesis,
    initGenesis: (context, state) => {
      initGenesis(env, context, state);
      return undefined;
    },
    exportGenesis: (context) => exportGenesis(env, context),
  };
}
