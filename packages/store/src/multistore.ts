/** The named stores of a chain, committed together. */
import { invariant } from "@tacit/encoding/errors";
import { EMPTY_HASH_ID, idToBytes } from "@tacit/light/ids";
import { appHash, appHashOf } from "./app-hash.ts";
import type { Backend, CommitRecord } from "./backend/backend.ts";
import { MemoryBackend } from "./backend/memory.ts";
import { Branch } from "./branch.ts";
import { StoreError } from "./errors.ts";
import { BLOB_KEY_BYTES_MAX } from "./limits.ts";
import { MountedStore } from "./mounted-store.ts";
import { NodeBudget } from "./node-budget.ts";
import type {
  BlobStore,
  CacheMultiStore,
  CommitId,
  CommitMultiStore,
  MultiStoreView,
} from "./types.ts";
import { View } from "./view.ts";

export interface MultiStoreInternals {
  readonly nodeCacheBytes: number;
  readonly onClose?: () => void;
}

export class MultiStoreImpl implements CommitMultiStore {
  readonly storeNames: readonly string[];
  readonly blobs: PendingBlobs;
  readonly #backend: Backend;
  readonly #stores = new Map<string, MountedStore>();
  #last: CommitRecord | undefined;
  readonly #options: MultiStoreInternals;
  readonly #nodes: NodeBudget;
  #initialVersion = 1;

  constructor(names: readonly string[], backend: Backend, options: MultiStoreInternals) {
    this.storeNames = [...names];
    this.#options = options;
    this.#nodes = new NodeBudget(options.nodeCacheBytes);
    this.#backend = backend;
    this.#last = backend.last();
    this.blobs = new PendingBlobs(backend);
    for (const name of names) {
      const root = this.#last?.roots.get(name);
      this.#stores.set(name, new MountedStore(name, backend.nodes, root));
    }
  }

  lastCommitId(): CommitId {
    return this.#last === undefined ? NO_COMMIT : commitIdOf(this.#last);
  }

  earliestVersion(): bigint {
    return BigInt(this.#backend.earliestVersion());
  }

  setInitialVersion(version: bigint): void {
    invariant(this.#last === undefined, "the initial version is set before the first commit");
    invariant(version >= 1n, "versions start at 1 or later");
    const next = Number(version);
    if (next === this.#initialVersion) return;
    this.#initialVersion = next;
    for (const store of this.#stores.values()) store.tree.forgetHashes();
  }

  branch(): CacheMultiStore {
    return new Branch((name) => this.#store(name), true);
  }

  workingRoots(): ReadonlyMap<string, Uint8Array> {
    const roots = new Map<string, Uint8Array>();
    for (const [name, hash] of this.#rootHashes()) roots.set(name, idToBytes(hash));
    return roots;
  }

  workingHash(): Uint8Array {
    return idToBytes(appHash(this.#rootHashes()));
  }

  commit(): CommitId {
    const version = this.#nextVersion();
    const changes = [...this.#stores.values()].map((store) => store.change(version));
    this.#last = this.#backend.commit({ version, changes, blobs: this.blobs.pending });
    for (const store of this.#stores.values()) store.settle();
    this.#backend.nodes.epoch += 1;
    this.#nodes.settle(this.#stores.values(), this.#backend.nodes);
    this.blobs.settle();
    return commitIdOf(this.#last);
  }

  rollback(): void {
    for (const store of this.#stores.values()) store.rollback();
    this.blobs.settle();
  }

  atVersion(version: bigint): MultiStoreView {
    const record = recordOf(this.#backend, version);
    return new View(record, this.#backend, (name) => this.#store(name).committed);
  }

  async close(): Promise<void> {
    await this.#backend.close();
    this.#options.onClose?.();
  }

  #nextVersion(): number {
    return this.#last === undefined ? this.#initialVersion : this.#last.version + 1;
  }

  #rootHashes(): Map<string, string> {
    const version = this.#nextVersion();
    const roots = new Map<string, string>();
    for (const [name, store] of this.#stores) roots.set(name, store.rootHash(version));
    return roots;
  }

  #store(name: string): MountedStore {
    const store = this.#stores.get(name);
    if (store !== undefined) return store;
    throw new StoreError({ code: "store/store_unknown", store: name }, `no store named ${name}`);
  }
}

/** Blobs written since the last commit, over those on disk. */
class PendingBlobs implements BlobStore {
  readonly pending = new Map<string, Uint8Array>();
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get(key: string): Uint8Array | undefined {
    return this.pending.get(key) ?? this.#backend.blob(key);
  }

  put(key: string, value: Uint8Array): void {
    const length = Buffer.byteLength(key);
    if (length === 0 || length > BLOB_KEY_BYTES_MAX) {
      throw new StoreError(
        { code: "store/bad_key", lengthBytes: length },
        `a blob's key has 1 to ${BLOB_KEY_BYTES_MAX} bytes, not ${length}`,
      );
    }
    this.pending.set(key, value);
  }

  settle(): void {
    this.pending.clear();
  }
}

/** Before the first commit. */
export const NO_COMMIT: CommitId = { version: 0n, hash: idToBytes(EMPTY_HASH_ID) };

/** @throws {StoreError} `store/version_unknown`. */
export function recordOf(backend: Pick<Backend, "record">, version: bigint): CommitRecord {
  const known = version > 0n && version <= BigInt(Number.MAX_SAFE_INTEGER);
  const record = known ? backend.record(Number(version)) : undefined;
  if (record !== undefined) return record;
  throw new StoreError(
    { code: "store/version_unknown", version },
    `version ${version} is pruned or not committed yet`,
  );
}

export function commitIdOf(record: CommitRecord): CommitId {
  return { version: BigInt(record.version), hash: idToBytes(appHashOf(record)) };
}

export interface MemoryOptions {
  /** How many of the newest versions can be read; all of them by default. At least 1. */
  readonly keepVersions?: number;
}

/** Real trees without a disk, for unit tests. */
export function createMemoryMultiStore(
  names: readonly string[],
  options: MemoryOptions = {},
): CommitMultiStore {
  const backend = new MemoryBackend(options.keepVersions ?? Number.POSITIVE_INFINITY);
  return new MultiStoreImpl(names, backend, { nodeCacheBytes: Number.POSITIVE_INFINITY });
}
