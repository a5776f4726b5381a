/** What a multistore needs of the thing that keeps its committed versions. */
import type { NodeSource, TreeNode } from "../iavl/node.ts";

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
  /** Root with hashes made; some nodes below it may be new. */
  readonly root: TreeNode | undefined;
  readonly hash: string;
  /** Records of the version before that this one does not use. */
  readonly orphans: readonly number[];
}

export interface CommitBatch {
  readonly version: number;
  readonly changes: readonly StoreChange[];
  readonly blobs: ReadonlyMap<string, Uint8Array>;
}

export interface ReadBackend {
  readonly nodes: NodeSource;
  last(): CommitRecord | undefined;
  /** 0 before the first commit. */
  earliestVersion(): number;
  record(version: number): CommitRecord | undefined;
  blob(key: string): Uint8Array | undefined;
}

export interface Backend extends ReadBackend {
  /** Gives new nodes their records and makes everything durable, or changes nothing. */
  commit(batch: CommitBatch): CommitRecord;
  close(): Promise<void>;
}

/** The root node of a committed tree, its hash set. */
export function loadRoot(root: StoreRoot | undefined, nodes: NodeSource): TreeNode | undefined {
  if (root === undefined || root.ref === 0) return undefined;
  return nodes.load(root.ref, root.hash);
}
