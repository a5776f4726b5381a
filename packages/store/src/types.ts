/** Key-value and multistore interfaces, in the vocabulary of the Cosmos SDK's store/v2. */
import type { ProofOp } from "./proof-op.ts";

/** Keys are 1 byte or longer; values may be empty. Arrays handed in or out are never changed. */
export interface KVStore {
  get(key: Uint8Array): Uint8Array | undefined;
  has(key: Uint8Array): boolean;
  set(key: Uint8Array, value: Uint8Array): void;
  delete(key: Uint8Array): void;
  /**
   * Pairs with `start <= key < end` in byte order; an absent bound is open. Writing while
   * iterating is allowed; the iteration shows the state of its beginning.
   */
  iterator(start?: Uint8Array, end?: Uint8Array): Iterable<readonly [Uint8Array, Uint8Array]>;
  reverseIterator(
    start?: Uint8Array,
    end?: Uint8Array,
  ): Iterable<readonly [Uint8Array, Uint8Array]>;
}

export interface CommitId {
  readonly version: bigint;
  /** 32 bytes: the app hash. */
  readonly hash: Uint8Array;
}

/** Named stores of one version, or of the state being built. */
export interface MultiStore {
  kvStore(name: string): KVStore;
}

/** A branch: reads through, keeps writes until `write`. */
export interface CacheMultiStore extends MultiStore {
  branch(): CacheMultiStore;
  /** Applies the writes to the parent, each store's in ascending key order. */
  write(): void;
}

export interface StoreQueryResult {
  readonly value: Uint8Array | undefined;
  readonly height: bigint;
  /** Two operations, `ics23:iavl` and `ics23:simple`, when asked for. */
  readonly proofOps: readonly ProofOp[] | undefined;
}

/** The committed state with the changes of the block being executed. */
export interface CommitMultiStore {
  readonly storeNames: readonly string[];
  lastCommitId(): CommitId;
  earliestVersion(): bigint;
  /** A branch over the working state; its `write` changes the working state. */
  branch(): CacheMultiStore;
  /** The app hash that `commit` would give now. */
  workingHash(): Uint8Array;
  /** Persists the working state as the next version (the initial height for the first), atomically. */
  commit(): CommitId;
  /** Forgets everything written since the last commit. */
  rollback(): void;
  /** @throws {StoreError} `store/version_unknown` if the version is pruned or in the future. */
  atVersion(version: bigint): MultiStoreView;
  /** Root of each IAVL store in the working state, by name. */
  workingRoots(): ReadonlyMap<string, Uint8Array>;
  setInitialVersion(version: bigint): void;
  /**
   * Content that no root covers and that consensus does not need to agree on byte by byte: contract code by its hash,
   * the enclave's sealed state. Written with the next commit in the same transaction.
   */
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

export interface BlobStore {
  get(key: string): Uint8Array | undefined;
  /** Durable with the next `commit`. Visible at once to this process's `get`. */
  put(key: string, value: Uint8Array): void;
}

/** A committed version, read only, in its own read transaction; usable from another thread or process. */
export interface MultiStoreView extends MultiStore {
  readonly version: bigint;
  readonly appHash: Uint8Array;
  /** A branch over this version that nobody else sees; its `write` changes nothing that is kept. */
  branch(): CacheMultiStore;
  /** ICS-23 proofs as CometBFT's proof operations. */
  query(store: string, key: Uint8Array, prove: boolean): StoreQueryResult;
  /**
   * The compact proof of `light` (`decodeReadProof`) of one key of one store against that store's
   * root: presence with the value, or absence with its neighbours.
   */
  proveRead(
    store: string,
    key: Uint8Array,
  ): { readonly value: Uint8Array | undefined; readonly proof: Uint8Array };
  /** The compact proof that `store` has `storeRoot` under `appHash`. */
  proveStore(store: string): { readonly storeRoot: Uint8Array; readonly proof: Uint8Array };
  /** Lets go of the read transaction of a reader's view; views of the writer hold none. */
  close(): void;
}

/** Committed versions as another thread or process sees them while the writer goes on. */
export interface MultiStoreReader {
  lastCommitId(): CommitId;
  earliestVersion(): bigint;
  /**
   * A version in a read transaction of its own, so that neither a commit nor pruning changes it. Close it soon: what
   * the writer frees meanwhile cannot be used again.
   * @throws {StoreError} `store/version_unknown`.
   */
  atVersion(version: bigint): MultiStoreView;
  /** The newest version. @throws {StoreError} `store/version_unknown` before the first commit. */
  latest(): MultiStoreView;
  blob(key: string): Uint8Array | undefined;
  close(): Promise<void>;
}
