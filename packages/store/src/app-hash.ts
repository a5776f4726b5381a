/** The multistore's root: RFC 6962 over the stores sorted by name (store v1, `commitInfo.Hash`). */
import { storeLeaf } from "@tacit/light";
import { type MerkleStep, merklePath, merkleRoot } from "@tacit/light/merkle";
import { compareIds } from "./kv/layer.ts";

/** @param roots 32-character hashes by store name. @returns a 32-character hash. */
export function appHash(roots: ReadonlyMap<string, string>): string {
  return merkleRoot(sortedLeaves(roots));
}

/** The way from one store's leaf up to the app hash. */
export function storePath(roots: ReadonlyMap<string, string>, name: string): MerkleStep[] {
  const index = [...roots.keys()].sort(compareIds).indexOf(name);
  return merklePath(sortedLeaves(roots), index);
}

function sortedLeaves(roots: ReadonlyMap<string, string>): string[] {
  return [...roots.keys()]
    .sort(compareIds)
    .map((name) => storeLeaf(name, roots.get(name) as string));
}
