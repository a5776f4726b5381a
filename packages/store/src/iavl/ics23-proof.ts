/** ICS-23 commitment proofs of one tree, as iavl's proof_ics23.go makes them (protobuf bytes). */
import { HASH_BYTES, writeId, writeUvarint } from "@tacit/light/ids";
import { type Leaf, leafValue, type NodeSource, type TreeNode } from "./node.ts";
import { neighbours, type PathStep, pathTo } from "./path.ts";
import { bytesField, idField, joinFields } from "./protobuf.ts";

/** hash = SHA256, prehash_value = SHA256, length = VAR_PROTO. */
const LEAF_OP_HEAD = Uint8Array.of(0x08, 1, 0x18, 1, 0x20, 1);
/** hash = SHA256. */
const INNER_OP_HEAD = Uint8Array.of(0x08, 1);

/** CommitmentProof of presence if the tree has `key`, else of absence. */
export function commitmentProof(
  root: TreeNode | undefined,
  key: string,
  source: NodeSource,
): { readonly value: Uint8Array | undefined; readonly proof: Uint8Array } {
  const path = pathTo(root, key, source);
  if (path.leaf?.key === key) {
    const value = leafValue(path.leaf, source);
    return { value, proof: bytesField(1, existence(path.leaf, path.inners, source)) };
  }
  const { left, right } = neighbours(path, key, source);
  const fields = [idField(1, key)];
  if (left !== undefined) fields.push(bytesField(2, existence(left.leaf, left.inners, source)));
  if (right !== undefined) fields.push(bytesField(3, existence(right.leaf, right.inners, source)));
  return { value: undefined, proof: bytesField(2, joinFields(fields)) };
}

/** ExistenceProof: key 1, value 2, leaf 3, path 4. */
function existence(leaf: Leaf, inners: readonly PathStep[], source: NodeSource): Uint8Array {
  const fields = [
    idField(1, leaf.key),
    bytesField(2, leafValue(leaf, source)),
    bytesField(3, leafOp(leaf.version)),
  ];
  for (let i = inners.length - 1; i >= 0; i--) {
    fields.push(bytesField(4, innerOp(inners[i] as PathStep)));
  }
  return joinFields(fields);
}

/** LeafOp with prefix (5) zigzag(0) ‖ zigzag(1) ‖ zigzag(version). */
function leafOp(version: number): Uint8Array {
  const prefix = new Uint8Array(16);
  prefix[1] = 2;
  const end = writeUvarint(prefix, version * 2, 2);
  return joinFields([LEAF_OP_HEAD, bytesField(5, prefix.subarray(0, end))]);
}

/** InnerOp: prefix 2, suffix 3; the sibling is in one of them. */
function innerOp({ node, goesLeft }: PathStep): Uint8Array {
  const prefix = new Uint8Array(32 + 2 + HASH_BYTES);
  let end = writeUvarint(prefix, node.height * 2, 0);
  end = writeUvarint(prefix, node.size * 2, end);
  end = writeUvarint(prefix, node.version * 2, end);
  prefix[end++] = HASH_BYTES;
  if (goesLeft) {
    const suffix = String.fromCharCode(HASH_BYTES) + node.right.hash;
    return joinFields([INNER_OP_HEAD, bytesField(2, prefix.subarray(0, end)), idField(3, suffix)]);
  }
  end = writeId(prefix, node.left.hash, end);
  prefix[end++] = HASH_BYTES;
  return joinFields([INNER_OP_HEAD, bytesField(2, prefix.subarray(0, end))]);
}
