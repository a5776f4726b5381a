export { StoreError, type StoreFailure } from "./errors.ts";
export { createMemoryMultiStore, type MemoryOptions } from "./multistore.ts";
export { type MultiStoreOptions, openMultiStore } from "./open.ts";
export type { ProofOp } from "./proof-op.ts";
export type {
  BlobStore,
  CacheMultiStore,
  CommitId,
  CommitMultiStore,
  KVStore,
  MultiStore,
  MultiStoreView,
  StoreQueryResult,
} from "./types.ts";
