export { type Allowance, allowanceSchemas } from "./allowance.ts";
export type { FeeGrantAccounts, FeeGrantBank } from "./expected.ts";
export { FeeGrantKeeper, type FeeGrantKeeperOptions } from "./keeper.ts";
export { feegrantStoreName } from "./keys.ts";
export { createFeeGrantModule } from "./module.ts";
