/**
 * Keeping the nodes of a tree in memory within bounds. Every use stamps a node with the epoch, which
 * grows with each commit, and a parent is never used later than its child; so cutting off nodes by
 * the age of their stamp cuts off whole subtrees.
 */
import { type Child, isLeaf, isStub, nodeBytes, Stub, type TreeNode } from "./node.ts";

/** Ages are told apart by powers of two: 0, 1, 2-3, 4-7, … */
const AGE_CLASSES = 33;

/** How many bytes of each age class trees have in memory. */
export class AgeCensus {
  readonly #bytes: number[] = new Array<number>(AGE_CLASSES).fill(0);

  add(node: TreeNode, epoch: number): void {
    this.#bytes[ageClass(epoch - node.used)]! += nodeBytes(node);
    if (isLeaf(node)) return;
    if (!isStub(node.left)) this.add(node.left, epoch);
    if (!isStub(node.right)) this.add(node.right, epoch);
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
export function evict(node: TreeNode, epoch: number, cutoff: number): number {
  let bytes = nodeBytes(node);
  if (isLeaf(node)) return bytes;
  node.left = keptOrStub(node.left, epoch, cutoff);
  node.right = keptOrStub(node.right, epoch, cutoff);
  if (!isStub(node.left)) bytes += evict(node.left, epoch, cutoff);
  if (!isStub(node.right)) bytes += evict(node.right, epoch, cutoff);
  return bytes;
}

function keptOrStub(child: Child, epoch: number, cutoff: number): Child {
  if (isStub(child) || ageClass(epoch - child.used) < cutoff) return child;
  return new Stub(child.ref, child.height, child.hash);
}

function ageClass(age: number): number {
  return 32 - Math.clz32(age);
}
