/** ICS-23 proof that a store has its root under the app hash (protobuf CommitmentProof). */
import type { MerkleStep } from "@tacit/light/merkle";
import { bytesField, idField, joinFields } from "./iavl/protobuf.ts";

/** LeafOp: hash SHA256, prehash_value SHA256, length VAR_PROTO, prefix 00. */
const LEAF_OP = Uint8Array.of(0x08, 1, 0x18, 1, 0x20, 1, 0x2a, 1, 0);
const INNER_OP_HEAD = Uint8Array.of(0x08, 1);
const INNER_TAG = "\x01";

export function simpleProof(store: string, root: string, steps: readonly MerkleStep[]): Uint8Array {
  const fields = [idField(1, store), idField(2, root), bytesField(3, LEAF_OP)];
  for (const { siblingIsLeft, sibling } of steps) {
    const prefix = idField(2, siblingIsLeft ? INNER_TAG + sibling : INNER_TAG);
    const suffix = idField(3, siblingIsLeft ? "" : sibling);
    fields.push(bytesField(4, joinFields([INNER_OP_HEAD, prefix, suffix])));
  }
  return bytesField(1, joinFields(fields));
}
