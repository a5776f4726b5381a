/** A whole node in one process, and its enclave in another: put together, started and stopped. */
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ApplicationThreads, NetworkDefinition } from "@tacit/app";
import { startApplicationThreads } from "@tacit/app/threads";
import type { DataDir, EmbeddedEngine, GenesisDocument, OnStep } from "@tacit/consensus";
import { systemTimer } from "@tacit/consensus/timer";
import { EnclaveSupervisor } from "@tacit/enclave-channel";
import { ProtocolError } from "@tacit/encoding/errors";
import type { Application } from "@tacit/sdk";
import { cacheDirectory, START_SETTINGS, type StartSettings } from "../config.ts";
import { CliError } from "../errors.ts";
import { readSettings } from "../settings.ts";
import { claimDataDir, prepareNew, removeState } from "./data-directory.ts";
import type { FundedAccount } from "./genesis.ts";
import { createLogger, type Logger, structured } from "./logger.ts";
import { minGasPrices } from "./min-gas-price.ts";
import { networkIn } from "./network.ts";
import type { RunningServers } from "./servers.ts";

export interface NodeOptions extends Partial<StartSettings> {
  /** `free` takes any free ports instead of the usual ones. */
  readonly ports?: "free";
  /** Accounts of a new network besides the test accounts. */
  readonly accounts?: readonly FundedAccount[];
  /** Time already spent on the start, for `firstBlockMs`. */
  readonly startedAtMs?: number;
  /** Called at each step of each block; what tests stop or kill a node with. */
  readonly onStep?: OnStep;
  /** Directory for what crosses the enclave's channels; what tests look for plaintext in. */
  readonly traceDirectory?: string;
  /** Stands between consensus and the application; what benchmarks measure with. */
  readonly wrapApplication?: (application: Application) => Application;
}

export interface NodeUrls {
  readonly rpc: string;
  readonly rest: string;
  readonly grpc: string;
  readonly grpcWeb: string;
  readonly faucet: string;
}

export interface RunningNode {
  readonly chainId: string;
  readonly home: string;
  readonly urls: NodeUrls;
  /** Hex. */
  readonly measurement: string;
  readonly attestation: string;
  /** Whether this start made the network. */
  readonly isNew: boolean;
  /** Height that the state had at the start. */
  readonly startHeight: number;
  /** From the beginning of the start to the first new block. */
  readonly firstBlockMs: number;
  readonly engine: EmbeddedEngine;
  readonly threads: ApplicationThreads;
  /** For tests that kill it. */
  enclavePid(): number | undefined;
  /** Resolves with the reason when the node cannot go on. */
  readonly failed: Promise<string>;
  /** Finishes the block in the making and closes everything. */
  stop(): Promise<void>;
}

const FREE_PORTS = { rpcPort: 0, restPort: 0, grpcPort: 0, grpcWebPort: 0, faucetPort: 0 };

/**
 * Starts a node and waits for its first block.
 * @throws {CliError} `cli/data_dir`, `cli/port_taken`, `cli/setting`; errors of the parts.
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const begun = performance.now() - (options.startedAtMs ?? 0);
  const defaults = readSettings(START_SETTINGS, {}, {});
  const settings = { ...defaults, ...(options.ports && FREE_PORTS), ...defined(options) };
  const logger = await createLogger({ level: levelOf(settings), json: settings.jsonLogs });
  const closers = new Closers();
  try {
    const directory = claimDataDir(settings.home);
    closers.add(async () => directory.release());
    if (settings.fresh) removeState(directory);
    return await assemble({ settings, options, logger, closers, directory, begun });
  } catch (error) {
    await closers.close();
    throw error;
  }
}

interface Assembly {
  readonly settings: StartSettings;
  readonly options: NodeOptions;
  readonly logger: Logger;
  readonly closers: Closers;
  readonly directory: DataDir;
  readonly begun: number;
}

/**
 * The enclave and the application's threads load their code while this thread loads that of
 * consensus and of the servers.
 */
async function assemble(assembly: Assembly): Promise<RunningNode> {
  const { settings, options, logger, closers, directory, begun } = assembly;
  const given = await givenGenesis(assembly);
  const isNew = given !== undefined || prepareNew(directory);
  const failure = Promise.withResolvers<string>();
  let running: ApplicationThreads | undefined;
  const supervisor = superviseEnclave(assembly, () => running?.reviveEnclave());
  closers.add(() => supervisor.stop());
  const network = networkIn(directory, settings, given);
  const starting = startThreads(assembly, supervisor, network, failure.resolve);
  const [{ openChain, startServers }, threads] = await Promise.all([
    import("./chain.ts"),
    starting,
  ]);
  closers.add(() => threads.close());
  running = threads;
  if (given !== undefined) await assertOwnNetwork(directory, given, threads);
  const { engine, chainId } = await openChain({
    settings,
    directory,
    logger,
    network,
    application: options.wrapApplication?.(threads.application) ?? threads.application,
    networkKeys: threads.enclave,
    accounts: options.accounts ?? [],
    ...(options.onStep && { onStep: options.onStep }),
    onFailure: failure.resolve,
  });
  closers.add(() => engine.stop());
  const startHeight = Number(engine.status().latestHeight);
  const servers = await startServers(settings, { chain: engine, application: threads.application });
  closers.add(() => servers.stop());
  await firstBlock(engine);
  engine.start();
  return {
    chainId,
    home: directory.path,
    urls: urlsOf(settings.host, servers),
    measurement: Buffer.from(threads.enclave.measurement).toString("hex"),
    attestation: threads.enclave.attestation,
    isNew,
    startHeight,
    firstBlockMs: performance.now() - begun,
    engine,
    threads,
    enclavePid: () => supervisor.pid,
    failed: failure.promise,
    stop: () => closers.close(),
  };
}

/** The document of `--genesis`, if the directory begins with it now. */
async function givenGenesis({
  settings,
  directory,
  logger,
}: Assembly): Promise<GenesisDocument | undefined> {
  if (settings.genesis === "") return undefined;
  const { takeGenesis } = await import("./genesis-file.ts");
  return takeGenesis(directory, settings.genesis, {
    network: (chainId) => networkIn(directory, settings, { chainId }),
    onStep: (step) => logger.info(`genesis: checking ${step}`),
  });
}

/** A document that this enclave cannot serve is not kept. */
async function assertOwnNetwork(
  directory: DataDir,
  given: GenesisDocument,
  { enclave }: ApplicationThreads,
): Promise<void> {
  const { assertNetworkKeys } = await import("./genesis-file.ts");
  try {
    assertNetworkKeys(given, enclave);
  } catch (error) {
    rmSync(directory.genesisFile, { force: true });
    throw error;
  }
}

async function startThreads(
  { settings, directory, logger }: Assembly,
  supervisor: EnclaveSupervisor,
  network: NetworkDefinition,
  onFatal: (reason: string) => void,
): Promise<ApplicationThreads> {
  const threads = startApplicationThreads({
    network,
    store: { directory: directory.applicationDir },
    channels: {
      blocks: supervisor.channel(0),
      queries: Array.from({ length: settings.queryThreads }, (_, index) =>
        supervisor.channel(index + 1),
      ),
    },
    sealedFile: `${directory.enclaveDir}/sealed`,
    minGasPrices: minGasPrices(settings.minGasPrice),
    queryGas: BigInt(settings.queryGas),
    queryLimit: { timeoutMs: settings.queryTimeout, engines: supervisor, timer: systemTimer },
    waitingQueriesPerClient: settings.clientQueries,
    logger: structured(logger),
    onFatal: (error) => onFatal(error.message),
  });
  try {
    return await threads;
  } catch (error) {
    throw explained(error, directory.path);
  }
}

/** What an operator can do about an enclave that does not open the state it is given. */
function explained(error: unknown, home: string): unknown {
  const isSealed = error instanceof ProtocolError && error.message.includes("bad_sealed_state");
  if (!isSealed) return error;
  return new CliError(
    "cli/data_dir",
    `The enclave cannot open the state in ${home}: it was sealed with another key or for other settings.`,
    `Bring back ${home}/data/enclave/sealing-key, or begin again with --fresh; what contracts stored is lost then.`,
    { cause: error },
  );
}

/** Clients expect a chain to have a block; two, for the proofs of the first. */
async function firstBlock(engine: EmbeddedEngine): Promise<void> {
  await engine.produceBlock();
  if (engine.status().latestHeight < 2n) await engine.produceBlock();
}

function superviseEnclave(
  { settings, options, directory, logger }: Assembly,
  revive: () => Promise<void> | undefined,
): EnclaveSupervisor {
  return new EnclaveSupervisor({
    entry: fileURLToPath(import.meta.resolve("@tacit/enclave/main")),
    sealingKeyFile: `${directory.enclaveDir}/sealing-key`,
    channels: settings.queryThreads + 1,
    cacheDirectory: cacheDirectory(),
    ...(options.traceDirectory !== undefined && { traceDirectory: options.traceDirectory }),
    onLog: (line) => logger.debug(`enclave: ${line}`),
    onDeath: ({ code, signal }) => {
      logger.warn(`the enclave ended (${signal ?? code}); it is started again`);
      revive()?.catch((error) => logger.warn(`the enclave did not start: ${error.message}`));
    },
  });
}

function urlsOf(host: string, { ports }: RunningServers): NodeUrls {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const at = (port: number) => `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
  return {
    rpc: at(ports.rpcPort),
    rest: at(ports.restPort),
    grpc: at(ports.grpcPort),
    grpcWeb: at(ports.grpcWebPort),
    faucet: at(ports.faucetPort),
  };
}

/** What was opened last is closed first; one failure does not keep the others open. */
class Closers {
  #closers: (() => Promise<unknown>)[] = [];

  add(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    const closers = this.#closers.reverse();
    this.#closers = [];
    for (const close of closers) await close().catch(() => {});
  }
}

function defined(options: NodeOptions): NodeOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as NodeOptions;
}

function levelOf(settings: StartSettings) {
  return settings.logLevel as Parameters<typeof createLogger>[0]["level"];
}
