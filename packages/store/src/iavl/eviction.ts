/**
 * Keeping the nodes of a tree in memory within bounds. Every use stamps a node with the epoch, which
 * grows with each commit, and a parent is never used later than its child; so cutting off nodes by
 * the age of their stamp cuts off whole subtrees.
 */
import { type Inner, isLeaf, nodeBytes, type TreeNode } from "./node.ts";

/** Ages are told apart by powers of two: 0, 1, 2-3, 4-7, … */
const AGE_CLASSES = 33;

/** How many bytes of each age class trees have in memory. */
export class AgeCensus {
  readonly #bytes: number[] = new Array<number>(AGE_CLASSES).fill(0);

  add(node: TreeNode | undefined, epoch: number): void {
    if (node === undefined) return;
    this.#bytes[ageClass(epoch - node.used)]! += nodeBytes(node);
    if (isLeaf(node)) return;
    this.add(node.left, epoch);
    this.add(node.right, epoch);
  }

  /** The youngest age class that has to go so that at most `bytesMax` stay. */
  cutoff(bytesMax: number): number {
    let kept = 0;
    for (let age = 0; age < AGE_CLASSES; age++) {
      kept += this.#bytes[age] as number;
      if (kept > bytesMax) return age;
    }
    return AGE_CLASSES;
  }
}

/** Unlinks the nodes below `node` whose age class is at least `cutoff`. @returns bytes that stay. */
export function evict(node: TreeNode | undefined, epoch: number, cutoff: number): number {
  if (node === undefined) return 0;
  const own = nodeBytes(node);
  if (isLeaf(node)) return own;
  return own + evictLeft(node, epoch, cutoff) + evictRight(node, epoch, cutoff);
}

function evictLeft(node: Inner, epoch: number, cutoff: number): number {
  const child = node.left;
  if (child === undefined || ageClass(epoch - child.used) < cutoff) {
    return evict(child, epoch, cutoff);
  }
  node.leftRef = child.ref;
  node.leftHash = child.hash;
  node.left = undefined;
  return 0;
}

function evictRight(node: Inner, epoch: number, cutoff: number): number {
  const child = node.right;
  if (child === undefined || ageClass(epoch - child.used) < cutoff) {
    return evict(child, epoch, cutoff);
  }
  node.rightRef = child.ref;
  node.rightHash = child.hash;
  node.right = undefined;
  return 0;
}

function ageClass(age: number): number {
  return 32 - Math.clz32(age);
}
