/** Validators and their stake, as much as a network needs whose validators do not change. */
import { PubKeySchema } from "@tacit/encoding/proto/cosmos/crypto/ed25519/keys";
import { type AddressCodec, createAddressCodec, type Module } from "@tacit/sdk";
import { type ContractStakingQueries, createContractQueries } from "./contract-queries.ts";
import type { StakingEnvironment } from "./environment.ts";
import type { AccountKeeper, BankKeeper } from "./expected.ts";
import { defaultGenesis, exportGenesis, initGenesis } from "./genesis.ts";
import { trackHistoricalInfo } from "./historical-info.ts";
import { createQueries, queryService } from "./queries.ts";
import { applyValidatorSetUpdates } from "./validator-set.ts";

export interface StakingModuleOptions {
  readonly addresses: AddressCodec;
  /** The coin that is staked where genesis does not say. */
  readonly bondDenom: string;
}

export interface StakingModule extends Module {
  readonly contractQueries: ContractStakingQueries;
}

export function createStakingModule(
  options: StakingModuleOptions,
  collaborators: { readonly accounts: AccountKeeper; readonly bank: BankKeeper },
): StakingModule {
  const operators = createAddressCodec(`${options.addresses.prefix}valoper`);
  const env: StakingEnvironment = { options: { ...options, operators }, ...collaborators };
  return {
    name: "staking",
    contractQueries: createContractQueries(env),
    register: ({ queries, types }) => {
      types.register(PubKeySchema);
      queries.register(queryService, createQueries(env));
    },
    beginBlock: trackHistoricalInfo,
    endBlock: (context) => applyValidatorSetUpdates(context, env.bank),
    defaultGenesis: () => defaultGenesis(options.bondDenom),
    initGenesis: (context, state) => initGenesis(env, context, state),
    exportGenesis: (context) => exportGenesis(env, context),
  };
}
