export {
  type BadCase,
  BadMessageChain,
  type BadMessageOptions,
  type Outcome,
} from "./bad-messages/bad-message-chain.ts";
export { type Mutant, mutantsOf } from "./bad-messages/mutate.ts";
export { Random } from "./random.ts";
export { type KeyedAccount, keyedAccount, signTx, type TxParts } from "./signer.ts";
export {
  type BlockPlan,
  type GenesisDocument,
  type NetworkKeys,
  SimulatedChain,
  type SimulatedChainOptions,
} from "./simulated-chain.ts";
export { contentHash, differences, leftOut } from "./simulation/content.ts";
export { Encryptor } from "./simulation/encryptor.ts";
export { ExportTwins, exported, startFrom } from "./simulation/export-import.ts";
export { SimulationFailure } from "./simulation/failure.ts";
export { randomCast, randomGenesis } from "./simulation/genesis.ts";
export { brokenInvariants, invariants } from "./simulation/invariants/all.ts";
export { networkFor, simulationNetworks } from "./simulation/networks.ts";
export { operations } from "./simulation/operations/all.ts";
export { planOf, runSeed, type SeedReport, type SeedRun } from "./simulation/run-seed.ts";
export {
  appHashText,
  Simulation,
  type SimulationOptions,
  type Tally,
} from "./simulation/simulation.ts";
export { StateReader } from "./simulation/state.ts";
export { anyOf } from "./simulation/world.ts";
export { type ConsensusValidator, ValidatorSets } from "./validator-sets.ts";
