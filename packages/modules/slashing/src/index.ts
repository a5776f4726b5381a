export type { SlashingStakingKeeper } from "./expected.ts";
export { SlashingKeeper } from "./keeper.ts";
export { slashingStoreName } from "./keys.ts";
export { createSlashingModule, type SlashingModule, type SlashingOptions } from "./module.ts";
export { defaultParams as defaultSlashingParams } from "./params.ts";
