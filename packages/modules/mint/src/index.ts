export type { MintBankKeeper, MintStakingKeeper } from "./expected.ts";
export { getMinter, mintStoreName } from "./keeper.ts";
export { createMintModule, type MintModuleOptions } from "./module.ts";
export { defaultParams as defaultMintParams } from "./params.ts";
