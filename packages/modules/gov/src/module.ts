/** The module as the frame sees it. */
import type { AddressCodec, MessageRouter, Module, TypeResolver } from "@tacit/sdk";
import { type LegacyContentKind, LegacyContents } from "./contents.ts";
import { endBlock } from "./end-block.ts";
import type { GovEnvironment } from "./environment.ts";
import type {
  GovAccountKeeper,
  GovBankKeeper,
  GovDistributionKeeper,
  GovStakingKeeper,
} from "./expected.ts";
import { defaultGenesis, exportGenesis, initGenesis } from "./genesis.ts";
import { allHooks, type GovHooks } from "./hooks.ts";
import { GovKeeper } from "./keeper.ts";
import { registerLegacyMessages } from "./legacy-messages.ts";
import { registerLegacyQueries } from "./legacy-queries.ts";
import { registerMessages } from "./messages.ts";
import { createGovQueries, registerQueries } from "./queries.ts";

export interface GovModuleOptions {
  readonly addresses: AddressCodec;
  /** Bech32 address of the module's account. */
  readonly authority: string;
  /** The coin of deposits where genesis does not say. */
  readonly depositDenom: string;
}

export interface GovCollaborators {
  readonly accounts: GovAccountKeeper;
  readonly bank: GovBankKeeper;
  readonly staking: GovStakingKeeper;
  readonly distribution: GovDistributionKeeper;
  /** Runs what proposals propose. */
  readonly messages: MessageRouter;
  readonly types: TypeResolver;
  /** Contents of other modules. */
  readonly contents?: readonly LegacyContentKind[];
  /** Called in this order; the list may grow until the first block. */
  readonly hooks?: readonly GovHooks[];
}

export interface GovModule extends Module {
  readonly keeper: GovKeeper;
}

/** Governance: stakers decide what the module's account does. */
export function createGovModule(
  options: GovModuleOptions,
  collaborators: GovCollaborators,
): GovModule {
  const { contents = [], hooks = [], ...keepers } = collaborators;
  const env: GovEnvironment = {
    ...keepers,
    addresses: options.addresses,
    authority: options.authority,
    authorityAddress: options.addresses.toBytes(options.authority),
    contents: new LegacyContents(contents),
    hooks: allHooks(hooks),
  };
  return {
    name: "gov",
    keeper: new GovKeeper(),
    register: ({ messages, queries, types }) => {
      types.register(...env.contents.kinds.map(({ schema }) => schema));
      registerMessages(messages, env);
      registerLegacyMessages(messages, env);
      const finder = createGovQueries(env);
      registerQueries(queries, finder);
      registerLegacyQueries(queries, env, finder);
    },
    endBlock: (context) => {
      endBlock(env, context);
      return [];
    },
    defaultGenesis: () => defaultGenesis(options.depositDenom, env.types),
    initGenesis: (context, state) => {
      initGenesis(env, context, state);
      return undefined;
    },
    exportGenesis: (context) => exportGenesis(env, context),
  };
}
