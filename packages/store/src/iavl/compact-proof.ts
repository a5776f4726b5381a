/** Compact read proofs of one tree, in the format of `light` (read-proof-format.ts). */
import {
  READ_ABSENT_AFTER,
  READ_ABSENT_BEFORE,
  READ_ABSENT_BETWEEN,
  READ_ABSENT_EMPTY,
  READ_PRESENT,
  ReadProofWriter,
} from "@tacit/light";
import { sha256Id } from "@tacit/light/ids";
import { leafValue, type NodeSource, type TreeNode } from "./node.ts";
import { type LeafPath, neighbours, type PathStep, pathTo } from "./path.ts";

export function compactProof(
  root: TreeNode | undefined,
  key: string,
  source: NodeSource,
): { readonly value: Uint8Array | undefined; readonly proof: Uint8Array } {
  const path = pathTo(root, key, source);
  if (path.leaf === undefined) {
    return { value: undefined, proof: new ReadProofWriter(READ_ABSENT_EMPTY).finish() };
  }
  if (path.leaf.key !== key) return { value: undefined, proof: absence(path, key, source) };
  const writer = new ReadProofWriter(READ_PRESENT);
  writer.version(path.leaf.version);
  writeSteps(writer, path.inners, 0);
  return { value: leafValue(path.leaf, source), proof: writer.finish() };
}

function absence(path: LeafPath, key: string, source: NodeSource): Uint8Array {
  const { left, right } = neighbours(path, key, source);
  if (left !== undefined && right !== undefined) return between(left, right, source);
  const writer = new ReadProofWriter(left === undefined ? READ_ABSENT_BEFORE : READ_ABSENT_AFTER);
  const only = (left ?? right) as LeafPath;
  writeLeaf(writer, only, source);
  writeSteps(writer, only.inners, 0);
  return writer.finish();
}

function between(left: LeafPath, right: LeafPath, source: NodeSource): Uint8Array {
  const writer = new ReadProofWriter(READ_ABSENT_BETWEEN);
  writeLeaf(writer, left, source);
  writeLeaf(writer, right, source);
  let meet = 0;
  while (left.inners[meet]?.goesLeft === right.inners[meet]?.goesLeft) meet += 1;
  writeSteps(writer, left.inners, meet + 1);
  writeSteps(writer, right.inners, meet + 1);
  writer.prefix((left.inners[meet] as PathStep).node);
  writeSteps(writer, left.inners.slice(0, meet), 0);
  return writer.finish();
}

function writeLeaf(writer: ReadProofWriter, { leaf }: LeafPath, source: NodeSource): void {
  writer.leaf(leaf.key, leaf.version, sha256Id(leafValue(leaf, source)));
}

/** The steps below `from` (counted from the root), deepest first. */
function writeSteps(writer: ReadProofWriter, inners: readonly PathStep[], from: number): void {
  writer.count(inners.length - from);
  for (let i = inners.length - 1; i >= from; i--) {
    const { node, goesLeft } = inners[i] as PathStep;
    writer.step(!goesLeft, node, goesLeft ? node.right.hash : node.left.hash);
  }
}
