/**
 * Keeping the nodes of a tree in memory within bounds. Every use stamps a node with the epoch, which
 * grows with each commit, and a parent is never used later than its child; so cutting off nodes by
 * the age of their stamp cuts off whole subtrees.
 */
import { type Inner, isLeaf, type TreeNode } from "./node.ts";

/** Ages are told apart by powers of two: 0, 1, 2-3, 4-7, … */
const AGE_CLASSES = 32;

/** How many nodes of each age class a tree has in memory. */
export class AgeCensus {
  readonly counts: number[] = new Array<number>(AGE_CLASSES).fill(0);

  add(root: TreeNode | undefined, epoch: number): void {
    if (root === undefined) return;
    this.counts[ageClass(epoch - root.used)]! += 1;
    if (isLeaf(root)) return;
    this.add(root.left, epoch);
    this.add(root.right, epoch);
  }

  /** The youngest age class that has to go so that at most `nodesMax` stay. */
  cutoff(nodesMax: number): number {
    let kept = 0;
    for (let age = 0; age < AGE_CLASSES; age++) {
      kept += this.counts[age] as number;
      if (kept > nodesMax) return age;
    }
    return AGE_CLASSES;
  }
}

/** Unlinks the subtrees below `root` whose age class is at least `cutoff`. @returns what stays. */
export function evict(root: TreeNode | undefined, epoch: number, cutoff: number): number {
  if (root === undefined) return 0;
  if (isLeaf(root)) return 1;
  return 1 + evictLeft(root, epoch, cutoff) + evictRight(root, epoch, cutoff);
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
