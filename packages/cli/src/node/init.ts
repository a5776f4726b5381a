/** A home directory for a node: its keys, its enclave, and a genesis document to complete. */
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { composeOffline, defaultAppState, type NetworkDefinition } from "@tacit/app";
import { startApplicationThreads } from "@tacit/app/threads";
import {
  type DataDir,
  DEFAULT_CONSENSUS_PARAMS,
  loadNodeKey,
  loadValidatorKey,
  nodeIdOf,
  systemClock,
  writeGenesis,
} from "@tacit/consensus";
import { type EnclaveInfo, EnclaveSupervisor } from "@tacit/enclave-channel";
import { toBase64 } from "@tacit/encoding";
import { cacheDirectory } from "../config.ts";
import { CliError } from "../errors.ts";
import { claimDataDir, removeState } from "./data-directory.ts";
import { type NetworkSettings, networkIn } from "./network.ts";

export interface InitOptions {
  readonly home: string;
  readonly settings: NetworkSettings;
  /** Home of another node whose validator key, node key, enclave and network this one takes over. */
  readonly keysFrom?: string;
  /** Begin again where there is a genesis document already. */
  readonly overwrite: boolean;
}

export interface Initialised {
  readonly home: string;
  readonly chainId: string;
  readonly nodeId: string;
  /** Base64, ed25519. */
  readonly validatorKey: string;
  /** Base64, X25519: clients encrypt to it. */
  readonly ioKey: string;
  readonly genesis: string;
}

/** What makes a node this node, relative to its home. */
const identityFiles = [
  "config/priv_validator_key.json",
  "config/node_key.json",
  "config/network.json",
  "data/enclave/sealing-key",
  "data/enclave/sealed",
];

/** @throws {CliError} `cli/data_dir`, `cli/file`. */
export async function initHome(options: InitOptions): Promise<Initialised> {
  const directory = claimDataDir(options.home);
  try {
    return await init(directory, options);
  } finally {
    directory.release();
  }
}

async function init(directory: DataDir, options: InitOptions): Promise<Initialised> {
  assertEmpty(directory, options.overwrite);
  removeState(directory);
  if (options.keysFrom !== undefined) copyIdentity(options.keysFrom, directory.path);
  const network = networkIn(directory, options.settings, chainOf(options, directory));
  const enclave = await enclaveOf(directory, network);
  const genesis = {
    genesisTime: systemClock.now(),
    chainId: network.chainId,
    initialHeight: 1n,
    consensusParams: DEFAULT_CONSENSUS_PARAMS,
    validators: [],
    appHash: new Uint8Array(),
    appState: defaultAppState(composeOffline(network), enclave),
  };
  const scratch = `${directory.genesisFile}.new`;
  writeGenesis(scratch, genesis);
  renameSync(scratch, directory.genesisFile);
  return {
    home: directory.path,
    chainId: network.chainId,
    nodeId: nodeIdOf(loadNodeKey(directory.nodeKeyFile)),
    validatorKey: toBase64(loadValidatorKey(directory.validatorKeyFile).publicKey()),
    ioKey: toBase64(enclave.ioPublicKey),
    genesis: directory.genesisFile,
  };
}

/** A network that was taken over keeps its choices. */
function chainOf(
  { keysFrom, settings }: InitOptions,
  { path }: DataDir,
): { readonly chainId: string } | undefined {
  if (keysFrom === undefined) return undefined;
  const file = join(path, "config/network.json");
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as { readonly chainId: string })
    : { chainId: settings.chainId };
}

function assertEmpty(directory: DataDir, overwrite: boolean): void {
  const hasBlocks = readdirSync(directory.chainDir).length > 0;
  if (!hasBlocks && (!existsSync(directory.genesisFile) || overwrite)) return;
  throw new CliError(
    "cli/data_dir",
    hasBlocks
      ? `There are blocks in ${directory.chainDir}.`
      : `There is a genesis document already: ${directory.genesisFile}.`,
    hasBlocks
      ? "Choose another directory with --home."
      : "Choose another directory with --home, or replace it with --overwrite.",
  );
}

function copyIdentity(from: string, to: string): void {
  for (const file of identityFiles) {
    try {
      copyFileSync(join(from, file), join(to, file));
    } catch (cause) {
      const message = `${join(from, file)} cannot be copied.`;
      throw new CliError("cli/file", message, "Name the home directory of a node.", { cause });
    }
  }
}

/** Starts the enclave once: it makes its keys and seals them, or opens those that were copied. */
async function enclaveOf(directory: DataDir, network: NetworkDefinition): Promise<EnclaveInfo> {
  const supervisor = new EnclaveSupervisor({
    entry: fileURLToPath(import.meta.resolve("@tacit/enclave/main")),
    sealingKeyFile: `${directory.enclaveDir}/sealing-key`,
    channels: 2,
    cacheDirectory: cacheDirectory(),
  });
  try {
    const threads = await startApplicationThreads({
      network,
      store: { directory: directory.applicationDir },
      channels: { blocks: supervisor.channel(0), queries: [supervisor.channel(1)] },
      sealedFile: `${directory.enclaveDir}/sealed`,
    });
    await threads.close();
    return threads.enclave;
  } finally {
    await supervisor.stop();
  }
}
