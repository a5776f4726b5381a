export type {
  AccruedRewards,
  ContractDelegation,
  ContractStakingQueries,
  ContractValidator,
} from "./contract-queries.ts";
export type { AccountKeeper, BankKeeper } from "./expected.ts";
export { type GenesisValidator, genesisWithValidator } from "./genesis-validator.ts";
export type { DelegationPair, StakingHooks } from "./hooks.ts";
export { StakingKeeper } from "./keeper.ts";
export { stakingStoreName } from "./keys.ts";
export {
  createStakingModule,
  type StakingCollaborators,
  type StakingModule,
  type StakingModuleOptions,
} from "./module.ts";
export { bondedPoolName, notBondedPoolName } from "./names.ts";
export { defaultParams } from "./params.ts";
export type { Infraction } from "./slash.ts";
