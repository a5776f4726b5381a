/**
 * The application in worker threads: one for blocks and checks, others for queries. The main
 * thread stays free for networking.
 */
import type { ChannelDescriptor, EnclaveInfo } from "@tacit/enclave-channel";
import { invariant } from "@tacit/encoding/errors";
import {
  type Application,
  grpcCodes,
  type JsonValue,
  type Logger,
  type MinGasPrice,
  type QueryRequest,
  type QueryResponse,
  silentLogger,
} from "@tacit/sdk";
import { AppError } from "../errors.ts";
import { limits } from "../limits.ts";
import type { NetworkDefinition } from "../networks/network.ts";
import { FairPool, type Finished } from "./fair-pool.ts";
import type { BlockThreadData, QueryThreadData, StoreLocation } from "./messages.ts";
import { Pool } from "./pool.ts";
import { type LimitedAnswer, type QueryLimit, runLimited } from "./query-limit.ts";
import { QueryWatch } from "./query-watch.ts";
import { WorkerClient } from "./worker-client.ts";

export interface ApplicationThreadsOptions {
  readonly network: NetworkDefinition;
  readonly store: StoreLocation;
  /** Ends of the enclave's channels: one for blocks, one for each query thread. */
  readonly channels: {
    readonly blocks: ChannelDescriptor;
    readonly queries: readonly ChannelDescriptor[];
  };
  /** Where the enclave's first sealed state is kept until a commit holds it. */
  readonly sealedFile: string;
  readonly minGasPrices?: readonly MinGasPrice[];
  /** Of this program, as `info` and `/app/version` report it. */
  readonly version?: string;
  /** How many of the newest blocks consensus must keep; 0 keeps all. */
  readonly retainBlocks?: bigint;
  /** SDK gas of a client's smart query; that of the network unless given. */
  readonly queryGas?: bigint;
  /** How long a query may take; as long as its gas lasts unless given. */
  readonly queryLimit?: QueryLimit;
  /** Queries of one client that may wait. */
  readonly waitingQueriesPerClient?: number;
  readonly logger?: Logger;
  /** Called once when a thread ends or fails beyond repair: the node must stop. */
  readonly onFatal?: (error: AppError) => void;
}

export interface ApplicationThreads {
  readonly application: Application;
  /** What the enclave published when it started; genesis of a new network needs it. */
  readonly enclave: EnclaveInfo;
  /** `app_state` of a network that starts where this one is at `height` (0: now). */
  exportGenesis(height?: bigint): Promise<{ readonly [module: string]: JsonValue }>;
  /** Called when the enclave died: has the new one started, for queries that come before a block. */
  reviveEnclave(): Promise<void>;
  close(): Promise<void>;
}

/** @throws {AppError} if a thread cannot start: store, enclave or network do not fit. */
export async function startApplicationThreads(
  options: ApplicationThreadsOptions,
): Promise<ApplicationThreads> {
  const threads = new Threads(options);
  try {
    return await threads.started();
  } catch (error) {
    await threads.close();
    throw error;
  }
}

/** A thread for queries, with what its channel to the enclave is called. */
interface QueryPlace {
  readonly worker: WorkerClient;
  readonly channel: number;
  readonly watch: QueryWatch;
}

class Threads {
  readonly #options: ApplicationThreadsOptions;
  readonly #block: WorkerClient;
  readonly #queries: readonly QueryPlace[];
  #hasFailed = false;

  constructor(options: ApplicationThreadsOptions) {
    this.#options = options;
    invariant(options.channels.queries.length > 0, "there is a thread for queries");
    const data: BlockThreadData = {
      network: options.network,
      store: options.store,
      channel: options.channels.blocks,
      sealedFile: options.sealedFile,
      minGasPrices: options.minGasPrices ?? [],
      version: options.version ?? "0.1.0",
      retainBlocks: options.retainBlocks ?? 0n,
    };
    this.#block = this.#worker("block", "./block-thread.ts", data);
    this.#queries = options.channels.queries.map((channel, index) => {
      const watch = new QueryWatch();
      const data = this.#queryData(channel, watch);
      const worker = this.#worker(`query ${index + 1}`, "./query-thread.ts", data);
      return { worker, channel: channel.channel, watch };
    });
    this.#block.start();
  }

  /** Query threads open the store after the block thread has made it. */
  async started(): Promise<ApplicationThreads> {
    const enclave = await this.#block.ready;
    invariant(enclave !== undefined, "the block thread starts the enclave");
    for (const { worker } of this.#queries) worker.start();
    await Promise.all(this.#queries.map(({ worker }) => worker.ready));
    return {
      application: this.#application(),
      enclave,
      exportGenesis: (height = 0n) => this.#block.call("exportGenesis", height),
      reviveEnclave: () => this.#block.call("reviveEnclave"),
      close: () => this.close(),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#queries.map(({ worker }) => worker.close()));
    await this.#block.close();
  }

  #application(): Application {
    const block = this.#block;
    const { waitingQueriesPerClient } = this.#options;
    const queries = new FairPool({
      places: this.#queries,
      waitingMax: limits.waitingQueries,
      waitingPerClientMax: waitingQueriesPerClient ?? limits.waitingQueriesPerClient,
      clientsMax: limits.queryClients,
    });
    const checks = new Pool(Array(limits.checksUnderWay).fill(block), limits.waitingChecks);
    return {
      info: () => block.call("info"),
      initChain: (request) => block.call("initChain", request),
      query: async (request) => {
        const answer = await queries.run(request.client ?? "", (place) =>
          this.#priced(place, request),
        );
        if (answer instanceof AppError) throw answer;
        return answer;
      },
      checkTx: ({ tx, recheck }) =>
        checks.run((worker) => worker.call("checkTx", { tx: compact(tx), recheck })),
      prepareProposal: (request) =>
        block.call("prepareProposal", { ...request, txs: request.txs.map(compact) }),
      processProposal: async () => ({ accept: true }),
      finalizeBlock: (request) =>
        block.call("finalizeBlock", { ...request, txs: request.txs.map(compact) }),
      commit: () => block.call("commit"),
    };
  }

  async #priced(
    place: QueryPlace,
    request: QueryRequest,
  ): Promise<Finished<QueryResponse | AppError>> {
    const { answer, isFree } = await this.#limited(place, request);
    if (answer instanceof AppError) return { value: answer, cost: limits.stoppedQueryCost, isFree };
    const cost = limits.queryBaseCost + Number(answer.gasUsed ?? 0n);
    return { value: answer, cost, isFree };
  }

  async #limited(
    { worker, channel, watch }: QueryPlace,
    request: QueryRequest,
  ): Promise<LimitedAnswer<QueryResponse>> {
    const { queryLimit } = this.#options;
    const run = () => this.#query(worker, request);
    if (queryLimit === undefined) return { answer: await run(), isFree: Promise.resolve() };
    const disconnect = () => worker.call<void>("disconnect");
    const connect = () => worker.call<void>("connect");
    return runLimited(queryLimit, { watch, channel, run, disconnect, connect });
  }

  /** An enclave that was started again takes questions once the block thread has found it. */
  async #query(worker: WorkerClient, request: QueryRequest): Promise<QueryResponse> {
    const compacted = { ...request, data: compact(request.data) };
    const answer = await worker.call<QueryResponse>("query", compacted);
    if (answer.grpcStatus?.code !== grpcCodes.unavailable) return answer;
    await this.#block.call("reviveEnclave");
    return worker.call("query", compacted);
  }

  #queryData(channel: ChannelDescriptor, { buffer: watch }: QueryWatch): QueryThreadData {
    const { network, store, version, queryGas } = this.#options;
    return { network, store, channel, version: version ?? "0.1.0", queryGas, watch };
  }

  #worker(name: string, entry: string, data: unknown): WorkerClient {
    return new WorkerClient({
      name,
      entry: new URL(entry, import.meta.url),
      data,
      logger: this.#options.logger ?? silentLogger,
      onFatal: (error) => {
        if (!this.#hasFailed) this.#options.onFatal?.(error);
        this.#hasFailed = true;
      },
    });
  }
}

/** A view of a larger buffer would be cloned with all of it. */
function compact(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
}
