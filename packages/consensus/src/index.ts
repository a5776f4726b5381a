export { type Clock, systemClock } from "./clock.ts";
export {
  EmbeddedEngine,
  type EngineLogger,
  type EngineModules,
  type EngineOptions,
} from "./embedded/engine.ts";
export { DEFAULT_CONSENSUS_PARAMS } from "./embedded/params.ts";
export type { BlockTiming } from "./embedded/schedule.ts";
export type { NodeIdentity } from "./embedded/status.ts";
export { BLOCK_STEPS, type BlockStep, type OnStep } from "./embedded/steps.ts";
export {
  ConsensusError,
  type ConsensusFailure,
  EvidenceError,
  type EvidenceFailure,
  QueryError,
  type QueryFailure,
} from "./errors.ts";
export { type DataDir, openDataDir } from "./node/data-dir.ts";
export {
  type GenesisDocument,
  type GenesisValidator,
  genesisFromJson,
  genesisToJson,
  readGenesis,
  writeGenesis,
} from "./node/genesis.ts";
export { loadNodeKey, loadValidatorKey, nodeIdOf } from "./node/key-files.ts";
