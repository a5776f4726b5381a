export type {
  DistributionAccountKeeper,
  DistributionBankKeeper,
  DistributionStakingKeeper,
} from "./expected.ts";
export { DistributionKeeper } from "./keeper.ts";
export { distributionStoreName } from "./keys.ts";
export {
  createDistributionModule,
  type DistributionModule,
  type DistributionModuleOptions,
} from "./module.ts";
export { defaultParams as defaultDistributionParams } from "./params.ts";
