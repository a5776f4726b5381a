/**
 * What a handler works with: the block, the branch of state it may change, gas and events. A
 * context is a value: `with` makes changed copies, nothing is changed in place.
 */
import { invariant } from "@tacit/encoding/errors";
import type { Commit, Header, Timestamp } from "@tacit/light";
import type { CacheMultiStore, KVStore, MultiStore } from "@tacit/store";
import type { CommitInfo, ConsensusParams, Misbehavior } from "./abci.ts";
import { EventManager } from "./events.ts";
import { createInfiniteGasMeter, type GasMeter, type KvGasTable } from "./gas.ts";
import { createGasStore } from "./gas-store.ts";
import type { AnyValue, DecodedTx } from "./tx.ts";

/**
 * Why something runs. `genesis` is InitChain; `query` reads committed state; the others are the
 * modes of a transaction. Only `genesis` and `finalize` change what gets committed.
 */
export type ExecMode =
  | "genesis"
  | "check"
  | "recheck"
  | "simulate"
  | "prepare"
  | "process"
  | "finalize"
  | "query";

/** The block being executed or, for queries and checks, the last one. */
export interface BlockInfo {
  readonly chainId: string;
  readonly height: bigint;
  readonly time: Timestamp;
  /** Hash of the header; empty where no block is being executed. */
  readonly hash: Uint8Array;
  /** State root before this block. */
  readonly appHash: Uint8Array;
  readonly proposerAddress: Uint8Array;
  readonly nextValidatorsHash: Uint8Array;
  readonly lastCommit: CommitInfo;
  readonly misbehavior: readonly Misbehavior[];
  /** As the driver handed them over; absent in replays of foreign blocks, checks and queries. */
  readonly header?: Header | undefined;
  readonly commit?: Commit | undefined;
  /** The block's transactions, for begin block; empty elsewhere. */
  readonly txs: readonly Uint8Array[];
}

/**
 * Told of every cache context that is opened, written and dropped while a block is finalised,
 * strictly nested. `app` mirrors them into the enclave.
 */
export interface BranchObserver {
  branch(): void;
  commit(): void;
  revert(): void;
}

/**
 * Things of one transaction that outlive a revert: the finalize_tx marker of Secret's fork and
 * what decorators leave for modules. Made anew for each transaction.
 */
export interface TxScope {
  readonly tx: DecodedTx;
  /** Set by the decorator that limits gas; its limit and use are what the result reports. */
  gasMeter: GasMeter | undefined;
  /** A contract said that its message is the transaction's last (sdk-fork section 4). */
  lastMessageMarked: boolean;
  /** Calls of contracts within one another that are under way (privacy protocol section 9.4). */
  callDepth: number;
  /**
   * Number that contracts see, counted by `compute`'s CountTX: transactions that fail before their
   * messages have none. Absent in simulations.
   */
  txIndex: number | undefined;
  /** Accounts of the signers as signature verification saw them. */
  signers: readonly TxSigner[];
  /** Lines of the result's `info`, which no root covers. Never plaintext or secrets. */
  readonly notes: string[];
}

export function createTxScope(tx: DecodedTx): TxScope {
  return {
    tx,
    gasMeter: undefined,
    lastMessageMarked: false,
    callDepth: 0,
    txIndex: undefined,
    signers: [],
    notes: [],
  };
}

export interface TxSigner {
  readonly address: Uint8Array;
  readonly accountNumber: bigint;
  readonly sequence: bigint;
  readonly publicKey: AnyValue;
}

/** Something to write to a log. Never a place for state, plaintext or secrets. */
export interface Logger {
  debug(fields: Readonly<Record<string, unknown>>, text: string): void;
  info(fields: Readonly<Record<string, unknown>>, text: string): void;
  warn(fields: Readonly<Record<string, unknown>>, text: string): void;
  error(fields: Readonly<Record<string, unknown>>, text: string): void;
}

export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

export interface MinGasPrice {
  readonly denom: string;
  /** Price of one unit of gas, times 10^18. */
  readonly amount: bigint;
}

export interface ContextFields {
  readonly mode: ExecMode;
  readonly block: BlockInfo;
  readonly stores: MultiStore | CacheMultiStore;
  readonly gasMeter: GasMeter;
  readonly blockGasMeter: GasMeter;
  readonly kvGas: KvGasTable;
  readonly events: EventManager;
  readonly txBytes: Uint8Array;
  readonly consensusParams: ConsensusParams | undefined;
  /** Of this node; checked in `check` and `recheck` only. */
  readonly minGasPrices: readonly MinGasPrice[];
  readonly logger: Logger;
  readonly observer: BranchObserver | undefined;
  readonly scope: TxScope | undefined;
}

/** A branch under way. Exactly one of `commit` and `revert` is called, innermost branch first. */
export interface CacheContext {
  readonly context: Context;
  /** Writes the branch to its parent and hands its events on. */
  commit(): void;
  revert(): void;
}

export class Context implements ContextFields {
  readonly mode: ExecMode;
  readonly block: BlockInfo;
  readonly stores: MultiStore | CacheMultiStore;
  readonly gasMeter: GasMeter;
  readonly blockGasMeter: GasMeter;
  readonly kvGas: KvGasTable;
  readonly events: EventManager;
  readonly txBytes: Uint8Array;
  readonly consensusParams: ConsensusParams | undefined;
  readonly minGasPrices: readonly MinGasPrice[];
  readonly logger: Logger;
  readonly observer: BranchObserver | undefined;
  readonly scope: TxScope | undefined;
  readonly #metered = new Map<string, KVStore>();

  constructor(fields: ContextFields) {
    this.mode = fields.mode;
    this.block = fields.block;
    this.stores = fields.stores;
    this.gasMeter = fields.gasMeter;
    this.blockGasMeter = fields.blockGasMeter;
    this.kvGas = fields.kvGas;
    this.events = fields.events;
    this.txBytes = fields.txBytes;
    this.consensusParams = fields.consensusParams;
    this.minGasPrices = fields.minGasPrices;
    this.logger = fields.logger;
    this.observer = fields.observer;
    this.scope = fields.scope;
  }

  get chainId(): string {
    return this.block.chainId;
  }

  get height(): bigint {
    return this.block.height;
  }

  get time(): Timestamp {
    return this.block.time;
  }

  /** Block time in nanoseconds since the epoch. */
  get timeNs(): bigint {
    return this.block.time.seconds * 1_000_000_000n + BigInt(this.block.time.nanos);
  }

  /** Whether this is CheckTx, new or again. */
  get isCheck(): boolean {
    return this.mode === "check" || this.mode === "recheck";
  }

  /** The named store behind this context's gas meter. */
  kvStore(name: string): KVStore {
    let store = this.#metered.get(name);
    if (store === undefined) {
      store = createGasStore(this.stores.kvStore(name), this.gasMeter, this.kvGas);
      this.#metered.set(name, store);
    }
    return store;
  }

  /** The named store without gas: for indexes and counters that no transaction pays for. */
  freeKvStore(name: string): KVStore {
    return this.stores.kvStore(name);
  }

  /** A copy with other fields. */
  with(changes: Partial<ContextFields>): Context {
    return new Context({ ...this, ...changes });
  }

  withGasMeter(gasMeter: GasMeter): Context {
    return this.with({ gasMeter });
  }

  /** A branch of state with events of its own, on the same gas meter. */
  cacheContext(): CacheContext {
    const branch = branchOf(this.stores);
    const context = this.with({ stores: branch, events: new EventManager() });
    this.observer?.branch();
    let isOpen = true;
    const close = () => {
      invariant(isOpen, "a cache context is closed once");
      isOpen = false;
    };
    return {
      context,
      commit: () => {
        close();
        this.events.emitAll(context.events.events);
        branch.write();
        this.observer?.commit();
      },
      revert: () => {
        close();
        this.observer?.revert();
      },
    };
  }

  /** Runs `body` on a branch: kept if it returns, dropped with its events if it throws. */
  branched<T>(body: (context: Context) => T): T {
    const cache = this.cacheContext();
    let result: T;
    try {
      result = body(cache.context);
    } catch (error) {
      cache.revert();
      throw error;
    }
    cache.commit();
    return result;
  }
}

/** A branch of `stores`. Views of committed versions get a branch that is never written. */
export function branchOf(stores: MultiStore | CacheMultiStore): CacheMultiStore {
  invariant("branch" in stores, "state is branched only where it can be written");
  return stores.branch();
}

export const emptyBlockInfo: BlockInfo = Object.freeze({
  chainId: "",
  height: 0n,
  time: { seconds: 0n, nanos: 0 },
  hash: new Uint8Array(),
  appHash: new Uint8Array(),
  proposerAddress: new Uint8Array(),
  nextValidatorsHash: new Uint8Array(),
  lastCommit: { round: 0, votes: [] },
  misbehavior: [],
  txs: [],
});

/** A context over `stores` with defaults for everything else; for frames and tests. */
export function createContext(
  fields: Partial<ContextFields> & Pick<ContextFields, "stores" | "kvGas">,
): Context {
  return new Context({
    mode: "finalize",
    block: emptyBlockInfo,
    gasMeter: createInfiniteGasMeter(),
    blockGasMeter: createInfiniteGasMeter(),
    events: new EventManager(),
    txBytes: new Uint8Array(),
    consensusParams: undefined,
    minGasPrices: [],
    logger: silentLogger,
    observer: undefined,
    scope: undefined,
    ...fields,
  });
}
