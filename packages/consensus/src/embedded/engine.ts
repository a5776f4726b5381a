/** The embedded consensus engine: one node that orders, signs, stores and indexes blocks. */
import { type Ed25519PrivateKey, sha256 } from "@tacit/crypto";
import { equalBytes } from "@tacit/encoding";
import type { Evidence } from "@tacit/encoding/proto/tendermint/types/evidence";
import { type Commit, totalPower, type ValidatorSet, validatorAddress } from "@tacit/light";
import type { Application, ConsensusParams, FinalizeBlockResponse } from "@tacit/sdk";
import { type Clock, systemClock } from "../clock.ts";
import { ConsensusError, QueryError } from "../errors.ts";
import { EvidencePool } from "../evidence/pool.ts";
import {
  MEMPOOL_BYTES_MAX,
  MEMPOOL_TXS_MAX,
  SEARCH_PAGE_BYTES_MAX,
  SEARCHES_MAX,
  TX_BYTES_MAX,
  TX_CACHE_SIZE,
} from "../limits.ts";
import { type GenesisDocument, genesisToJson } from "../node/genesis.ts";
import { matchesEvents } from "../query/match.ts";
import { parseQuery } from "../query/parse.ts";
import { ChainStore } from "./chain-store.ts";
import { type ChainEvent, eventsOfBlock, type IndexedTx, type StoredBlock } from "./events.ts";
import { type ExecutedBlock, type Executor, executeBlock } from "./execute.ts";
import { handshake } from "./handshake.ts";
import { type AddResult, Mempool, type MempoolOptions } from "./mempool.ts";
import { proposeBlock } from "./propose.ts";
import { BlockSchedule, type BlockTiming } from "./schedule.ts";
import { searchBlocks, searchTxs } from "./search.ts";
import type { Position } from "./search-documents.ts";
import type { SearchPage } from "./search-page.ts";
import { type NodeIdentity, type NodeStatus, statusOf } from "./status.ts";
import type { OnStep } from "./steps.ts";
import { nextHeight, type Tip } from "./tip.ts";

export interface EngineLogger {
  info(message: string): void;
  warn(message: string): void;
}

export interface EngineOptions {
  readonly genesis: GenesisDocument;
  /** Directory of the chain database. */
  readonly path: string;
  readonly identity: NodeIdentity;
  readonly timing: BlockTiming;
  readonly mempool?: Partial<MempoolOptions>;
}

export interface EngineModules {
  readonly app: Application;
  readonly validatorKey: Ed25519PrivateKey;
  readonly clock?: Clock;
  readonly logger?: EngineLogger;
  /** Fault points; see BLOCK_STEPS. */
  readonly onStep?: OnStep;
  /** The engine has stopped and will make no more blocks. */
  readonly onFailure?: (error: unknown) => void;
}

const DEFAULT_MEMPOOL: MempoolOptions = {
  txsMax: MEMPOOL_TXS_MAX,
  bytesMax: MEMPOOL_BYTES_MAX,
  txBytesMax: TX_BYTES_MAX,
  cacheSize: TX_CACHE_SIZE,
};

/** While blocks are replayed nobody can broadcast yet. */
const NO_MEMPOOL: Executor["mempool"] = {
  lock: async () => {},
  update: async () => {},
  unlock: () => {},
};

const SILENT: EngineLogger = { info: () => {}, warn: () => {} };

/** Says that the index is made again, how far it is, by tenths, and when it is done. */
function reportRenewal(logger: EngineLogger): (done: bigint, blocks: bigint) => void {
  let tenths = 0n;
  return (done, blocks) => {
    if (done === 0n) {
      logger.info(`the event index has another layout: indexing ${blocks} blocks again`);
    } else if (done === blocks) logger.info(`indexed ${blocks} blocks again`);
    else if ((done * 10n) / blocks > tenths) {
      tenths = (done * 10n) / blocks;
      logger.info(`indexed ${done} of ${blocks} blocks again`);
    }
  };
}

/**
 * Implements `ChainData` of the api package by shape. Heights become visible when their block is
 * finished: executed, committed and indexed.
 */
export class EmbeddedEngine {
  readonly chainId: string;
  readonly #genesis: unknown;
  readonly #identity: NodeIdentity;
  readonly #modules: EngineModules;
  readonly #clock: Clock;
  readonly #logger: EngineLogger;
  readonly #store: ChainStore;
  readonly #mempool: Mempool;
  readonly #evidence: EvidencePool;
  readonly #schedule: BlockSchedule;
  readonly #listeners = new Set<(event: ChainEvent) => void>();
  #tip: Tip;
  /** After clients' transactions; those that the application adds itself ask for no block more. */
  #needsFollowUp: boolean;
  #searches = 0;
  #lastBlock: Promise<unknown> = Promise.resolve();
  /** Set by `stop` and by a failure: no more blocks, no more transactions. */
  #isStopped = false;
  #closing: Promise<void> | undefined;
  #isShortOfPower = false;

  /**
   * Opens the chain database and brings it and the application to the same height. No block is
   * made before `start` or `produceBlock`.
   * @throws {ConsensusError} see `handshake`.
   */
  static async open(options: EngineOptions, modules: EngineModules): Promise<EmbeddedEngine> {
    const store = new ChainStore(options.path);
    try {
      const { app, onStep = () => {} } = modules;
      const executor = { store, app, onStep, mempool: NO_MEMPOOL };
      await store.renewIndex(reportRenewal(modules.logger ?? SILENT));
      const tip = await handshake(options.genesis, executor);
      return new EmbeddedEngine(options, modules, { store, tip });
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  private constructor(
    options: EngineOptions,
    modules: EngineModules,
    opened: { readonly store: ChainStore; readonly tip: Tip },
  ) {
    this.chainId = options.genesis.chainId;
    this.#genesis = genesisToJson(options.genesis);
    this.#identity = options.identity;
    this.#modules = modules;
    this.#clock = modules.clock ?? systemClock;
    this.#logger = modules.logger ?? SILENT;
    this.#store = opened.store;
    this.#tip = opened.tip;
    this.#needsFollowUp = opened.tip.hadTxs;
    this.#mempool = new Mempool(
      { ...DEFAULT_MEMPOOL, ...options.mempool },
      { app: modules.app, onAvailable: () => this.#schedule.wake() },
    );
    this.#evidence = new EvidencePool(opened.store);
    this.#schedule = new BlockSchedule(options.timing, {
      clock: this.#clock,
      produce: () => this.produceBlock(),
      demand: () =>
        this.#mempool.size > 0 || this.#evidence.isWaiting(this.#tip)
          ? "transactions"
          : this.#needsFollowUp
            ? "follow_up"
            : "nothing",
      onFailure: (error) => modules.onFailure?.(error),
    });
  }

  start(): void {
    this.#schedule.start();
  }

  /** Finishes the block in the making and closes the chain database. */
  stop(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /**
   * Makes the next block now, after one that is in the making.
   * @throws {ConsensusError} `consensus/stopped`; see `proposeBlock` and `executeBlock`. The engine
   *   stays stopped after any failure: only a restart tells what was stored.
   */
  produceBlock(): Promise<void> {
    const block = this.#lastBlock.then(() => this.#makeBlock());
    this.#lastBlock = block.catch(() => {});
    return block;
  }

  status(): NodeStatus {
    return statusOf(this.#store, this.#tip, {
      identity: this.#identity,
      publicKey: this.#modules.validatorKey.publicKey(),
    });
  }

  genesis(): unknown {
    return this.#genesis;
  }

  block(height: bigint): StoredBlock | undefined {
    return this.#isVisible(height) ? this.#store.block(height) : undefined;
  }

  blockByHash(hash: Uint8Array): StoredBlock | undefined {
    const height = this.#store.heightOfHash(hash);
    return height === undefined ? undefined : this.block(height);
  }

  commit(height: bigint): { readonly commit: Commit; readonly canonical: boolean } | undefined {
    if (!this.#isVisible(height)) return undefined;
    const canonical = height < this.#tip.height;
    const next = canonical ? this.#store.record(height + 1n)?.lastCommit : undefined;
    const commit = next ?? this.#store.commit(height);
    return commit && { commit, canonical };
  }

  blockResults(height: bigint): FinalizeBlockResponse | undefined {
    return this.#isVisible(height) ? this.#store.result(height) : undefined;
  }

  /** Known up to the height after next. */
  validators(height: bigint): ValidatorSet | undefined {
    return this.#store.validators(height);
  }

  consensusParams(height: bigint): ConsensusParams | undefined {
    return height <= nextHeight(this.#tip) ? this.#store.params(height) : undefined;
  }

  tx(hash: Uint8Array): IndexedTx | undefined {
    const position = this.#store.txPosition(hash);
    if (position === undefined || !this.#isVisible(position.height)) return undefined;
    const found = this.#store.txAt(position);
    return found && { ...position, ...found, hash };
  }

  /** @throws {QueryError} see `searchTxs`, and `query/busy`. */
  txSearch(
    query: string,
    page: SearchPage,
  ): Promise<{ readonly txs: readonly IndexedTx[]; readonly total: number }> {
    return this.#searching(async () => {
      const { hits, total } = await searchTxs(this.#store.database, query, page, this.#bounds());
      return { txs: this.#page(hits), total };
    });
  }

  /** @throws {QueryError} see `searchBlocks`, and `query/busy`. */
  blockSearch(
    query: string,
    page: SearchPage,
  ): Promise<{ readonly heights: readonly bigint[]; readonly total: number }> {
    return this.#searching(async () => {
      const { database } = this.#store;
      const { hits, total } = await searchBlocks(database, query, page, this.#bounds());
      return { heights: hits, total };
    });
  }

  /** @throws {QueryError} `query/page_too_large`. */
  #page(hits: readonly Position[]): IndexedTx[] {
    const txs: IndexedTx[] = [];
    let bytes = 0;
    for (const { height, index } of hits) {
      const position = { height: BigInt(height), index };
      const found = this.#store.txAt(position);
      if (found === undefined) continue;
      bytes += found.tx.length + found.result.data.length;
      if (bytes > SEARCH_PAGE_BYTES_MAX) {
        throw new QueryError({ code: "query/page_too_large", bytesMax: SEARCH_PAGE_BYTES_MAX });
      }
      txs.push({ ...position, ...found, hash: sha256(found.tx) });
    }
    return txs;
  }

  #bounds(): { readonly first: bigint; readonly last: bigint } {
    return { first: this.#store.base(), last: this.#tip.height };
  }

  async #searching<T>(search: () => Promise<T>): Promise<T> {
    if (this.#searches >= SEARCHES_MAX) {
      throw new QueryError({ code: "query/busy", searchesMax: SEARCHES_MAX });
    }
    this.#searches += 1;
    try {
      return await search();
    } finally {
      this.#searches -= 1;
    }
  }

  /** @throws {ConsensusError} `consensus/stopped`. */
  async broadcastTx(tx: Uint8Array): Promise<AddResult> {
    if (this.#isStopped) throw new ConsensusError({ code: "consensus/stopped" });
    return this.#mempool.add(tx);
  }

  /**
   * Verifies evidence of misbehaviour and puts it into the next block, whose application punishes.
   * @returns its hash, 32 bytes.
   * @throws {EvidenceError}; {ConsensusError} `consensus/stopped`.
   */
  async addEvidence(evidence: Evidence): Promise<Uint8Array> {
    if (this.#isStopped) throw new ConsensusError({ code: "consensus/stopped" });
    const hash = await this.#evidence.add(evidence, this.#tip);
    this.#schedule.wake();
    return hash;
  }

  pendingTxs(limit: number): {
    readonly txs: readonly Uint8Array[];
    readonly total: number;
    readonly totalBytes: number;
  } {
    const { size, bytes } = this.#mempool;
    return { txs: this.#mempool.pending(limit), total: size, totalBytes: bytes };
  }

  subscribe(listener: (event: ChainEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws {QueryError} `query/too_long`, `query/syntax`. */
  compileQuery(query: string): (event: Pick<ChainEvent, "events">) => boolean {
    const conditions = parseQuery(query);
    return ({ events }) => matchesEvents(conditions, events);
  }

  async #close(): Promise<void> {
    await this.#schedule.stop();
    this.#isStopped = true;
    await this.#lastBlock;
    await this.#store.close();
  }

  async #makeBlock(): Promise<void> {
    if (this.#isStopped) throw new ConsensusError({ code: "consensus/stopped" });
    const executor = this.#executor();
    const { app, validatorKey: key } = this.#modules;
    const height = nextHeight(this.#tip);
    try {
      const isAskedFor = this.#mempool.size > 0;
      await executor.onStep("before_propose", height);
      this.#warnOfPower();
      const [mempool, evidence] = [this.#mempool, this.#evidence];
      const proposer = { app, key, mempool, evidence, clock: this.#clock };
      const committed = await proposeBlock(this.#tip, proposer);
      await executor.onStep("before_save_block", height);
      await this.#store.saveBlock(committed);
      await executor.onStep("after_save_block", height);
      const executed = await executeBlock(this.#tip, committed, executor);
      this.#tip = executed.tip;
      await this.#evidence.update(committed.block.evidence, this.#tip);
      this.#needsFollowUp = isAskedFor && executed.tip.hadTxs;
      this.#publish(executed);
    } catch (error) {
      this.#isStopped = true;
      throw error;
    }
  }

  #publish(executed: ExecutedBlock): void {
    if (this.#listeners.size === 0) return;
    for (const event of eventsOfBlock(executed)) {
      for (const listener of this.#listeners) this.#tell(listener, event);
    }
  }

  /** A listener that fails is its owner's trouble and must not stop the chain. */
  #tell(listener: (event: ChainEvent) => void, event: ChainEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#logger.warn(`a listener failed: ${error instanceof Error ? error.message : "?"}`);
    }
  }

  #executor(): Executor {
    const { app, onStep = () => {} } = this.#modules;
    return { store: this.#store, app, mempool: this.#mempool, onStep };
  }

  #isVisible(height: bigint): boolean {
    return height > 0n && height <= this.#tip.height;
  }

  /** A network of several nodes would stand still here; this engine goes on and says so, once. */
  #warnOfPower(): void {
    const { validators } = this.#tip.validators;
    const address = validatorAddress(this.#modules.validatorKey.publicKey());
    const own = validators.find((validator) => equalBytes(validator.address, address));
    const isShort = (own?.power ?? 0n) * 3n <= totalPower(validators) * 2n;
    if (isShort && !this.#isShortOfPower) {
      const share = `${own?.power ?? 0n} of ${totalPower(validators)}`;
      this.#logger.warn(
        `this node has ${share} of the voting power, not more than two thirds: light clients will not accept its blocks`,
      );
    }
    this.#isShortOfPower = isShort;
  }
}
