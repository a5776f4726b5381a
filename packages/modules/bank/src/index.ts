export type { BankAccounts, ModuleAccountInfo } from "./expected.ts";
export { BankKeeper, type BankKeeperOptions, type OwnedCoin } from "./keeper.ts";
export { bankStoreName } from "./keys.ts";
export { createBankModule } from "./module.ts";
export { type BankParams, defaultParams } from "./params.ts";
