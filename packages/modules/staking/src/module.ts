/** Proof of stake: validators, who stakes with them, and the active set. */
import { moduleAddress } from "@tacit/crypto";
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import { type AddressCodec, createAddressCodec, type Module } from "@tacit/sdk";
import {
  type AccruedRewards,
  type ContractStakingQueries,
  createContractQueries,
} from "./contract-queries.ts";
import type { StakingEnvironment } from "./environment.ts";
import type { AccountKeeper, BankKeeper } from "./expected.ts";
import { defaultGenesis, exportGenesis, initGenesis } from "./genesis.ts";
import { trackHistoricalInfo } from "./historical-info.ts";
import { allHooks, type StakingHooks } from "./hooks.ts";
import { StakingKeeper } from "./keeper.ts";
import { endBlock } from "./mature.ts";
import { registerMessages } from "./messages.ts";
import { createQueries, queryService } from "./queries.ts";

export interface StakingModuleOptions {
  readonly addresses: AddressCodec;
  /** The coin that is staked where genesis does not say. */
  readonly bondDenom: string;
  /** Bech32 address of the account that may change parameters; gov's where it is not said. */
  readonly authority?: string;
}

export interface StakingCollaborators {
  readonly accounts: AccountKeeper;
  readonly bank: BankKeeper;
  /** Called in this order; the list may grow until the first block. */
  readonly hooks?: readonly StakingHooks[];
  /** What a delegation has earned, for contracts that ask; none without distribution. */
  readonly rewards?: AccruedRewards;
}

export interface StakingModule extends Module {
  readonly keeper: StakingKeeper;
  readonly contractQueries: ContractStakingQueries;
}

export function createStakingModule(
  options: StakingModuleOptions,
  collaborators: StakingCollaborators,
): StakingModule {
  const operators = createAddressCodec(`${options.addresses.prefix}valoper`);
  const { accounts, bank, hooks = [], rewards = () => [] } = collaborators;
  const authority = options.authority ?? options.addresses.toText(moduleAddress("gov"));
  const env: StakingEnvironment = {
    options: { ...options, operators, authority },
    accounts,
    bank,
    hooks: allHooks(hooks),
  };
  return {
    name: "staking",
    keeper: new StakingKeeper(env),
    contractQueries: createContractQueries(env, rewards),
    register: ({ messages, queries, types }) => {
      types.register(PubKeySchema);
      registerMessages(messages, env);
      queries.register(queryService, createQueries(env));
    },
    beginBlock: trackHistoricalInfo,
    endBlock: (context) => endBlock(env, context),
    defaultGenesis: () => defaultGenesis(options.bondDenom),
    initGenesis: (context, state) => initGenesis(env, context, state),
    exportGenesis: (context) => exportGenesis(env, context),
  };
}
