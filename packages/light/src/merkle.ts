/** RFC 6962 Merkle trees as CometBFT uses them (crypto/merkle). Hashes are ids, see ids.ts. */
import { EMPTY_HASH_ID, HASH_BYTES, sha256Id, writeId } from "./ids.ts";

const LEAF_TAG = 0;
const INNER_TAG = 1;

const innerScratch = new Uint8Array(1 + 2 * HASH_BYTES);

/** sha256(0x00 ‖ bytes). */
export function merkleLeaf(bytes: Uint8Array): string {
  const tagged = new Uint8Array(1 + bytes.length);
  tagged[0] = LEAF_TAG;
  tagged.set(bytes, 1);
  return sha256Id(tagged);
}

/** sha256(0x01 ‖ left ‖ right). */
export function merkleInner(left: string, right: string): string {
  innerScratch[0] = INNER_TAG;
  writeId(innerScratch, left, 1);
  writeId(innerScratch, right, 1 + HASH_BYTES);
  return sha256Id(innerScratch);
}

/** Root over leaf hashes `low` to `high`; sha256("") of none. */
export function merkleRoot(
  leaves: readonly string[],
  low: number = 0,
  high: number = leaves.length,
): string {
  if (high === low) return EMPTY_HASH_ID;
  if (high - low === 1) return leaves[low] as string;
  const middle = low + splitPoint(high - low);
  return merkleInner(merkleRoot(leaves, low, middle), merkleRoot(leaves, middle, high));
}

/** One step up: the sibling's hash and its side. */
export interface MerkleStep {
  readonly siblingIsLeft: boolean;
  readonly sibling: string;
}

/** From leaf `index` up to the root. */
export function merklePath(leaves: readonly string[], index: number): MerkleStep[] {
  const steps: MerkleStep[] = [];
  let low = 0;
  let high = leaves.length;
  while (high - low > 1) {
    const middle = low + splitPoint(high - low);
    const inLeft = index < middle;
    const sibling = inLeft ? merkleRoot(leaves, middle, high) : merkleRoot(leaves, low, middle);
    steps.push({ siblingIsLeft: !inLeft, sibling });
    if (inLeft) high = middle;
    else low = middle;
  }
  return steps.reverse();
}

/** The root that `leaf` and its path lead to. */
export function foldMerklePath(leaf: string, steps: readonly MerkleStep[]): string {
  let hash = leaf;
  for (const { siblingIsLeft, sibling } of steps) {
    hash = siblingIsLeft ? merkleInner(sibling, hash) : merkleInner(hash, sibling);
  }
  return hash;
}

/** Largest power of two below `count`, which is at least 2. */
function splitPoint(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}
