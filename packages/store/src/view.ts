/** A committed version, read only. */
import { encodeStoreProof } from "@tacit/light";
import { idToBytes } from "@tacit/light/ids";
import { appHashOf, storePath } from "./app-hash.ts";
import { type CommitRecord, loadRoot, type ReadBackend } from "./backend/backend.ts";
import { Branch } from "./branch.ts";
import { StoreError } from "./errors.ts";
import { compactProof } from "./iavl/compact-proof.ts";
import { commitmentProof } from "./iavl/ics23-proof.ts";
import { leafValue, type NodeSource, type TreeNode } from "./iavl/node.ts";
import { findLeaf, TreeCursor } from "./iavl/read.ts";
import type { Direction, ValueCursor } from "./kv/cursor.ts";
import { keyToId, LayerStore, Overlay, type ReadLayer } from "./kv/layer.ts";
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
    this.appHash = idToBytes(appHashOf(record));
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
    const { value, proof } = commitmentProof(tree.root, id, tree.nodes);
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
    return compactProof(tree.root, keyToId(key), tree.nodes);
  }

  proveStore(store: string): { readonly storeRoot: Uint8Array; readonly proof: Uint8Array } {
    const proof = encodeStoreProof(storePath(this.#record, store));
    return { storeRoot: idToBytes(this.#rootHash(store)), proof };
  }

  close(): void {
    this.#onClose?.();
  }

  #simpleProof(store: string): Uint8Array {
    return simpleProof(store, this.#rootHash(store), storePath(this.#record, store));
  }

  #rootHash(store: string): string {
    const root = this.#record.roots.get(store);
    if (root !== undefined) return root.hash;
    throw new StoreError({ code: "store/store_unknown", store }, `no store named ${store}`);
  }

  #tree(name: string): TreeView {
    let tree = this.#trees.get(name);
    if (tree !== undefined) return tree;
    const root = this.#record.roots.get(name);
    if (root === undefined) {
      throw new StoreError({ code: "store/store_unknown", store: name }, `no store named ${name}`);
    }
    const { nodes } = this.#backend;
    const isNewest = this.#backend.last()?.version === this.#record.version;
    const inMemory = isNewest ? this.#rootOf?.(name) : undefined;
    tree = new TreeView(inMemory ?? loadRoot(root, nodes), nodes);
    this.#trees.set(name, tree);
    return tree;
  }
}

class TreeView implements ReadLayer {
  readonly root: TreeNode | undefined;
  readonly nodes: NodeSource;

  constructor(root: TreeNode | undefined, nodes: NodeSource) {
    this.root = root;
    this.nodes = nodes;
  }

  read(id: string): Uint8Array | undefined {
    const leaf = findLeaf(this.root, id, this.nodes);
    return leaf === undefined ? undefined : leafValue(leaf, this.nodes);
  }

  cursor(start: string | undefined, end: string | undefined, direction: Direction): ValueCursor {
    return new TreeCursor(this.root, { start, end }, direction, this.nodes);
  }
}
