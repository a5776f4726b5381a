/**
 * The two kinds of tree a chain of the Cosmos SDK proves with. A proof's operations must have
 * exactly the form in which that tree makes them: stricter than the sizes of ICS-23's `ProofSpec`
 * alone, so that no other way to cut a node's bytes into prefix, child and suffix passes.
 */
import { HASH_BYTES } from "../ids.ts";
import { type InnerOp, type LeafOp, NO_HASH, SHA256, VAR_PROTO } from "./proof.ts";

export interface TreeSpec {
  readonly name: "iavl" | "tendermint";
  leafFits(op: LeafOp): boolean;
  /** Whether the child is the left one; undefined if the operation has a wrong form. */
  childIsLeft(op: InnerOp): boolean | undefined;
}

/** Length byte in front of each child's hash in an IAVL node. */
const HASH_LENGTH_BYTE = 0x20;
/** ICS-23's `max_prefix_length` of IAVL: height, size, version and the length byte. */
const IAVL_PREFIX_BYTES_MAX = 12;
const SIMPLE_INNER_TAG = 1;

export const iavlSpec: TreeSpec = {
  name: "iavl",
  leafFits(op) {
    const end = varintsEnd(op.prefix);
    const [height, size] = op.prefix;
    return hashesAsExpected(op) && end === op.prefix.length && height === 0 && size === 2;
  },
  childIsLeft({ hash, prefix, suffix }) {
    const end = varintsEnd(prefix);
    const height = prefix[0] ?? 0;
    if (hash !== SHA256 || end < 0 || height < 2 || end + 1 > IAVL_PREFIX_BYTES_MAX) {
      return undefined;
    }
    if (prefix[end] !== HASH_LENGTH_BYTE) return undefined;
    const rest = prefix.length - end - 1;
    const siblingRight = suffix.length === 1 + HASH_BYTES && suffix[0] === HASH_LENGTH_BYTE;
    if (rest === 0 && siblingRight) return true;
    const siblingLeft = rest === HASH_BYTES + 1 && prefix.at(-1) === HASH_LENGTH_BYTE;
    return siblingLeft && suffix.length === 0 ? false : undefined;
  },
};

export const tendermintSpec: TreeSpec = {
  name: "tendermint",
  leafFits: (op) => hashesAsExpected(op) && op.prefix.length === 1 && op.prefix[0] === 0,
  childIsLeft({ hash, prefix, suffix }) {
    if (hash !== SHA256 || prefix[0] !== SIMPLE_INNER_TAG) return undefined;
    if (prefix.length === 1 && suffix.length === HASH_BYTES) return true;
    return prefix.length === 1 + HASH_BYTES && suffix.length === 0 ? false : undefined;
  },
};

/** SHA-256 over a length-prefixed key and the length-prefixed SHA-256 of the value. */
function hashesAsExpected(op: LeafOp): boolean {
  return (
    op.hash === SHA256 &&
    op.prehashKey === NO_HASH &&
    op.prehashValue === SHA256 &&
    op.length === VAR_PROTO
  );
}

/** Where three zigzag varints that are not negative end; -1 if they do not. */
function varintsEnd(bytes: Uint8Array): number {
  let at = 0;
  for (let i = 0; i < 3; i++) {
    const first = bytes[at] ?? 1;
    if ((first & 1) === 1) return -1;
    let byte = first;
    while (byte >= 0x80) {
      at += 1;
      byte = bytes[at] ?? -1;
      if (byte <= 0) return -1;
    }
    at += 1;
  }
  return at;
}
