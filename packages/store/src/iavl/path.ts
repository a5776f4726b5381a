/** Ways from the root to a leaf and to its neighbours. */
import {
  type Inner,
  isLeaf,
  type Leaf,
  loadLeft,
  loadRight,
  type NodeSource,
  type TreeNode,
} from "./node.ts";

/** An inner node of a path and which way the path goes on. */
export interface PathStep {
  readonly node: Inner;
  readonly goesLeft: boolean;
}

export interface LeafPath {
  readonly leaf: Leaf;
  /** From the root down. */
  readonly inners: readonly PathStep[];
}

/** The way a search for `key` takes; its leaf is the key's or one of its neighbours. */
export function pathTo(
  root: TreeNode | undefined,
  key: string,
  source: NodeSource,
): LeafPath | { readonly leaf: undefined; readonly inners: readonly PathStep[] } {
  const inners: PathStep[] = [];
  if (root === undefined) return { leaf: undefined, inners };
  let node = root;
  while (!isLeaf(node)) {
    const goesLeft = key < node.key;
    inners.push({ node, goesLeft });
    node.used = source.epoch;
    node = goesLeft ? loadLeft(node, source) : loadRight(node, source);
  }
  return { leaf: node, inners };
}

/** The leaves on both sides of an absent `key`, given where its search ended. */
export function neighbours(
  path: ReturnType<typeof pathTo>,
  key: string,
  source: NodeSource,
): { readonly left: LeafPath | undefined; readonly right: LeafPath | undefined } {
  if (path.leaf === undefined) return { left: undefined, right: undefined };
  return path.leaf.key < key
    ? { left: path, right: besides(path, "right", source) }
    : { left: besides(path, "left", source), right: path };
}

/** The next leaf to the left or right of a path's leaf. */
function besides(path: LeafPath, side: "left" | "right", source: NodeSource): LeafPath | undefined {
  const toLeft = side === "left";
  let turn = path.inners.length - 1;
  while (turn >= 0 && (path.inners[turn] as PathStep).goesLeft === toLeft) turn -= 1;
  if (turn < 0) return undefined;
  const inners = path.inners.slice(0, turn);
  const top = (path.inners[turn] as PathStep).node;
  inners.push({ node: top, goesLeft: toLeft });
  let node = toLeft ? loadLeft(top, source) : loadRight(top, source);
  while (!isLeaf(node)) {
    inners.push({ node, goesLeft: !toLeft });
    node = toLeft ? loadRight(node, source) : loadLeft(node, source);
  }
  return { leaf: node, inners };
}
