export { consensusStoreName } from "./keys.ts";
export { type ConsensusModuleOptions, createConsensusModule } from "./module.ts";
export { paramsFromWire, paramsToWire, validateParams } from "./params.ts";
export { createConsensusParamsStore } from "./store.ts";
