/**
 * The chain's state and what consensus does to it: genesis, checks, blocks, commits. Synchronous
 * and pure: time, randomness and disk come in through the request and the store.
 */
import { invariant } from "@tacit/encoding/errors";
import type { CacheMultiStore, CommitMultiStore, MultiStoreView } from "@tacit/store";
import type {
  AbciEvent,
  CheckTxResponse,
  ConsensusParams,
  FinalizeBlockRequest,
  FinalizeBlockResponse,
  InitChainRequest,
  InitChainResponse,
  ValidatorUpdate,
} from "./abci.ts";
import {
  type BlockInfo,
  type BranchObserver,
  type Context,
  createContext,
  emptyBlockInfo,
  type Logger,
  type MinGasPrice,
  silentLogger,
} from "./context.ts";
import { PlainError, wrapError } from "./errors.ts";
import { EventManager, withAttribute } from "./events.ts";
import { createGasMeter, createInfiniteGasMeter, type GasMeter, type KvGasTable } from "./gas.ts";
import type { JsonValue, ModuleManager } from "./module.ts";
import { outcomeToResult, type TxOutcome, type TxRunner } from "./tx-runner.ts";

/** Where consensus parameters live; `consensus` implements it. */
export interface ConsensusParamsStore {
  get(context: Context): ConsensusParams | undefined;
  set(context: Context, params: ConsensusParams): void;
  /** What {@link get} would cost a transaction; nothing is charged. */
  gasOfReading(context: Context): bigint;
}

export interface StateMachineOptions {
  readonly chainId: string;
  readonly store: CommitMultiStore;
  readonly modules: ModuleManager;
  readonly runner: TxRunner;
  readonly consensusParams: ConsensusParamsStore;
  readonly kvGas: KvGasTable;
  readonly minGasPrices: readonly MinGasPrice[];
  readonly logger?: Logger;
  /** Mirrors the branches of blocks being finalised. */
  readonly observer?: BranchObserver | undefined;
  /** What was known of the last committed block when the process started. */
  readonly lastBlock?: BlockInfo | undefined;
}

/** SHA-256 of nothing: the app hash before the first block. */
export const emptyAppHash: Uint8Array = Uint8Array.from(
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".match(/../g)!,
  (byte) => Number.parseInt(byte, 16),
);

/** Genesis states above this take long enough that progress is shown. */
const largeGenesisBytes = 4 * 1024 * 1024;

/** A block that ran and waits for its commit. */
interface PendingBlock {
  readonly info: BlockInfo;
}

export class StateMachine {
  readonly #options: StateMachineOptions;
  readonly #logger: Logger;
  /** State that CheckTx sees and advances; made anew at every commit. */
  #check: { readonly stores: CacheMultiStore; readonly block: BlockInfo };
  /** Genesis state, kept apart until the first block ends, so that block can run again. */
  #genesis: { readonly stores: CacheMultiStore; readonly initialHeight: bigint } | undefined;
  #pending: PendingBlock | undefined;

  constructor(options: StateMachineOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#check = {
      stores: options.store.branch(),
      block: options.lastBlock ?? { ...emptyBlockInfo, chainId: options.chainId },
    };
  }

  /** The last block that was committed (or genesis). */
  get lastBlock(): BlockInfo {
    return this.#check.block;
  }

  /** Whether a block ran and is not committed: checks have to wait. */
  get hasPendingBlock(): boolean {
    return this.#pending !== undefined;
  }

  /** @throws {PlainError} and module failures if genesis is wrong; the chain cannot start then. */
  initChain(request: InitChainRequest): InitChainResponse {
    const { store, chainId, consensusParams } = this.#options;
    if (request.chainId !== chainId) {
      throw new PlainError(
        `invalid chain-id on InitChain; expected: ${chainId}, got: ${request.chainId}`,
      );
    }
    invariant(store.lastCommitId().version === 0n, "genesis comes before the first commit");
    const initialHeight = request.initialHeight === 0n ? 1n : request.initialHeight;
    if (initialHeight > 1n) store.setInitialVersion(initialHeight);
    const block: BlockInfo = {
      ...emptyBlockInfo,
      chainId,
      time: request.time,
      height: initialHeight > 1n ? initialHeight : 0n,
    };
    const stores = store.branch();
    const context = this.#context({ mode: "genesis", block, stores });
    consensusParams.set(context, request.consensusParams);
    const validators = this.#takeOver(context, request.appStateBytes);
    assertSameValidators(request.validators, validators);
    this.#genesis = { stores, initialHeight };
    this.#check = {
      stores: store.branch(),
      block: { ...block, height: initialHeight },
    };
    return { consensusParams: undefined, validators, appHash: this.lastAppHash };
  }

  /** @throws {PlainError} and module failures, with the part of genesis that is wrong in front. */
  #takeOver(context: Context, bytes: Uint8Array): readonly ValidatorUpdate[] {
    const state = parseAppState(bytes);
    // What takes long is shown to whoever waits for it.
    const level = bytes.length > largeGenesisBytes ? "info" : "debug";
    let module = "";
    try {
      return this.#options.modules.initGenesis(context, state, (name) => {
        module = name;
        this.#logger[level]({ module }, "taking over genesis state");
      });
    } catch (error) {
      throw wrapError(error, `app_state.${module}`);
    }
  }

  /** State root after the last commit. */
  get lastAppHash(): Uint8Array {
    const { version, hash } = this.#options.store.lastCommitId();
    return version === 0n ? emptyAppHash : hash;
  }

  checkTx(tx: Uint8Array, mode: "check" | "recheck"): CheckTxResponse {
    const { stores, block } = this.#check;
    const context = this.#context({ mode, block, stores });
    return outcomeToResult(this.#options.runner.run(mode, this.#withParams(context), tx));
  }

  /** Runs a transaction without its signature and without lasting effects, on `stores`. */
  simulate(tx: Uint8Array, stores: CacheMultiStore, block: BlockInfo): TxOutcome {
    const context = this.#context({ mode: "simulate", block, stores });
    return this.#options.runner.run("simulate", this.#withParams(context), tx);
  }

  /**
   * Runs a block and puts its state into the store's working state. If it throws nothing has
   * changed, and the same block may run again.
   *
   * @throws {InvariantError} and other fatal failures; transactions' failures are results.
   */
  finalizeBlock(request: FinalizeBlockRequest): FinalizeBlockResponse {
    const { store, modules } = this.#options;
    this.#assertNextHeight(request.height);
    invariant(this.#pending === undefined, "a block is committed or abandoned before the next");
    const info = blockInfo(this.#options.chainId, this.lastAppHash, request);
    const genesis = this.#genesis?.stores;
    const stores = (genesis ?? store).branch();
    let context = this.#context({ mode: "finalize", block: info, stores });
    context = this.#withParams(context.with({ observer: this.#options.observer }));

    const events: AbciEvent[] = [];
    const preBlock = context.with({ events: new EventManager() });
    if (modules.preBlock(preBlock)) context = this.#withParams(context);
    events.push(...preBlock.events.events);
    events.push(...runPhase(context, "BeginBlock", (own) => modules.beginBlock(own)));

    context = context.with({ blockGasMeter: blockGasMeter(context.consensusParams) });
    const txResults = this.#options.runner.runBlock(context, request.txs);

    let validatorUpdates: readonly ValidatorUpdate[] = [];
    events.push(
      ...runPhase(context, "EndBlock", (own) => {
        validatorUpdates = modules.endBlock(own);
      }),
    );
    const consensusParamUpdates = this.#options.consensusParams.get(context);
    stores.write();
    genesis?.write();
    this.#pending = { info };
    return {
      events,
      txResults,
      validatorUpdates,
      consensusParamUpdates,
      appHash: store.workingHash(),
    };
  }

  /**
   * Forgets a block that ran and was not committed; another may run at its height. Blobs put since
   * the last commit are forgotten too.
   * @throws {PlainError} for the first block, whose genesis went with it: begin with InitChain.
   */
  abandonBlock(): void {
    if (this.#pending === undefined) return;
    if (this.#genesis !== undefined) {
      throw new PlainError("the first block ran already and was not committed");
    }
    this.#options.store.rollback();
    this.#pending = undefined;
  }

  /** Persists the block that ran last. @throws {InvariantError} if there is none. */
  commit(): { readonly height: bigint; readonly appHash: Uint8Array } {
    const { store } = this.#options;
    invariant(this.#pending !== undefined, "a block is committed after it ran");
    const { info } = this.#pending;
    const { version, hash } = store.commit();
    invariant(version === info.height, "the store's version is the block's height");
    this.#pending = undefined;
    this.#genesis = undefined;
    this.#check = { stores: store.branch(), block: { ...info, txs: [], lastCommit: noVotes } };
    return { height: version, appHash: hash };
  }

  /** A read-only context on a committed version. */
  queryContext(view: MultiStoreView, block: BlockInfo, gasLimit: bigint): Context {
    const context = this.#context({ mode: "query", block, stores: view });
    return context.withGasMeter(createGasMeter(gasLimit));
  }

  /** Genesis state of a committed version, as `app_state`. */
  exportGenesis(view: MultiStoreView, block: BlockInfo): { readonly [name: string]: JsonValue } {
    return this.#options.modules.exportGenesis(
      this.#context({ mode: "query", block, stores: view }),
    );
  }

  #context(
    fields: Pick<Parameters<typeof createContext>[0], "stores"> & {
      readonly mode: Context["mode"];
      readonly block: BlockInfo;
    },
  ): Context {
    return createContext({
      ...fields,
      kvGas: this.#options.kvGas,
      minGasPrices: this.#options.minGasPrices,
      logger: this.#logger,
    });
  }

  #withParams(context: Context): Context {
    const consensusParams = this.#options.consensusParams.get(context);
    return context.with({ consensusParams, blockGasMeter: blockGasMeter(consensusParams) });
  }

  #assertNextHeight(height: bigint): void {
    const { version } = this.#options.store.lastCommitId();
    const expected = version === 0n ? (this.#genesis?.initialHeight ?? 1n) : version + 1n;
    if (height === expected) return;
    throw new PlainError(`invalid height: ${height}; expected: ${expected}`);
  }
}

const noVotes = { round: 0, votes: [] };

/** Runs `body` with events of its own and marks them with the phase. */
function runPhase(
  context: Context,
  mode: "BeginBlock" | "EndBlock",
  body: (context: Context) => void,
): readonly AbciEvent[] {
  const events = new EventManager();
  body(context.with({ events }));
  return events.events.map((event) => withAttribute(event, "mode", mode));
}

function blockInfo(chainId: string, appHash: Uint8Array, request: FinalizeBlockRequest): BlockInfo {
  return {
    chainId,
    height: request.height,
    time: request.time,
    hash: request.hash,
    appHash,
    proposerAddress: request.proposerAddress,
    nextValidatorsHash: request.nextValidatorsHash,
    lastCommit: request.decidedLastCommit,
    misbehavior: request.misbehavior,
    header: request.header,
    commit: request.commit,
    txs: request.txs,
  };
}

/** Without a positive limit a block's gas is not bounded. */
function blockGasMeter(params: ConsensusParams | undefined): GasMeter {
  const maxGas = params?.block.maxGas ?? 0n;
  return maxGas > 0n ? createGasMeter(maxGas) : createInfiniteGasMeter();
}

function parseAppState(bytes: Uint8Array): { readonly [name: string]: JsonValue } {
  let state: unknown;
  try {
    state = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new PlainError("app_state of genesis is not JSON", { cause });
  }
  if (typeof state !== "object" || state === null || Array.isArray(state)) {
    throw new PlainError("app_state of genesis is not an object");
  }
  return state as { readonly [name: string]: JsonValue };
}

/** Validators that consensus was started with must be those of the state, in any order. */
function assertSameValidators(
  asked: readonly ValidatorUpdate[],
  found: readonly ValidatorUpdate[],
): void {
  if (asked.length === 0) return;
  const text = (updates: readonly ValidatorUpdate[]) =>
    updates
      .map(({ keyType, publicKey, power }) => `${keyType}/${publicKey.join(",")}/${power}`)
      .sort()
      .join("\n");
  if (text(asked) === text(found)) return;
  throw new PlainError("validators of genesis differ from those of consensus");
}
