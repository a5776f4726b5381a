/** A committed version, read only. */
import { encodeStoreProof } from "@tacit/light";
import { idToBytes } from "@tacit/light/ids";
import { appHash, storePath } from "./app-hash.ts";
import type { CommitRecord, ReadBackend, StoreBackend } from "./backend/backend.ts";
import { Branch } from "./branch.ts";
import { StoreError } from "./errors.ts";
import { compactProof } from "./iavl/compact-proof.ts";
import { commitmentProof } from "./iavl/ics23-proof.ts";
import { leafValue, type TreeNode } from "./iavl/node.ts";
import { findLeaf, TreeCursor } from "./iavl/read.ts";
import type { Direction, ValueCursor } from "./kv/cursor.ts";
import { keyToId, LayerStore, Overlay, type ReadLayer } from "./kv/layer.ts";
import { loadRoot } from "./mounted-store.ts";
import { simpleProof } from "./simple-proof.ts";
import type { CacheMultiStore, KVStore, MultiStoreView, StoreQueryResult } from "./types.ts";

export class View implements MultiStoreView {
  readonly version: bigint;
  readonly appHash: Uint8Array;
  readonly #record: CommitRecord;
  readonly #backend: ReadBackend;
  readonly #trees = new Map<string, TreeView>();
  /** Root of the newest version if it is in memory: the writer's. */
  readonly #onClose: (() => void) | undefined;
  readonly #rootOf: ((name: string) => TreeNode | undefined) | undefined;

  constructor(
    record: CommitRecord,
    backend: ReadBackend,
    rootOf?: (name: string) => TreeNode | undefined,
    onClose?: () => void,
  ) {
    this.version = BigInt(record.version);
    this.#record = record;
    this.#backend = backend;
    this.#rootOf = rootOf;
    this.#onClose = onClose;
    this.appHash = idToBytes(appHash(this.#hashes()));
  }

  kvStore(name: string): KVStore {
    return new LayerStore(this.#tree(name));
  }

  branch(): CacheMultiStore {
    const scratch = new Map<string, Overlay>();
    return new Branch((name) => {
      let overlay = scratch.get(name);
      if (overlay === undefined) {
        overlay = new Overlay(this.#tree(name));
        scratch.set(name, overlay);
      }
      return overlay;
    }, false);
  }

  query(store: string, key: Uint8Array, prove: boolean): StoreQueryResult {
    const tree = this.#tree(store);
    const id = keyToId(key);
    const height = this.version;
    if (!prove) return { value: tree.read(id), height, proofOps: undefined };
    const { value, proof } = commitmentProof(tree.root, id, tree.backend);
    return {
      value,
      height,
      proofOps: [
        { type: "ics23:iavl", key, data: proof },
        { type: "ics23:simple", key: idToBytes(store), data: this.#simpleProof(store) },
      ],
    };
  }

  proveRead(
    store: string,
    key: Uint8Array,
  ): { readonly value: Uint8Array | undefined; readonly proof: Uint8Array } {
    const tree = this.#tree(store);
    return compactProof(tree.root, keyToId(key), tree.backend);
  }

  proveStore(store: string): { readonly storeRoot: Uint8Array; readonly proof: Uint8Array } {
    const proof = encodeStoreProof(storePath(this.#hashes(), store));
    return { storeRoot: idToBytes(this.#rootHash(store)), proof };
  }

  close(): void {
    this.#onClose?.();
  }

  #simpleProof(store: string): Uint8Array {
    return simpleProof(store, this.#rootHash(store), storePath(this.#hashes(), store));
  }

  #rootHash(store: string): string {
    const root = this.#record.roots.get(store);
    if (root !== undefined) return root.hash;
    throw new StoreError({ code: "store/store_unknown", store }, `no store named ${store}`);
  }

  #hashes(): Map<string, string> {
    const hashes = new Map<string, string>();
    for (const [name, root] of this.#record.roots) hashes.set(name, root.hash);
    return hashes;
  }

  #tree(name: string): TreeView {
    let tree = this.#trees.get(name);
    if (tree !== undefined) return tree;
    const root = this.#record.roots.get(name);
    if (root === undefined) {
      throw new StoreError({ code: "store/store_unknown", store: name }, `no store named ${name}`);
    }
    const backend = this.#backend.store(name);
    const isNewest = () => this.#backend.last()?.version === this.#record.version;
    const inMemory = isNewest() ? this.#rootOf?.(name) : undefined;
    tree = new TreeView(inMemory ?? loadRoot(root, backend), backend, isNewest);
    this.#trees.set(name, tree);
    return tree;
  }
}

/** Reads through the tree, or through the index of newest values while this version is newest. */
class TreeView implements ReadLayer {
  readonly root: TreeNode | undefined;
  readonly backend: StoreBackend;
  readonly #isNewest: () => boolean;

  constructor(root: TreeNode | undefined, backend: StoreBackend, isNewest: () => boolean) {
    this.root = root;
    this.backend = backend;
    this.#isNewest = isNewest;
  }

  read(id: string): Uint8Array | undefined {
    if (this.#isNewest()) return this.backend.read(id);
    const leaf = findLeaf(this.root, id, this.backend);
    return leaf === undefined ? undefined : leafValue(leaf, this.backend);
  }

  cursor(start: string | undefined, end: string | undefined, direction: Direction): ValueCursor {
    if (this.#isNewest()) return this.backend.cursor(start, end, direction);
    return new TreeCursor(this.root, { start, end }, direction, this.backend);
  }
}
