/** Consensus and its servers, loaded while the enclave and the threads start. */
import { existsSync, renameSync } from "node:fs";
import type { NetworkDefinition } from "@tacit/app";
import {
  type DataDir,
  EmbeddedEngine,
  type GenesisDocument,
  loadNodeKey,
  loadValidatorKey,
  nodeIdOf,
  type OnStep,
  readGenesis,
  writeGenesis,
} from "@tacit/consensus";
import type { Application } from "@tacit/sdk";
import type { StartSettings } from "../config.ts";
import { type FundedAccount, type LocalGenesisOptions, localGenesis } from "./genesis.ts";
import type { Logger } from "./logger.ts";

export { startServers } from "./servers.ts";

export interface ChainOptions {
  readonly settings: StartSettings;
  readonly directory: DataDir;
  readonly logger: Logger;
  readonly network: NetworkDefinition;
  readonly application: Application;
  readonly networkKeys: LocalGenesisOptions["networkKeys"];
  readonly accounts: readonly FundedAccount[];
  readonly onStep?: OnStep;
  /** Blocks cannot be made any more. */
  readonly onFailure: (reason: string) => void;
}

/** Nobody connects there: this engine speaks to no peers. */
const LISTEN_ADDRESS = "tcp://127.0.0.1:26656";

/** Opens the chain of a directory, or begins a new one. */
export async function openChain(
  options: ChainOptions,
): Promise<{ readonly engine: EmbeddedEngine; readonly chainId: string }> {
  const { settings, directory, logger, application, onStep } = options;
  const validatorKey = loadValidatorKey(directory.validatorKeyFile);
  const genesis = existsSync(directory.genesisFile)
    ? readGenesis(directory.genesisFile)
    : newGenesis(options, validatorKey.publicKey());
  const engine = await EmbeddedEngine.open(
    {
      genesis,
      path: directory.chainDir,
      identity: {
        nodeId: nodeIdOf(loadNodeKey(directory.nodeKeyFile)),
        moniker: settings.moniker,
        listenAddress: LISTEN_ADDRESS,
      },
      timing: { intervalMs: settings.blockInterval, gatherMs: settings.blockGather },
    },
    {
      app: application,
      validatorKey,
      logger,
      ...(onStep && { onStep }),
      onFailure: (error) =>
        options.onFailure(error instanceof Error ? error.message : String(error)),
    },
  );
  return { engine, chainId: genesis.chainId };
}

/** Appears under its name only when it is whole. */
function newGenesis(options: ChainOptions, consensusKey: Uint8Array): GenesisDocument {
  const { directory, network, settings, networkKeys, accounts } = options;
  const genesis = localGenesis({
    network,
    moniker: settings.moniker,
    consensusKey,
    networkKeys,
    accounts,
  });
  const scratch = `${directory.genesisFile}.new`;
  writeGenesis(scratch, genesis);
  renameSync(scratch, directory.genesisFile);
  return genesis;
}
