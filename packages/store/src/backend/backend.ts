/** What a multistore needs of the thing that keeps its committed versions. */
import type { NodeSource, TreeNode } from "../iavl/node.ts";
import type { ReadLayer } from "../kv/layer.ts";

/** Root of one store in one version. */
export interface StoreRoot {
  /** 32 characters. */
  readonly hash: string;
  /** Record of the root node; 0 for a tree without keys. */
  readonly ref: number;
}

export interface CommitRecord {
  readonly version: number;
  readonly roots: ReadonlyMap<string, StoreRoot>;
}

/** What changed in one store since the last commit. */
export interface StoreChange {
  readonly name: string;
  /** Root with hashes made; nodes without a `ref` are new. */
  readonly root: TreeNode | undefined;
  readonly hash: string;
  /** Records of the version before that this one does not use. */
  readonly orphans: readonly number[];
  /** Ids with their new values, ascending; undefined deletes. */
  readonly writes: Iterable<readonly [string, Uint8Array | undefined]>;
}

export interface CommitBatch {
  readonly version: number;
  readonly changes: readonly StoreChange[];
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

/** One store's committed nodes, and its newest committed pairs without a walk through the tree. */
export interface StoreBackend extends NodeSource, ReadLayer {
  /** Grows with each commit. */
  epoch: number;
  /** Nodes read since the counter was last set to 0. */
  loads: number;
}

export interface ReadBackend {
  last(): CommitRecord | undefined;
  /** 0 before the first commit. */
  earliestVersion(): number;
  record(version: number): CommitRecord | undefined;
  store(name: string): StoreBackend;
  blob(key: string): Uint8Array | undefined;
}

export interface Backend extends ReadBackend {
  /** Gives new nodes their records and makes everything durable, or changes nothing. */
  commit(batch: CommitBatch): CommitRecord;
  close(): Promise<void>;
}
