/** Verifying ICS-23 proofs of presence and absence, and the two-step proofs of a query. */
import { LightError } from "../errors.ts";
import { bytesToId, HASH_BYTES, sha256Id, writeId, writeUvarint } from "../ids.ts";
import {
  type CommitmentProof,
  decodeCommitmentProof,
  type ExistenceProof,
  type InnerOp,
  type NonExistenceProof,
} from "./proof.ts";
import { iavlSpec, type TreeSpec, tendermintSpec } from "./spec.ts";

const LENGTH_BYTES_MAX = 5;

export interface MembershipClaim {
  readonly spec: TreeSpec;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** Protobuf CommitmentProof. */
  readonly proof: Uint8Array;
  readonly key: Uint8Array;
  /** Not empty: ICS-23 cannot prove an empty value. */
  readonly value: Uint8Array;
}

/** Whether the tree of `root` has `key` with `value`. Never throws; a malformed proof is none. */
export function verifyMembership({ spec, root, proof, key, value }: MembershipClaim): boolean {
  const decoded = tryDecode(proof);
  if (decoded === undefined || !("exist" in decoded)) return false;
  const { exist } = decoded;
  return (
    equal(exist.key, key) &&
    equal(exist.value, value) &&
    existenceRoot(spec, exist) === bytesToId(root)
  );
}

/** Whether the tree of `root` has no `key`. Never throws; a malformed proof is none. */
export function verifyNonMembership(claim: Omit<MembershipClaim, "value">): boolean {
  const decoded = tryDecode(claim.proof);
  if (decoded === undefined || !("nonexist" in decoded)) return false;
  return nonExistenceRoot(claim.spec, decoded.nonexist, claim.key) === bytesToId(claim.root);
}

export interface ProofOpsClaim {
  /** 32 bytes: of the header after the state's. */
  readonly appHash: Uint8Array;
  readonly store: string;
  readonly key: Uint8Array;
  /** Absent: the key is not there. */
  readonly value: Uint8Array | undefined;
  readonly ops: readonly {
    readonly type: string;
    readonly key: Uint8Array;
    readonly data: Uint8Array;
  }[];
}

/**
 * Whether the two operations of a proved query, `ics23:iavl` then `ics23:simple`, show what the
 * state of `appHash` has under `key` of `store`. Never throws.
 */
export function verifyProofOps({ appHash, store, key, value, ops }: ProofOpsClaim): boolean {
  const [lower, upper] = ops;
  if (ops.length !== 2 || lower?.type !== "ics23:iavl" || upper?.type !== "ics23:simple") {
    return false;
  }
  const storeKey = new TextEncoder().encode(store);
  if (!equal(lower.key, key) || !equal(upper.key, storeKey)) return false;
  const decoded = tryDecode(lower.data);
  if (decoded === undefined) return false;
  const storeRoot = rootOf(decoded, key, value);
  if (storeRoot === undefined) return false;
  const root = Uint8Array.from(storeRoot, (character) => character.charCodeAt(0));
  const claim = { spec: tendermintSpec, root: appHash, proof: upper.data };
  return verifyMembership({ ...claim, key: storeKey, value: root });
}

/** Root of the IAVL tree that the proof is about, if it shows what is claimed. */
function rootOf(
  proof: CommitmentProof,
  key: Uint8Array,
  value: Uint8Array | undefined,
): string | undefined {
  if (value === undefined) {
    return "nonexist" in proof ? nonExistenceRoot(iavlSpec, proof.nonexist, key) : undefined;
  }
  if (!("exist" in proof)) return undefined;
  const { exist } = proof;
  return equal(exist.key, key) && equal(exist.value, value)
    ? existenceRoot(iavlSpec, exist)
    : undefined;
}

/** The root that a proof of presence leads to; undefined if an operation has a wrong form. */
function existenceRoot(spec: TreeSpec, proof: ExistenceProof): string | undefined {
  const { key, value, leaf, path } = proof;
  if (key.length === 0 || value.length === 0 || !spec.leafFits(leaf)) return undefined;
  let hash = leafHash(leaf.prefix, key, value);
  for (const op of path) {
    if (spec.childIsLeft(op) === undefined) return undefined;
    hash = innerHash(op, hash);
  }
  return hash;
}

/** The root under which `key` lies between the two neighbours, and they are next to each other. */
function nonExistenceRoot(
  spec: TreeSpec,
  { key: provedKey, left, right }: NonExistenceProof,
  key: Uint8Array,
): string | undefined {
  if (!equal(provedKey, key) || key.length === 0) return undefined;
  const id = bytesToId(key);
  if (left !== undefined && !(bytesToId(left.key) < id)) return undefined;
  if (right !== undefined && !(id < bytesToId(right.key))) return undefined;
  const leftRoot = left && existenceRoot(spec, left);
  const rightRoot = right && existenceRoot(spec, right);
  if (left === undefined) {
    return right !== undefined && allOn(spec, right.path, true) ? rightRoot : undefined;
  }
  if (right === undefined) return allOn(spec, left.path, false) ? leftRoot : undefined;
  return leftRoot === rightRoot && areAdjacent(spec, left.path, right.path) ? leftRoot : undefined;
}

/** Whether a path is all left children, or all right ones: the end of its (sub)tree. */
function allOn(spec: TreeSpec, path: readonly InnerOp[], left: boolean): boolean {
  return path.every((op) => spec.childIsLeft(op) === left);
}

/** Paths run together from the root, part at one node, and keep to each other's side below it. */
function areAdjacent(spec: TreeSpec, left: readonly InnerOp[], right: readonly InnerOp[]): boolean {
  let [i, j] = [left.length - 1, right.length - 1];
  while (i >= 0 && j >= 0 && sameOp(left[i] as InnerOp, right[j] as InnerOp)) {
    i -= 1;
    j -= 1;
  }
  if (i < 0 || j < 0) return false;
  return (
    spec.childIsLeft(left[i] as InnerOp) === true &&
    spec.childIsLeft(right[j] as InnerOp) === false &&
    allOn(spec, left.slice(0, i), false) &&
    allOn(spec, right.slice(0, j), true)
  );
}

function sameOp(a: InnerOp, b: InnerOp): boolean {
  return equal(a.prefix, b.prefix) && equal(a.suffix, b.suffix);
}

function leafHash(prefix: Uint8Array, key: Uint8Array, value: Uint8Array): string {
  const bytes = new Uint8Array(prefix.length + LENGTH_BYTES_MAX + key.length + 1 + HASH_BYTES);
  bytes.set(prefix);
  let end = writeUvarint(bytes, key.length, prefix.length);
  bytes.set(key, end);
  end += key.length;
  bytes[end] = HASH_BYTES;
  end = writeId(bytes, sha256Id(value), end + 1);
  return sha256Id(bytes.subarray(0, end));
}

function innerHash({ prefix, suffix }: InnerOp, child: string): string {
  const bytes = new Uint8Array(prefix.length + HASH_BYTES + suffix.length);
  bytes.set(prefix);
  const end = writeId(bytes, child, prefix.length);
  bytes.set(suffix, end);
  return sha256Id(bytes);
}

function tryDecode(proof: Uint8Array): CommitmentProof | undefined {
  try {
    return decodeCommitmentProof(proof);
  } catch (error) {
    if (error instanceof LightError) return undefined;
    throw error;
  }
}

/** Public values: the time may depend on them. */
function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
