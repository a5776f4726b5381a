/**
 * One network's application in one thread: synchronous, over a store and the enclave. Everything
 * that changes state goes through here.
 */
import type { EnclaveClient, EnclaveInfo } from "@tacit/enclave-channel";
import type { PrivateView } from "@tacit/module-compute";
import {
  type CheckTxResponse,
  createContext,
  emptyBlockInfo,
  type FinalizeBlockRequest,
  type FinalizeBlockResponse,
  type InfoResponse,
  type InitChainRequest,
  type InitChainResponse,
  type JsonValue,
  type Logger,
  type MinGasPrice,
  type PrepareProposalRequest,
  type QueryRequest,
  type QueryResponse,
  StateMachine,
  silentLogger,
} from "@tacit/sdk";
import type { CommitMultiStore } from "@tacit/store";
import { type Composition, composeNetwork } from "./composition.ts";
import { EnclaveMirror } from "./enclave/mirror.ts";
import { privateViewOf } from "./enclave/private-views.ts";
import { EnclaveSession, isEnclaveDeath, type SealedFile } from "./enclave/session.ts";
import { AppError } from "./errors.ts";
import { limits } from "./limits.ts";
import type { NetworkDefinition } from "./networks/network.ts";
import { prepareTxs } from "./proposals.ts";
import { QueryService } from "./query/query-service.ts";
import { blockAt, rememberTime, type VersionReader } from "./query/versions.ts";

export interface ChainOptions {
  readonly network: NetworkDefinition;
  readonly store: CommitMultiStore;
  /** The block thread's end of the channel. */
  readonly enclave: EnclaveClient;
  /** Where the enclave's first sealed state is kept until the first commit; absent in tests. */
  readonly sealedFile?: SealedFile | undefined;
  readonly minGasPrices?: readonly MinGasPrice[];
  readonly logger?: Logger;
  /** Of this program, as `info` and `/app/version` report it. */
  readonly version?: string;
  /** Heights of blocks that consensus may forget are below the last minus this; 0 keeps all. */
  readonly retainBlocks?: bigint;
}

export const appName = "tacit";
const versionDefault = "0.1.0";

export class Chain {
  readonly composition: Composition;
  readonly #options: ChainOptions;
  readonly #machine: StateMachine;
  readonly #mirror: EnclaveMirror;
  readonly #session: EnclaveSession;
  readonly #queries: QueryService;
  readonly #reader: VersionReader;
  readonly #logger: Logger;

  /** @throws {AppError} `app/enclave_refused`; {ChannelError}, {StoreError}. */
  constructor(options: ChainOptions) {
    const { network, store } = options;
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#mirror = new EnclaveMirror(options.enclave);
    this.#session = new EnclaveSession({
      enclave: this.#mirror,
      store,
      network,
      sealedFile: options.sealedFile,
    });
    this.composition = composeNetwork({
      network,
      enclave: this.#mirror,
      blobs: store.blobs,
      txObserver: this.#mirror,
    });
    this.#reader = storeReader(store);
    this.#machine = new StateMachine({
      chainId: network.chainId,
      store,
      modules: this.composition.modules,
      runner: this.composition.runner,
      consensusParams: this.composition.consensusParams,
      kvGas: network.kvGas,
      minGasPrices: options.minGasPrices ?? [],
      logger: this.#logger,
      observer: this.#mirror,
      lastBlock: blockAt(this.#reader, network.chainId, store.lastCommitId().version),
    });
    this.#queries = new QueryService({
      composition: this.composition,
      reader: this.#reader,
      version: this.#version,
      logger: this.#logger,
    });
  }

  /** What the enclave published when it started. */
  get enclaveInfo(): EnclaveInfo {
    return this.#session.info;
  }

  /** Whether a block ran and waits for its commit: checks see no state until then. */
  get hasPendingBlock(): boolean {
    return this.#machine.hasPendingBlock;
  }

  info(): InfoResponse {
    const { version } = this.#options.store.lastCommitId();
    return {
      data: appName,
      version: this.#version,
      appVersion: 0n,
      lastBlockHeight: version,
      lastBlockAppHash: version === 0n ? new Uint8Array() : this.#machine.lastAppHash,
    };
  }

  initChain(request: InitChainRequest): InitChainResponse {
    return this.#machine.initChain(request);
  }

  checkTx(request: { readonly tx: Uint8Array; readonly recheck: boolean }): CheckTxResponse {
    return this.#machine.checkTx(request.tx, request.recheck ? "recheck" : "check");
  }

  prepareProposal(request: PrepareProposalRequest): { readonly txs: readonly Uint8Array[] } {
    const { consensusParams, cron, decode } = this.composition;
    const { network, store } = this.#options;
    const context = createContext({
      mode: "prepare",
      block: { ...emptyBlockInfo, chainId: network.chainId },
      stores: store.branch(),
      kvGas: network.kvGas,
    });
    const isFirst = store.lastCommitId().version === 0n;
    const scheduled = isFirst ? [] : cron.scheduledTxs(context, request.height);
    const txs = [...scheduled, ...request.txs];
    return { txs: prepareTxs({ ...request, txs }, consensusParams.get(context), decode) };
  }

  /** What one node proposes is what it executes: nothing here is to refuse. */
  processProposal(): { readonly accept: boolean } {
    return { accept: true };
  }

  /**
   * Runs a block. If the enclave dies meanwhile, the block begins again with its first message.
   * @throws {AppError} `app/enclave_refused`, `app/enclave_unstable`; {InvariantError}.
   */
  finalizeBlock(request: FinalizeBlockRequest): FinalizeBlockResponse {
    this.#machine.abandonBlock();
    const view = this.#viewBefore();
    const { blockRecords, privateViews } = this.composition;
    privateViews.setBlock(view);
    for (let attempt = 1; attempt <= limits.blockAttempts; attempt += 1) {
      this.#mirror.reset();
      try {
        blockRecords.begin();
        const beginning = this.#session.beginBlock(request, this.#machine.lastAppHash, view);
        const response = this.#machine.finalizeBlock(request);
        rememberTime(this.#options.store.blobs, request.height, request.time);
        blockRecords.keep(request.height, beginning);
        return response;
      } catch (error) {
        if (!isEnclaveDeath(error)) throw error;
        this.#logger.warn({ height: `${request.height}`, attempt }, "enclave died; block restarts");
      }
    }
    throw new AppError({ code: "app/enclave_unstable", height: request.height });
  }

  commit(): { readonly retainHeight: bigint } {
    const { height, appHash } = this.#machine.commit();
    this.#session.endBlock(height, appHash);
    const keep = this.#options.retainBlocks ?? 0n;
    return { retainHeight: keep === 0n || height <= keep ? 0n : height - keep };
  }

  query(request: QueryRequest): QueryResponse {
    return this.#queries.query(request);
  }

  /** Connects to an enclave that died and was started again. Between blocks only. */
  reviveEnclave(): void {
    if (!this.#machine.hasPendingBlock) this.#session.revive();
  }

  /** Genesis of a new network that starts where this one is at `height` (0: now). */
  exportGenesis(height = 0n): { readonly [module: string]: JsonValue } {
    const { store, network } = this.#options;
    const version = height === 0n ? store.lastCommitId().version : height;
    const block = blockAt(this.#reader, network.chainId, version);
    return this.#machine.exportGenesis(store.atVersion(version), block);
  }

  get #version(): string {
    return this.#options.version ?? versionDefault;
  }

  /** The state that reads of the next block must prove. */
  #viewBefore(): PrivateView | undefined {
    const { store } = this.#options;
    const { version } = store.lastCommitId();
    return version === 0n ? undefined : privateViewOf(store.atVersion(version));
  }
}

function storeReader(store: CommitMultiStore): VersionReader {
  return {
    lastVersion: () => store.lastCommitId().version,
    atVersion: (version) => store.atVersion(version),
    blobs: store.blobs,
  };
}
