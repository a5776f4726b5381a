/** IAVL node hashes (iavl v1, node.go `writeHashBytes`). Hashes are 32-character ids. */
import { HASH_BYTES, sha256Id, writeId, writeUvarint } from "@tacit/light/ids";
import { type Inner, isLeaf, isNew, type TreeNode } from "./node.ts";

const SCRATCH_BYTES = 512;

const scratch = new Uint8Array(SCRATCH_BYTES);
/** Views of `scratch` by length: making one costs as much as hashing it. */
const views: (Uint8Array | undefined)[] = [];

/** zigzag(0) ‖ zigzag(1) ‖ zigzag(version) ‖ uvarint(32) ‖ … of a leaf; `value` is hashed first. */
export function leafHash(key: string, value: Uint8Array, version: number): string {
  const lengthMax = 16 + key.length + 1 + HASH_BYTES;
  const target = lengthMax > SCRATCH_BYTES ? new Uint8Array(lengthMax) : scratch;
  target[0] = 0;
  target[1] = 2;
  let end = writeUvarint(target, version * 2, 2);
  end = writeUvarint(target, key.length, end);
  end = writeId(target, key, end);
  target[end++] = HASH_BYTES;
  end = writeId(target, sha256Id(value), end);
  return hashStart(target, end);
}

export function innerHash(node: Inner, version: number): string {
  let end = writeUvarint(scratch, node.height * 2, 0);
  end = writeUvarint(scratch, node.size * 2, end);
  end = writeUvarint(scratch, version * 2, end);
  scratch[end++] = HASH_BYTES;
  end = writeId(scratch, node.left.hash, end);
  scratch[end++] = HASH_BYTES;
  end = writeId(scratch, node.right.hash, end);
  return hashStart(scratch, end);
}

/**
 * Hashes every node of the version being built that has no hash yet, children first, and gives
 * them that version. @returns the hash of `node`.
 */
export function hashTree(node: TreeNode, version: number): string {
  if (node.hash !== "") return node.hash;
  node.version = version;
  if (isLeaf(node)) {
    node.hash = leafHash(node.key, node.value as Uint8Array, version);
  } else {
    if (isNew(node.left)) hashTree(node.left, version);
    if (isNew(node.right)) hashTree(node.right, version);
    node.hash = innerHash(node, version);
  }
  return node.hash;
}

function hashStart(bytes: Uint8Array, length: number): string {
  if (bytes !== scratch) return sha256Id(bytes.subarray(0, length));
  let view = views[length];
  if (view === undefined) {
    view = scratch.subarray(0, length);
    views[length] = view;
  }
  return sha256Id(view);
}
