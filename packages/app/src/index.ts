export { createApplication, type LocalApplication } from "./application.ts";
export { appName, Chain, type ChainOptions } from "./chain.ts";
export { type Composition, type CompositionOptions, composeNetwork } from "./composition.ts";
export type { SealedFile } from "./enclave/session.ts";
export { AppError, type AppFailure } from "./errors.ts";
export {
  type ExportedState,
  type ExportedValidator,
  type ExportOptions,
  exportCommitted,
  exportState,
} from "./export.ts";
export {
  type AppState,
  addGenesisAccount,
  collectGenTxs,
  defaultAppState,
  type GenesisVesting,
  type NewGenesisAccount,
} from "./genesis/build.ts";
export { GenesisError, type GenesisProblem, type GenesisProblemCode } from "./genesis/problems.ts";
export {
  type GenesisToValidate,
  type OnProgress,
  type ValidationOptions,
  validateGenesis,
} from "./genesis/validate.ts";
export {
  type LocalSecretGenesisOptions,
  localSecretAccounts,
  localSecretAppState,
  localSecretBalance,
  localSecretStake,
} from "./networks/localsecret-genesis.ts";
export { type NetworkDefinition, secretModuleAccounts } from "./networks/network.ts";
export { secretdev1, secretdevNamed } from "./networks/secretdev.ts";
export { composeOffline } from "./offline.ts";
export { QueryService, type QueryServiceOptions } from "./query/query-service.ts";
export { storeNames } from "./store-names.ts";
export {
  type ApplicationThreads,
  type ApplicationThreadsOptions,
  startApplicationThreads,
} from "./threads/application-threads.ts";
export type { StoreLocation } from "./threads/messages.ts";
