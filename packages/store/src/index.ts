export { StoreError, type StoreFailure } from "./errors.ts";
export { createMemoryMultiStore, type MemoryOptions } from "./multistore.ts";
export {
  type MultiStoreOptions,
  openMultiStore,
  openMultiStoreReader,
  type ReaderOptions,
} from "./open.ts";
export type { ProofOp } from "./proof-op.ts";
export type {
  BlobStore,
  CacheMultiStore,
  CommitId,
  CommitMultiStore,
  KVStore,
  MultiStore,
  MultiStoreReader,
  MultiStoreView,
  StoreQueryResult,
} from "./types.ts";
