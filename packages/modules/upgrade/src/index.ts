export { UpgradeHalt } from "./errors.ts";
export { upgradeStoreName } from "./keys.ts";
export { createUpgradeModule, type UpgradeModuleOptions } from "./module.ts";
export type { UpgradeHandler } from "./pre-block.ts";
