/**
 * The place of a store's root under the app hash, compact:
 * `count(1) (side(1) sibling(32))*`, from the store's leaf up; side is 1 if the sibling is left.
 */
import { bytesToId, HASH_BYTES, sha256Id, sliceToId, writeId, writeUvarint } from "./ids.ts";
import { foldMerklePath, type MerkleStep, merkleLeaf } from "./merkle.ts";

/** A multistore has a handful of stores; 2^16 are more than enough. */
const STORE_STEPS_MAX = 16;
const STORE_STEP_BYTES = 1 + HASH_BYTES;
const LENGTH_BYTES_MAX = 5;

/**
 * Leaf of a store in the multistore's tree: `uvarint(length) ‖ name ‖ 32 ‖ sha256(root)`, tagged.
 * @param name ASCII. @param root 32-character id.
 */
export function storeLeaf(name: string, root: string): string {
  const bytes = new Uint8Array(LENGTH_BYTES_MAX + name.length + 1 + HASH_BYTES);
  let end = writeUvarint(bytes, name.length, 0);
  end = writeId(bytes, name, end);
  bytes[end++] = HASH_BYTES;
  const rootBytes = new Uint8Array(HASH_BYTES);
  writeId(rootBytes, root, 0);
  end = writeId(bytes, sha256Id(rootBytes), end);
  return merkleLeaf(bytes.subarray(0, end));
}

export function encodeStoreProof(steps: readonly MerkleStep[]): Uint8Array {
  const bytes = new Uint8Array(1 + steps.length * STORE_STEP_BYTES);
  bytes[0] = steps.length;
  let end = 1;
  for (const { siblingIsLeft, sibling } of steps) {
    bytes[end++] = siblingIsLeft ? 1 : 0;
    end = writeId(bytes, sibling, end);
  }
  return bytes;
}

/** Whether `store` has `storeRoot` in the state whose root is `appHash`. Never throws. */
export function verifyStoreRoot(claim: {
  readonly appHash: Uint8Array;
  readonly store: string;
  readonly storeRoot: Uint8Array;
  readonly proof: Uint8Array;
}): boolean {
  const { appHash, store, storeRoot, proof } = claim;
  if (appHash.length !== HASH_BYTES || storeRoot.length !== HASH_BYTES) return false;
  if (!/^[\x20-\x7e]{1,255}$/.test(store)) return false;
  const steps = decodeSteps(proof);
  if (steps === undefined) return false;
  const leaf = storeLeaf(store, bytesToId(storeRoot));
  return foldMerklePath(leaf, steps) === bytesToId(appHash);
}

function decodeSteps(proof: Uint8Array): MerkleStep[] | undefined {
  const count = proof[0];
  if (count === undefined || count > STORE_STEPS_MAX) return undefined;
  if (proof.length !== 1 + count * STORE_STEP_BYTES) return undefined;
  const steps: MerkleStep[] = [];
  for (let at = 1; at < proof.length; at += STORE_STEP_BYTES) {
    const side = proof[at] as number;
    if (side > 1) return undefined;
    const sibling = sliceToId(proof, at + 1, at + STORE_STEP_BYTES);
    steps.push({ siblingIsLeft: side === 1, sibling });
  }
  return steps;
}
