export type { LegacyContentKind } from "./contents.ts";
export type {
  GovAccountKeeper,
  GovBankKeeper,
  GovDistributionKeeper,
  GovStakingKeeper,
} from "./expected.ts";
export type { GovHooks } from "./hooks.ts";
export { GovKeeper } from "./keeper.ts";
export { govStoreName } from "./keys.ts";
export {
  createGovModule,
  type GovCollaborators,
  type GovModule,
  type GovModuleOptions,
} from "./module.ts";
export { defaultParams as defaultGovParams } from "./params.ts";
