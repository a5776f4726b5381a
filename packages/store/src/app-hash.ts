/** The multistore's root: RFC 6962 over the stores sorted by name (store v1, `commitInfo.Hash`). */
import { storeLeaf } from "@tacit/light";
import { type MerkleStep, merklePath, merkleRoot } from "@tacit/light/merkle";
import type { CommitRecord } from "./backend/backend.ts";
import { compareIds } from "./kv/layer.ts";

interface SortedLeaves {
  readonly names: readonly string[];
  readonly leaves: readonly string[];
  readonly root: string;
}

/** Views and answers ask again and again for the same version's. */
const knownLeaves = new WeakMap<CommitRecord, SortedLeaves>();

/** @param roots 32-character hashes by store name. @returns a 32-character hash. */
export function appHash(roots: ReadonlyMap<string, string>): string {
  return sortLeaves(roots).root;
}

/** The app hash of a committed version, 32 characters. */
export function appHashOf(record: CommitRecord): string {
  return leavesOf(record).root;
}

/** The way from one store's leaf up to the app hash. */
export function storePath(record: CommitRecord, name: string): MerkleStep[] {
  const { names, leaves } = leavesOf(record);
  return merklePath(leaves, names.indexOf(name));
}

function leavesOf(record: CommitRecord): SortedLeaves {
  let known = knownLeaves.get(record);
  if (known === undefined) {
    known = sortLeaves(new Map([...record.roots].map(([name, { hash }]) => [name, hash])));
    knownLeaves.set(record, known);
  }
  return known;
}

function sortLeaves(roots: ReadonlyMap<string, string>): SortedLeaves {
  const names = [...roots.keys()].sort(compareIds);
  const leaves = names.map((name) => storeLeaf(name, roots.get(name) as string));
  return { names, leaves, root: merkleRoot(leaves) };
}
