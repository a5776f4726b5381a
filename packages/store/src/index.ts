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
